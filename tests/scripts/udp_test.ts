import { assert, assertEquals, assertMatch } from "@std/assert";
import { memory } from "../support/linux_proc.ts";
import { noShell, noSignals, statusAfter, testUnless } from "../support/needs.ts";
import { Program } from "../support/program.ts";
import { UdpPeer } from "../support/udp_peer.ts";

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
