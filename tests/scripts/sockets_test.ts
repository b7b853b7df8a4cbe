import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { statusAfter, testUnless } from "../support/needs.ts";
import { Program } from "../support/program.ts";
import { exerciseNames, scriptNames } from "../support/scripts.ts";
import { sideBySide } from "../support/side_by_side.ts";

/** What sockets.ts lists: `name -> what it does`. */
async function listed(): Promise<Map<string, string>> {
  await using sockets = Program.script("sockets");
  const { code, stdout, stderr } = await sockets.ended();
  assertEquals([code, stderr], [0, ""]);
  return new Map(
    Array.from(stdout.matchAll(/^ {2}(\w+) +(\S.*)$/gm), ([, name, about]) => [name!, about!]),
  );
}

Deno.test("sockets lists every script of the folder, and no other", async () => {
  assertEquals(
    [...(await listed()).keys()].sort(),
    await exerciseNames(),
    "PAGES in lib/exercises.ts is the list",
  );
});

Deno.test("sockets help NAME is the script's own usage, named as sockets runs it", async () => {
  await sideBySide([...await listed()], async ([name, about]) => {
    await using itself = Program.script(name, ["--help"]);
    await using help = Program.script("sockets", ["help", name]);
    const [expected, actual] = [await itself.ended(), await help.ended()];
    assertEquals([actual.code, actual.stderr], [0, ""]);
    assertEquals(
      actual.stdout,
      expected.stdout.replaceAll(`scripts/${name}.ts`, `scripts/sockets.ts ${name}`),
    );
    assertStringIncludes(
      actual.stdout,
      `\nusage: deno run --allow-net scripts/sockets.ts ${name} `,
    );
    assertEquals(actual.stdout.split("\n")[0], about, `what scripts/sockets.ts says about ${name}`);
  });
});

Deno.test("sockets NAME runs the script with its flags, and imports no other", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const args = ["listener", "--host", "127.0.0.1", "--port", "0"];
    await using server = Program.script("sockets", args);
    const port = await server.port();
    await using client = new Program("sockets", Deno.execPath(), [
      ...["run", "--no-prompt", "--allow-net", `--coverage=${folder}`],
      ...["scripts/sockets.ts", "notify", "--port", `${port}`],
    ]);
    assertStringIncludes((await client.ended()).stdout, "[Recv Data] Hello UDP Client\n");
    assertEquals(await imported(folder), ["notify", "sockets"]);
    server.kill();
    assertEquals((await server.ended()).code, statusAfter("SIGTERM"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** The scripts that a run with `--coverage` imported. */
async function imported(folder: string): Promise<string[]> {
  const files = await Array.fromAsync(Deno.readDir(folder), ({ name }) => `${folder}/${name}`);
  const urls = await Promise.all(
    files.map(async (file) => JSON.parse(await Deno.readTextFile(file)).url),
  );
  return urls.flatMap((url) => /\/scripts\/(\w+)\.ts$/.exec(url)?.[1] ?? []).sort();
}

Deno.test("sockets names what comes nearest to a name that it does not know", async () => {
  const cases: [string[], RegExp][] = [
    [["chat_sever"], /^there is no exercise "chat_sever": did you mean chat_server\?.*\n$/],
    [["json"], /did you mean json_server, json_client/],
    [["help", "calee"], /did you mean callee\?/],
    [["--port", "9000"], /there is no exercise "--port"/],
    [["constructor"], /there is no exercise "constructor"/],
  ];
  for (const [args, line] of cases) {
    await using sockets = Program.script("sockets", args);
    const { code, stdout, stderr } = await sockets.ended();
    assertEquals([code, stdout], [2, ""]);
    assertMatch(stderr, line);
  }
});

const noRunBits = Deno.build.os === "windows" ? "Windows has neither run bits nor #!" : undefined;

testUnless(noRunBits, "a script can be started by its file name alone", async () => {
  for (const name of await scriptNames()) {
    const file = `scripts/${name}.ts`;
    const [first] = (await Deno.readTextFile(file)).split("\n", 1);
    assertEquals(first, "#!/usr/bin/env -S deno run --allow-net", file);
    assert(((await Deno.stat(file)).mode ?? 0) & 0o100, `${file} wants its run bit: chmod +x`);
  }
  await using script = new Program("chat_server", "scripts/chat_server.ts", ["--help"]);
  assertStringIncludes(
    (await script.ended()).stdout,
    "usage: deno run --allow-net scripts/chat_server.ts",
  );
});
