import { assert, assertEquals, assertMatch } from "@std/assert";
import { noSignals, testUnless } from "../support/needs.ts";
import { Program } from "../support/program.ts";
import { UdpPeer } from "../support/udp_peer.ts";
import { settled } from "../support/waiting.ts";

/** The machine's own broadcast address: what is sent there never leaves it. */
const LOOPBACK_BROADCAST = "127.255.255.255";

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
