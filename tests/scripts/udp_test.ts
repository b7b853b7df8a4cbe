import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { openSockets, SocketClosed } from "../../lib/socket.ts";
import { UdpSocket } from "../../lib/udp_socket.ts";
import { memory } from "../support/linux_proc.ts";
import { Program } from "../support/program.ts";
import { UdpPeer } from "../support/udp_peer.ts";
import { LIMIT, settled } from "../support/waiting.ts";

/** The machine's own broadcast address: what is sent there never leaves it. */
const LOOPBACK_BROADCAST = "127.255.255.255";

function netAddr(addr: Deno.Addr): Deno.NetAddr {
  assert(addr.transport === "udp");
  return addr;
}

function loopbackSocket(): { socket: UdpSocket; port: number } {
  const conn = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  return { socket: new UdpSocket(conn), port: netAddr(conn.addr).port };
}

/** A connection of which a test says what sending and receiving bring. */
class FakeConn implements Deno.DatagramConn {
  readonly addr: Deno.NetAddr = { transport: "udp", hostname: "127.0.0.1", port: 1 };

  constructor(
    readonly receive: () => Promise<[Uint8Array<ArrayBuffer>, Deno.Addr]>,
    readonly send: () => Promise<number>,
  ) {}

  close() {}
  joinMulticastV4 = () => never<Deno.MulticastV4Membership>();
  joinMulticastV6 = () => never<Deno.MulticastV6Membership>();
  [Symbol.asyncIterator](): AsyncIterableIterator<[Uint8Array<ArrayBuffer>, Deno.Addr]> {
    throw new Error("not used");
  }
}

function never<Value>(): Promise<Value> {
  return new Promise(() => {});
}

Deno.test("a recvfrom that gives up waiting loses no datagram", async () => {
  const { socket, port } = loopbackSocket();
  using peer = UdpPeer.open();
  await assertRejects(() => socket.recvfrom(0.01), Deno.errors.TimedOut);
  await assertRejects(() => socket.recvfrom(0), Deno.errors.TimedOut);
  for (const text of ["one", "two", "three"]) await peer.send(text, port);
  for (const text of ["one", "two", "three"]) {
    const [data, addr] = await socket.recvfrom(LIMIT / 1000);
    assertEquals(new TextDecoder().decode(data), text);
    assertEquals(addr, ["127.0.0.1", peer.port]);
  }
  await assertRejects(() => socket.recvfrom(0.01), Deno.errors.TimedOut);
  await socket.close();
});

Deno.test("a datagram stays as it was while the next ones arrive", async () => {
  const { socket, port } = loopbackSocket();
  using peer = UdpPeer.open();
  await peer.send("first", port);
  await peer.send("second", port);
  const [first] = await socket.recvfrom();
  await socket.recvfrom();
  assertEquals(new TextDecoder().decode(first), "first");
  await socket.close();
});

Deno.test("closing a socket ends the recvfrom that waits, and the list of open sockets forgets it", async () => {
  const { socket } = loopbackSocket();
  assert(openSockets.has(socket));
  const waiting = assertRejects(() => socket.recvfrom(), SocketClosed);
  await socket.close();
  await waiting;
  await assertRejects(() => socket.recvfrom(), SocketClosed);
  assertEquals(await socket.sendto("too late", ["127.0.0.1", 9]), false);
  assert(!openSockets.has(socket));
  await socket.close(); // twice does no harm
});

Deno.test("an error while receiving costs nothing but a line: the next datagram is received", async () => {
  const errors = [
    new Deno.errors.ConnectionRefused("Connection refused (os error 111)"),
    new Deno.errors.ConnectionReset("Connection reset (os error 10054)"),
    new Error("out of memory"),
  ];
  const from: Deno.Addr = { transport: "udp", hostname: "::1", port: 7 };
  const conn = new FakeConn(() => {
    const error = errors.shift();
    return error ? Promise.reject(error) : Promise.resolve([new Uint8Array([104, 105]), from]);
  }, never<number>);
  const socket = new UdpSocket(conn);
  const [data, addr] = await socket.recvfrom(LIMIT / 1000);
  assertEquals(new TextDecoder().decode(data), "hi");
  assertEquals(addr, ["::1", 7, 0, 0]);
  await socket.close();
});

Deno.test("datagrams that the kernel does not take are dropped, not kept without bound", async () => {
  let sends = 0;
  const conn = new FakeConn(never<[Uint8Array<ArrayBuffer>, Deno.Addr]>, () => {
    sends++;
    return never<number>();
  });
  const socket = new UdpSocket(conn);
  for (let i = 0; i < 10_000; i++) socket.sendto("hello", ["127.0.0.1", 9]);
  assert(sends < 1000, `${sends} wait to be sent`);
  assertEquals(await socket.sendto("hello", ["127.0.0.1", 9]), false);
  await socket.close();
});

