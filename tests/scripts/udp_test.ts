import { assert, assertEquals, assertMatch } from "@std/assert";
import { memory } from "../support/linux_proc.ts";
import { noShell, noSignals, statusAfter, testUnless } from "../support/needs.ts";
import { Program } from "../support/program.ts";
import { UdpPeer } from "../support/udp_peer.ts";
import { settled } from "../support/waiting.ts";

/** The machine's own broadcast address: what is sent there never leaves it. */
const LOOPBACK_BROADCAST = "127.255.255.255";

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
  assertEquals((await listener.ended()).code, statusAfter("SIGTERM"));
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
  using peer = new UdpPeer();
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
  // Where there are signals, one ends it only when all has been printed.
  if (noSignals) await listener.says("stdout", new RegExp(RegExp.escape(expected)));
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
    using gone = new UdpPeer();
    await gone.send("anybody there?", port);
  }
  await using notify = Program.script("notify", ["--port", String(port)]);
  assertEquals((await notify.ended()).code, 0);
  assertEquals(listener.stderr, `listening on 0.0.0.0:${port}\n`);
});

testUnless(noShell, "a listener whose stdout is closed goes on answering", async () => {
  const folder = await Deno.makeTempDir();
  try {
    // `head` takes one line and closes; its own output goes where the test sees it.
    const command =
      `mkfifo ${folder}/out; head -n 1 ${folder}/out >&2 & exec $SCRIPT >${folder}/out`;
    await using listener = Program.shell("listener", command, ["--port", "0"]);
    const port = await listener.port();
    await listener.says("stderr", /UDP server up and listening\n/);
    using peer = new UdpPeer();
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
  using flood = new UdpPeer();
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
  using silent = new UdpPeer();
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
  using peer = new UdpPeer();
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

Deno.test("who could send no round says so each time, goes on, and ends with 1", async () => {
  const programs = [
    ["broadcaster", "UDP Broadcast server up and announce message\n"],
    ["caller", "UDP Broadcast to check devices\n"],
  ] as const;
  const addresses = [
    ["no-such-host.invalid", "37020", "unknown host"],
    ["127.0.0.1", "0", "Invalid argument (os error 22)"],
  ] as const;
  await Promise.all(
    programs.flatMap(([name, stdout]) =>
      addresses.map(async ([host, port, reason]) => {
        if (port === "0" && Deno.build.os === "windows") return; // Windows, in Wine at least, sends there
        const args = ["--host", host, "--port", port, "--count", "2", "--interval", "0"];
        await using program = Program.script(name, args);
        assertEquals(await program.ended(), {
          code: 1,
          stdout,
          stderr: `can't send to ${host}:${port}: ${reason}\n`.repeat(2),
        });
      })
    ),
  );
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
  using callee = new UdpPeer();
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

testUnless(
  noSignals,
  "SIGINT ends the UDP programs with status 130 and without a word",
  async () => {
    using peer = new UdpPeer();
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
  },
);
