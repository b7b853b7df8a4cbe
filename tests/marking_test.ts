// `deno task check --each`: a class whose programs are right, wrong, and of every kind of useless.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { noSignals, testUnless } from "./support/needs.ts";
import { Program } from "./support/program.ts";
import { sideBySide } from "./support/side_by_side.ts";

const SERVER = await Deno.readTextFile("tests/conformance/broken/chat_server.ts");

/** Chat servers, one a file, that are given their port. */
const CLASS: Record<string, string> = {
  "kim.ts": SERVER,
  "이영희.ts": SERVER.replace("= Deno.args;", '= [Deno.args[0], "relays-bye"];'),
  "flood.ts":
    'while (true) await Deno.stdout.write(new TextEncoder().encode("y\\n".repeat(1000)));',
  // Starts programs for ever, in sessions of their own; takes no SIGTERM.
  "fork.ts": `
    if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", () => {});
    const args = ["eval", "setTimeout(() => {}, 1e9)"];
    setInterval(() => new Deno.Command(Deno.execPath(), { args, detached: true }).spawn(), 300);`,
  "otherwise.ts": SERVER.replace("= Deno.args;", '= [Deno.args[0], "wrong-text"];'),
  "hang.ts": "setTimeout(() => {}, 1e9);",
  "start.ts": 'console.error("no such module"); Deno.exit(3);',
};

/** A folder with the class in `submissions`. */
class Folder implements AsyncDisposable {
  readonly path = Deno.makeTempDirSync();

  constructor(files = CLASS) {
    Deno.mkdirSync(`${this.path}/submissions`);
    for (const [name, text] of Object.entries(files)) {
      Deno.writeTextFileSync(`${this.path}/submissions/${name}`, text + "\n");
    }
  }

  /** Starts the task in the folder. */
  check(...args: string[]): Program {
    const task = [Deno.execPath(), "run", "--allow-all", `${Deno.cwd()}/.tasks/check.ts`];
    return new Program("check", task[0]!, [...task.slice(1), "chat_server", ...args], {
      env: { INIT_CWD: this.path },
      cwd: this.path,
      limit: 120_000,
    });
  }

  async read(file: string): Promise<string> {
    return await Deno.readTextFile(`${this.path}/${file}`);
  }

  async [Symbol.asyncDispose]() {
    await Deno.remove(this.path, { recursive: true });
  }
}

const IDS = ["course.relay", "course.bye", "course.korean", "stream.split", "wording.console"];
const EACH = ["--timeout", "3", "--each", "submissions/*"];
const COMMAND = ["--", Deno.execPath(), "run", "--allow-all", "{path}", "{port}"];

Deno.test("a class is checked to its end, whatever one of its programs does", async () => {
  await using folder = new Folder();
  const files = ["--csv", "marks/all.csv", "--junit", "marks/{name}.xml"];
  const reports = [...files, "--gradescope", "marks/{name}.json"];
  await using check = folder.check(...IDS, ...EACH, ...reports, ...COMMAND);
  const { code, stdout, stderr } = await check.ended();
  assertEquals(code, 1, stderr);
  const table = stdout.replaceAll(/\d+\.\d s/g, "N s").replaceAll(/:\d+/g, ":PORT")
    .replaceAll(/port \d+/g, "port PORT").split("\n").map((line) => line.trim());
  const waiting = "(after N s of waiting for A to be connected)";
  assertEquals(table, [
    "who        course  stream  wording  what failed first",
    "이영희     2 of 3  1 of 1  1 of 1   course.bye: B received something else than expected " +
    '(after N s of waiting for B to receive "still here")',
    `flood      0 of 3  0 of 1  0 of 1   course.relay: it floods stdout: more than 1048576 characters ${waiting}`,
    `fork       0 of 3  0 of 1           course.relay: nothing listens on 127.0.0.1:PORT ${waiting}`,
    `hang       0 of 3  0 of 1           course.relay: nothing listens on 127.0.0.1:PORT ${waiting}`,
    "kim        3 of 3  1 of 1  1 of 1",
    "otherwise  3 of 3  1 of 1  0 of 1   wording.console: its console does not show what was expected " +
    '(after N s of waiting for its console to show "connection from : ...',
    `start      0 of 3  0 of 1           course.relay: it ended with status 3 before it listened on port PORT ${waiting}`,
    "",
  ]);
  assertMatch(stderr, /^\[2 of 7\] flood xxxx~ course 0 of 3, stream 0 of 1, wording 0 of 1$/m);
  assertMatch(stderr, /^\[5 of 7\] kim \.{5} course 3 of 3, stream 1 of 1, wording 1 of 1$/m);

  const csv = await folder.read("marks/all.csv");
  assertMatch(
    csv,
    /^\ufeffname,path,course passed,course of,stream passed,stream of,wording passed,wording of,first failed/,
  );
  assertMatch(csv, /\r\nkim,submissions[/\\]kim\.ts,3,3,1,1,1,1,,,\d+\.\d\r\n/);
  assertMatch(
    csv,
    /\r\n이영희,submissions[/\\]이영희\.ts,2,3,1,1,1,1,course\.bye,"B received [^\n]*""still here""/,
  );
  assertStringIncludes(await folder.read("marks/start.xml"), "no such module");
  const results = JSON.parse(await folder.read("marks/이영희.json")).tests;
  assertEquals(results.map(({ status }: { status: string }) => status), [
    "passed",
    "passed",
    "failed",
    "passed",
    "passed",
  ]);
});