Deno.test("listener and notify print what the originals print", async () => {
  await using listener = Program.script("listener", ["--port", "0"]);
  const port = await listener.port();
  await using notify = Program.script("notify", ["--port", String(port)]);
  const said = await notify.ended();
  assertEquals(said, {
    code: 0,
    stdout: `Message from Server ('127.0.0.1', ${port})\n[Recv Data] Hello UDP Client\n`,
    stderr: "",
  });
  await listener.says(
    "stdout",
    /^UDP server up and listening\nMessage \[b'Hello UDP Listener'\] from \('127\.0\.0\.1', \d+\)\n$/,
  );
  listener.kill();
  assertEquals((await listener.ended()).code, 143);
});

/** What Python 3 prints for `bytes(range(256))`. */
const ALL_BYTES = "b'" +
  String.raw`\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f` +
  String.raw`\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f` +
  String.raw` !"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_` +
  "`abcdefghijklmnopqrstuvwxyz{|}~" +
  Array.from({ length: 129 }, (_, i) => `\\x${(127 + i).toString(16)}`).join("") + "'";

Deno.test("listener prints datagrams of any bytes and any size as Python's repr", async () => {
  await using listener = Program.script("listener", ["--port", "0"]);
  const port = await listener.port();
  using peer = UdpPeer.open();
  const datagrams: [Uint8Array, string][] = [
    [new Uint8Array(0), "b''"],
    [new Uint8Array([255]), "b'\\xff'"],
    [Uint8Array.from({ length: 256 }, (_, byte) => byte), ALL_BYTES],
    [new TextEncoder().encode("it's"), `b"it's"`],
    [new Uint8Array(65_507).fill(97), `b'${"a".repeat(65_507)}'`],
  ];
  let expected = "UDP server up and listening\n";
  for (const [data, repr] of datagrams) {
    await peer.send(data, port);
    assertEquals(await peer.receive(), { text: "Hello UDP Client", port });
    expected += `Message [${repr}] from ('127.0.0.1', ${peer.port})\n`;
  }
  listener.kill();
  assertEquals((await listener.ended()).stdout, expected);
});

Deno.test("a second listener on a port is told that it is in use", async () => {
  await using listener = Program.script("listener", ["--port", "0"]);
  const port = await listener.port();
  await using second = Program.script("listener", ["--port", String(port)]);
  const { code, stdout, stderr } = await second.ended();
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, /^listener: 0\.0\.0\.0:\d+ is in use: .*--port\n$/);
});

Deno.test("a listener whose clients are gone before its answer goes on", async () => {
  await using listener = Program.script("listener", ["--port", "0"]);
  const port = await listener.port();
  for (let i = 0; i < 20; i++) {
    using gone = UdpPeer.open();
    await gone.send("anybody there?", port);
  }
  await using notify = Program.script("notify", ["--port", String(port)]);
  assertEquals((await notify.ended()).code, 0);
  assertEquals(listener.stderr, `listening on 0.0.0.0:${port}\n`);
});

