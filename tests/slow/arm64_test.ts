// The scripts as a 64-bit Raspberry Pi runs them: the arm64 Deno under qemu, in the folder that
// DENO_ARM64 names (`DENO_ARM64=$(.ci/arm64) deno test --allow-all tests/slow/arm64_test.ts`). Their peers are x86-64's.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Member, Members, ROOMS, startQuiet, STDOUT_CLOSED, told } from "../faults/servers.ts";
import { Program, type StartOptions } from "../support/program.ts";
import { assertAllStart, scriptNames, type Start } from "../support/scripts.ts";
import { talk } from "../support/talk.ts";

const folder = Deno.env.get("DENO_ARM64");
const ignore = !folder;
const why = ignore ? " (skipped: DENO_ARM64 is not set, see .ci/arm64)" : "";

/** Qemu takes seconds to start Deno, and more where other tests run too. */
const SLOW = 120_000;

/** A script on the Pi, with the processor of a Pi 3: later ones can do more. */
function onPi(name: string, args: string[] = [], options: StartOptions = {}): Program {
  const run = ["run", "--no-prompt", "--no-check", "--cached-only", "--allow-net"];
  return new Program(`${name} on the Pi`, `${folder}/qemu-aarch64-static`, [
    ...["-cpu", "cortex-a53", "-L", `${folder}/root`, `${folder}/deno`],
    ...[...run, `scripts/${name}.ts`],
    ...args,
  ], { ...options, limit: SLOW, env: { ...options.env, DENO_DIR: `${folder}/cache` } });
}

if (folder) {
  // V8 keeps what it compiled, for its own kind of processor: the Pi gets a cache of its own. This
  // machine fills it with the modules, which is quicker.
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["cache", ...(await scriptNames()).map((name) => `scripts/${name}.ts`)],
    env: { DENO_DIR: `${folder}/cache` },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

Deno.test({
  name: `every script starts on a Pi${why}`,
  ignore,
  fn: () => assertAllStart(onPi),
});

/** A server, a client, and what the server prints last. */
const PAIRS: { server: string; client: string; clientArgs: string[]; last: RegExp }[] = [
  { server: "soc2_server", client: "soc2_client", clientArgs: [], last: /from client .*\n/ },
  {
    server: "json_server",
    client: "json_client",
    clientArgs: ["--interval", "0"],
    last: /disconnected\.\.\.\n/,
  },
  { server: "listener", client: "notify", clientArgs: [], last: /Hello UDP Listener.*\n/ },
];

/** Lets a server and a client talk: what each of them prints, ephemeral ports aside. */
async function exchange(
  { server, client, clientArgs, last }: typeof PAIRS[0],
  [one, other]: [Start, Start],
) {
  await using serving = one(server, ["--host", "127.0.0.1", "--port", "0"]);
  const port = `${await serving.port()}`;
  await using calling = other(client, ["--port", port, ...clientArgs]);
  const { code, stdout, stderr } = await calling.ended();
  assertEquals([code, stderr], [0, ""]);
  await serving.says("stdout", last);
  return [serving.stdout, stdout].map((text) => text.replaceAll(/\b\d{4,5}(?!\d)/g, "PORT"));
}

for (const pair of PAIRS) {
  Deno.test({
    name:
      `${pair.server} and ${pair.client}, one of them on a Pi, print what they print here${why}`,
    ignore,
    fn: async () => {
      const expected = await exchange(pair, [Program.script, Program.script]);
      const [served, called] = await Promise.all([
        exchange(pair, [onPi, Program.script]),
        exchange(pair, [Program.script, onPi]),
      ]);
      assertEquals(served, expected, "the server on the Pi");
      assertEquals(called, expected, "the client on the Pi");
    },
  });
}

Deno.test({
  name: `a chat server on a Pi has a Pi and two other machines as members${why}`,
  ignore,
  fn: async () => {
    await using server = onPi("chat_server", ["--host", "127.0.0.1", "--port", "0"]);
    const args = ["--port", `${await server.port()}`];
    await using first = onPi("chat_client", args, { stdin: true });
    await using second = Program.script("chat_client", args, { stdin: true });
    await using third = Program.script("chat_client", args, { stdin: true });
    await server.says("stdout", /# of client: 3\n/);
    const members = [first, second, third];
    const heard = await talk(members, "안녕 라즈베리");
    for (const member of members) {
      await member.type("bye\n");
      assertEquals(await member.ended(), { code: 0, stdout: heard, stderr: "" });
    }
    await server.says("stdout", /(Client at [^]*disconnected\.\.\.\n){3}/);
    server.kill();
    const { code, stderr } = await server.ended();
    assertEquals(code, 143);
    assertStringIncludes(stderr, "listening on 127.0.0.1:");
  },
});

Deno.test({
  name: `a member on a Pi hears a flood of 12 MB to its end${why}`,
  ignore,
  fn: async () => {
    const room = ROOMS.find(({ name }) => name === "my_server")!;
    const [server, port] = await startQuiet(room);
    await using _end = server;
    const members = await room.gather(port);
    assert(members instanceof Members);
    await using pi = onPi("my_client", ["--name", "pi", "--port", `${port}`], { stdin: true });
    await pi.says("stdout", /입장/);
    const max = await Member.connect("max", port);
    try {
      const lines = Array.from({ length: 200 }, (_, i) => `good:max:${i + 1}:\n`);
      await max.write(`${"n".repeat(60_000)}\n${lines.join("")}`);
      await pi.says("stdout", /good:max:200:/);
      assertEquals(pi.stdout.match(/good:max:/g)?.length, 200);
      assertEquals(told(server).filter((line) => line !== STDOUT_CLOSED), []);
    } finally {
      max.close();
      members.close();
    }
  },
});
