// Scripts that are started at a terminal without the permissions that they need: Deno asks nobody there, and
// one line says how to start them. Skipped where there is no tmux.

import { assertEquals, assertStringIncludes } from "@std/assert";
import { PAGES } from "../../lib/exercises.ts";
import { noTerminal, Terminal } from "../support/terminal.ts";

/** A test at a terminal wide enough for each line. */
function atTerminal(name: string, fn: (terminal: Terminal) => Promise<void>) {
  Deno.test({
    name: noTerminal ? `${name} (skipped: ${noTerminal})` : name,
    ignore: noTerminal !== undefined,
    async fn() {
      await using terminal = await Terminal.open(200, 24);
      await fn(terminal);
    },
  });
}

/** Runs a script to its end: its status, and what the screen shows. */
async function ends(terminal: Terminal, flags: string[], script: string, ...args: string[]) {
  await terminal.start(script, args, undefined, flags);
  const status = await terminal.ended();
  return { status, screen: (await terminal.screen()).replace(/\n?\[\d+\]\$$/, "") };
}

const ADDRESS = ["--host", "127.0.0.1", "--port", "9999"];

/** What a script needs so as not to ask. */
const ARGS: Record<string, string[]> = {
  cinema: ["--role", "client", ...ADDRESS],
  membership: ["--role", "server", ...ADDRESS],
  chat_client_args: ["127.0.0.1", "9999"],
};

const SCRIPTS = Object.values(PAGES).flatMap((scripts) => Object.keys(scripts))
  .filter((name) => name !== "json_types");

atTerminal("without --allow-net every script says how to start it", async (terminal) => {
  for (const name of SCRIPTS) {
    const { status, screen } = await ends(terminal, [], name, ...ARGS[name] ?? []);
    const [, address, start] = /^\w+: (\S+) is not allowed: start it with "(.*)"$/.exec(screen) ??
      [screen];
    assertEquals([name, status, start], [name, 1, `deno run --allow-net scripts/${name}.ts`]);
    assertStringIncludes(address!, ":");
  }
});

atTerminal("sockets says how to start it, too, and lists without permissions", async (terminal) => {
  const { status, screen } = await ends(terminal, [], "sockets", "chat_client");
  const line = 'chat_client: 127.0.0.1:9999 is not allowed: start it with "deno run --allow-net ' +
    'scripts/sockets.ts chat_client"';
  assertEquals([status, screen], [1, line]);
  for (const args of [[], ["json_types"], ["chat_server", "--help"]]) {
    assertEquals((await ends(terminal, [], "sockets", ...args)).status, 0);
  }
});

atTerminal("an address that is typed, and may not be used, is named", async (terminal) => {
  for (const flags of [[], ["--allow-net=127.0.0.1:9999"]]) {
    await terminal.start("cinema", [], undefined, flags);
    for (const answer of ["client", "127.0.0.1", "9998"]) {
      await terminal.shows(/ : $|: $|:$/m);
      await terminal.type(answer);
      await terminal.press("Enter");
    }
    await terminal.shows(/^cinema: 127\.0\.0\.1:9998 is not allowed: start it with "[^"]+"$/m);
    assertEquals(await terminal.ended(), 1);
  }
});

atTerminal("what else a script needs is told, and not asked for", async (terminal) => {
  const net = "--allow-net";
  const cases: [flags: string[], script: string, args: string[], says: string][] = [
    [[], "chat_client", ["--host", "localhost"], "chat_client: localhost:9999 is not allowed"],
    [["--allow-net=[::1]:9999"], "chat_server", ["--host", "::1", "--port", "1"], "[::1]:1 is not"],
    [["--allow-net=0.0.0.0:9999"], "chat_server", ["--port", "9998"], "0.0.0.0:9998 is not"],
    [["--allow-net=localhost:9"], "chat_client", ["--host", "localhost"], "localhost:9999 is not"],
    [["--allow-net=127.0.0.1:20001"], "notify", [], "notify: 0.0.0.0:0 is not allowed"],
    [["--allow-net=[::1]:37021"], "caller", ["--host", "::1"], "caller: [::]:0 is not allowed"],
    [[net, "--deny-net=0.0.0.0:9999"], "chat_server", [], "0.0.0.0:9999 is not allowed"],
    [[net], "chat_server", ["--trace-diagram", "a.mmd"], "--allow-net --allow-write=a.mmd"],
    [[], "chat_server", ["--trace-diagram", "a.mmd"], "--allow-net --allow-write=a.mmd"],
    [[net], "cinema", ["--role", "server", ...ADDRESS, "--name", "a", "--data", "a.db"], "a.db"],
    [[net, "--allow-read=a.db"], "login_server", ["--data", "a.db"], "--allow-write=a.db"],
  ];
  for (const [flags, script, args, says] of cases) {
    const { status, screen } = await ends(terminal, flags, script, ...args);
    assertStringIncludes(screen, says);
    assertEquals([status, screen.split("\n").length], [1, 1], screen);
  }
});

atTerminal("an address that is allowed is enough", async (terminal) => {
  const refused = await ends(terminal, ["--allow-net=127.0.0.1:1"], "chat_client", "--port", "1");
  assertEquals(refused.screen, "chat_client: 127.0.0.1:1 refused: is the server running there?");
  const flags = ["--allow-net=localhost:1"];
  const named = await ends(terminal, flags, "chat_client", "--host", "localhost", "--port", "1");
  assertEquals(named.screen, "chat_client: localhost:1 refused: is the server running there?");
  await terminal.start("chat_server", ["--port", "0"], undefined, ["--allow-net=0.0.0.0:0"]);
  await terminal.shows(/^Chat Server start$/m);
  await terminal.press("C-c");
  assertEquals(await terminal.ended(), 130);
});