Deno.test("a listener whose stdout is closed goes on answering", async () => {
  const folder = await Deno.makeTempDir();
  try {
    // `head` takes one line and closes; its own output goes where the test sees it.
    const command =
      `mkfifo ${folder}/out; head -n 1 ${folder}/out >&2 & exec $SCRIPT >${folder}/out`;
    await using listener = Program.shell("listener", command, ["--port", "0"]);
    const port = await listener.port();
    await listener.says("stderr", /UDP server up and listening\n/);
    using peer = UdpPeer.open();
    while (!listener.stderr.includes("stdout was closed: going on without printing\n")) {
      await peer.send("hello", port);
      assertEquals((await peer.receive()).text, "Hello UDP Client");
    }
    await peer.send("the last one", port);
    assertEquals((await peer.receive()).text, "Hello UDP Client");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a flood of 100,000 datagrams neither ends a listener nor fills its memory", async () => {
  await using listener = Program.script("listener", ["--port", "0"]);
  const port = await listener.port();
  using flood = UdpPeer.open();
  const data = new Uint8Array(1000);
  for (let i = 0; i < 100_000; i += 100) {
    await Promise.all(Array.from({ length: 100 }, () => flood.send(data, port)));
  }
  // The kernel drops what does not fit its buffer, a call of notify too: it may take a few.
  let code = 1;
  for (let i = 0; i < 5 && code !== 0; i++) {
    await using notify = Program.script("notify", ["--port", String(port)]);
    code = (await notify.ended()).code;
  }
  assertEquals(code, 0);
  // A busy machine reads what the listener prints more slowly than it receives.
  assertMatch(
    listener.stderr,
    /^listening on .*\n(stdout: \d+ lines lost, it did not take them\n)*$/,
  );
  if (Deno.build.os !== "linux") return; // no /proc to read
  const { most } = memory(listener.pid);
  assert(most < 300_000 * 1024, `the listener took ${most} bytes`);
});

Deno.test("notify waits 5 seconds, then says that nobody answers", async () => {
  using silent = UdpPeer.open();
  await using notify = Program.script("notify", ["--port", String(silent.port)]);
  const start = performance.now();
  assertEquals(await notify.ended(), {
    code: 1,
    stdout: "",
    stderr: `notify: 127.0.0.1:${silent.port} does not answer\n`,
  });
  assert(performance.now() - start > 4900, "it gave up early");
});

Deno.test("notify says so when an answer is not text", async () => {
  using peer = UdpPeer.open();
  await using notify = Program.script("notify", ["--port", String(peer.port)]);
  const { text, port } = await peer.receive();
  assertEquals(text, "Hello UDP Listener");
  await peer.send(new Uint8Array([0xff, 0xfe]), port);
  assertEquals(await notify.ended(), {
    code: 1,
    stdout: `Message from Server ('127.0.0.1', ${peer.port})\n`,
    stderr: `notify: 127.0.0.1:${peer.port} sent bytes that are not UTF-8\n`,
  });
});

Deno.test("receivers on one machine share their port, and all hear the broadcaster", async () => {
  await using first = Program.script("receiver", ["--port", "0"]);
  const port = String(await first.port());
  await using second = Program.script("receiver", ["--port", port]);
  await using third = Program.script("receiver", ["--port", port]);
  const receivers = [first, second, third];
  for (const receiver of receivers) await receiver.says("stdout", /^Broadcast receiver start\n/);
  const args = ["--host", LOOPBACK_BROADCAST, "--port", port, "--count", "3", "--interval", "0.1"];
  await using broadcaster = Program.script("broadcaster", args);
  assertEquals(await broadcaster.ended(), {
    code: 0,
    stdout: "UDP Broadcast server up and announce message\n" + "Broadcast message\n".repeat(3),
    stderr: "",
  });
  for (const receiver of receivers) {
    await receiver.says(
      "stdout",
      /^Broadcast receiver start\n(Message \[b'broadcast message'\] from Server \('127\.0\.0\.1', \d+\)\n){3}$/,
    );
  }
});

Deno.test("a broadcaster that can't send says so, and goes on with the next round", async () => {
  const args = ["--host", "127.0.0.1", "--port", "0", "--count", "2", "--interval", "0"];
  await using broadcaster = Program.script("broadcaster", args);
  assertEquals(await broadcaster.ended(), {
    code: 0,
    stdout: "UDP Broadcast server up and announce message\n",
    stderr: "can't send to 127.0.0.1:0: Invalid argument (os error 22)\n".repeat(2),
  });
});

Deno.test("a caller hears every callee on the machine", async () => {
  await using first = Program.script("callee", ["--port", "0"]);
  const port = await first.port();
  await using second = Program.script("callee", ["--port", String(port)]);
  for (const callee of [first, second]) await callee.says("stdout", /^Answer to caller\n/);
  const args = ["--host", LOOPBACK_BROADCAST, "--port", String(port), "--count", "1"];
  await using caller = Program.script("caller", args);
  assertEquals(await caller.ended(), {
    code: 0,
    stdout: "UDP Broadcast to check devices\nBraodcast message\n" +
      `Message from client ('127.0.0.1', ${port})\n`.repeat(2),
    stderr: "",
  });
  for (const callee of [first, second]) {
    await callee.says(
      "stdout",
      /^Answer to caller\nCall from Server \('127\.0\.0\.1', \d+\)\n$/,
    );
  }
});

Deno.test("a caller prints every answer, and one that never ends does not hold up the next call", async () => {
  using callee = UdpPeer.open();
  const args = ["--host", "127.0.0.1", "--port", String(callee.port), "--count", "2"];
  await using caller = Program.script("caller", args);
  const { text, port } = await callee.receive();
  assertEquals(text, "broadcast message");
  // From the first call to the second: the 3 seconds of the round and the second of its sleep.
  let answers = 0;
  const second = callee.receive().then(() => "called");
  const answer = async () => {
    await callee.send("receive message", port);
    answers++;
    return await settled(second, 100);
  };
  while (await answer() !== "called");
  const { code, stdout, stderr } = await caller.ended();
  assertEquals([code, stderr], [0, ""]);
  const [, inFirst = "", inSecond = ""] = stdout.split("Braodcast message\n");
  const line = `Message from client ('127.0.0.1', ${callee.port})\n`;
  assertEquals(inFirst + inSecond, line.repeat(answers));
  assert(inFirst.length > 0 && inSecond.length > 0, "no answer came during the sleep");
});

Deno.test("SIGINT ends the UDP programs with status 130 and without a word", async () => {
  using peer = UdpPeer.open();
  const sending = ["--host", "127.0.0.1", "--port", String(peer.port)];
  const start: [string, string[], RegExp][] = [
    ["receiver", ["--port", "0"], /^listening on .*\n$/],
    ["callee", ["--port", "0"], /^listening on .*\n$/],
    ["broadcaster", sending, /^$/],
    ["caller", sending, /^$/],
  ];
  for (const [name, args, stderr] of start) {
    await using program = Program.script(name, args);
    await program.says("stdout", name === "caller" ? /Braodcast message\n/ : /\n/);
    program.kill("SIGINT");
    const said = await program.ended();
    assertEquals(said.code, 130, name);
    assertMatch(said.stderr, stderr);
  }
});