testUnless(
  noSignals,
  "a class that was interrupted goes on where it was, and what was changed is checked anew",
  async () => {
    await using folder = new Folder({
      "a.ts": CLASS["kim.ts"]!,
      "b.ts": CLASS["hang.ts"]!,
      "c.ts": CLASS["start.ts"]!,
    });
    const args = ["course.relay", ...EACH, ...COMMAND];
    {
      await using check = folder.check(...args);
      await check.says("stderr", /\[2 of 3\] b /);
      check.kill("SIGINT");
      const { code, stdout, stderr } = await check.ended();
      assertEquals([code, stdout], [130, ""]);
      assertMatch(stderr, /\ncheck: interrupted; the same command goes on where it was .*\n$/);
    }
    const goesOn = async () => {
      await using check = folder.check(...args);
      const { code, stdout, stderr } = await check.ended();
      assertEquals(code, 1);
      assertMatch(stdout, /^ {2}who .*\n {2}a {4}1 of 1.*\n {2}b {4}0 of 1.*\n {2}c {4}[01] of 1/);
      return stderr;
    };
    // The file may have been cut in the middle of a line.
    const file = `${folder.path}/check-chat_server.jsonl`;
    await Deno.writeTextFile(file, '{"name": "b", "pa', { append: true });
    const second = await goesOn();
    assertMatch(second, /^check: 1 of 3 are in check-chat_server\.jsonl; --anew .*\n\[2 of 3\] b /);
    assertEquals(
      await goesOn(),
      "check: 3 of 3 are in check-chat_server.jsonl; --anew checks them again\n",
    );
    await Deno.writeTextFile(`${folder.path}/submissions/c.ts`, CLASS["kim.ts"]!);
    assertMatch(await goesOn(), /^check: 2 of 3 are in .*\n\[3 of 3\] c \. course 1 of 1\n$/);

    // Another check does not mix with this one, and throws nothing away unasked.
    const before = await folder.read("check-chat_server.jsonl");
    await using other = folder.check("course.korean", ...EACH, ...COMMAND);
    const { code, stderr } = await other.ended();
    assertEquals(code, 2);
    assertMatch(
      stderr,
      /^check: check-chat_server\.jsonl holds results of another check .*--anew.*\n$/,
    );
    assertEquals(await folder.read("check-chat_server.jsonl"), before);
    await using anew = folder.check("course.korean", "--anew", ...EACH, ...COMMAND);
    assertMatch((await anew.ended()).stderr, /^\[1 of 3\] a \. course 1 of 1\n/);
  },
);

Deno.test("a class: --json, two programs of one name, and what is nobody's", async () => {
  await using folder = new Folder({ ".hidden": "x", "kim.ts": CLASS["start.ts"]! });
  for (const name of ["__pycache__", "kim"]) await Deno.mkdir(`${folder.path}/submissions/${name}`);
  await using check = folder.check("course.relay", "--json", ...EACH, ...COMMAND);
  const { stdout } = await check.ended();
  const { programs } = JSON.parse(stdout);
  const kim = join("submissions", "kim");
  assertEquals(
    programs.map(({ name, path }: { name: string; path: string }) => [name, path]),
    [[kim, kim], [`${kim}.ts`, `${kim}.ts`]],
  );
  assertEquals(programs[1].exercises[0].specs[0].outcome, "failed");
});

Deno.test("a class: wrong usage is one line on stderr, status 2, and no results file", async () => {
  await using folder = new Folder({ "kim.ts": "", "lee.ts": "" });
  const cases: [string[], RegExp][] = [
    [["--each", "none/*", ...COMMAND], /^check: nothing matches none\/\*\n$/],
    [["--each", "", ...COMMAND], /^check: --each takes a pattern, .*\n$/],
    [[...EACH, "--", "deno", "{port}"], /^check: --each needs a command with \{path\} .*\n$/],
    [
      ["submissions/lee.ts", ...EACH, ...COMMAND],
      /^check: no spec begins with .* wants quotes\)\n$/,
    ],
    [[...EACH, "--junit", "marks.xml", ...COMMAND], /^check: with --each, --junit .*\{name\}.*\n$/],
    [["--csv", "marks.csv", "--", "true"], /^check: --csv is for a class: it needs --each\n$/],
    [["--anew", "--", "true"], /^check: --anew is for a class: it needs --each\n$/],
    [["--", "deno", "{path}"], /^check: \{path\} is for a class: it needs --each\n$/],
    [[...EACH, "--csv", "", ...COMMAND], /^check: --csv takes a value; .*\n$/],
    [["--port", "1.5", "--", "true"], /^check: --port takes a number .*\n$/],
  ];
  await sideBySide(cases, async ([args, line]) => {
    await using check = folder.check(...args);
    const { code, stdout, stderr } = await check.ended();
    assertEquals([args, code, stdout], [args, 2, ""]);
    assertMatch(stderr, line);
  });
  const files = await Array.fromAsync(Deno.readDir(folder.path), ({ name }) => name);
  assertEquals(files, ["submissions"]);

  await using none = folder.check(
    "course.relay",
    ...EACH,
    "--",
    "no-such-program",
    "{path}",
    "{port}",
  );
  const { code, stderr } = await none.ended();
  assertEquals(code, 2);
  assertMatch(stderr, /check: no-such-program can't be started: .*\n$/);
  assert(!stderr.includes("lee"), "what is the same for all is said once");
});
