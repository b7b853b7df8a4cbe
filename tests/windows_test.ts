// The scripts as Windows runs them, through pipes and at a console; their peers are Linux's.

import { assertEquals } from "@std/assert";
import { Peer } from "./support/peer.ts";
import { Program } from "./support/program.ts";
import { noTerminal, Terminal } from "./support/terminal.ts";
import {
  noWindows,
  onWindows,
  pressAtConsole,
  readsKeys,
  startAtConsole,
} from "./support/windows.ts";

function testOnWindows(name: string, fn: () => Promise<void>, without = noWindows) {
  const skipped = without ? ` (skipped: ${without})` : "";
  Deno.test({ name: name + skipped, ignore: without !== undefined, fn });
}

testOnWindows("every script starts on Windows", async () => {
  const files = await Array.fromAsync(Deno.readDir("scripts"), ({ name }) => name);
  const names = files.filter((file) => file.endsWith(".ts")).map((file) => file.slice(0, -3));
  const helpOfNext = async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      await using here = Program.script(name, ["--help"]);
      await using there = onWindows(name, ["--help"]);
      assertEquals(await there.ended(), await here.ended(), name);
    }
  };
  await Promise.all([helpOfNext(), helpOfNext()]); // the CI machine has two cores
});

testOnWindows(
  "a chat server on Windows has members on both systems, and ends by Ctrl+C",
  async () => {
    await using server = onWindows("chat_server", ["--host", "127.0.0.1", "--port", "0"]);
    const args = ["--port", `${await server.port()}`];
    await using first = onWindows("chat_client", args, { stdin: true });
    await using second = Program.script("chat_client", args, { stdin: true });
    await server.says("stdout", /# of client: 2\n/);
    await first.type("안녕 리눅스\n");
    await second.says("stdout", /receive : {2}안녕 리눅스\n/);
    await second.type("안녕 윈도\n");
    await first.says("stdout", /receive : {2}안녕 윈도\n/);
    for (const member of [first, second]) {
      await member.type("bye\n");
      assertEquals((await member.ended()).code, 0);
    }
    server.kill("SIGINT");
    assertEquals((await server.ended()).code, 130);
  },
);

testOnWindows("a listener on Windows answers Linux, and Linux answers Windows", async () => {
  for (const [listen, notify] of [[onWindows, Program.script], [Program.script, onWindows]]) {
    await using listener = listen!("listener", ["--host", "127.0.0.1", "--port", "0"]);
    await using notifier = notify!("notify", ["--port", `${await listener.port()}`]);
    assertEquals((await notifier.ended()).code, 0, notifier.name);
    await listener.says("stdout", /Hello UDP Listener/);
  }
});

testOnWindows("at a Windows console keys are typed, and Ctrl+C gives it back", async () => {
  const args = ["--host", "127.0.0.1", "--port", "0"];
  await using server = Program.script("chat_server_no_echo", args);
  const port = await server.port();
  using member = await Peer.connect(port);
  await using terminal = await Terminal.open();
  await startAtConsole(terminal, "chat_client", ["--port", `${port}`]);
  await server.says("stdout", /# of client: 2\n/);
  await member.send("안녕");
  await terminal.shows(/receive : {2}안녕/);
  await readsKeys(terminal);
  await terminal.type("hello");
  await pressAtConsole(terminal, "Enter");
  await member.says(/hello/);
  await pressAtConsole(terminal, "C-c");
  assertEquals(await terminal.ended(), 130);
  await terminal.sane();
}, noWindows ?? noTerminal);
