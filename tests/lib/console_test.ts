import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { noShell, noSignals, testUnless } from "../support/needs.ts";
import { LIMIT, Program, type StartOptions, within } from "../support/program.ts";

const PROGRAM = "tests/support/console_program.ts";
const LINE_LIMIT = 65_536;
/** What usually causes it where input is not UTF-8; said on Windows only. */
const NOT_UTF8_CAUSE = Deno.build.os === "windows"
  ? ": save the file as UTF-8, or say chcp 65001 before a command whose output is piped"
  : "";

function start(args: string[], options?: StartOptions): Program {
  return Program.script(PROGRAM, args, options);
}

/** Runs the program to its end with all of that as its input. */
async function answers(args: string[], text: string | Uint8Array) {
  await using program = start(args, { stdin: true });
  await program.type(text);
  await program.endInput();
  return await program.ended();
}

Deno.test("input takes lines from a pipe, however they come", async () => {
  const cases: [string | Uint8Array, string[]][] = [
    ["one\ntwo\n", ["['one']", "['two']"]],
    ["one\ntwo", ["['one']", "['two']"]],
    ["one\r\ntwo\r\n\r\n\n", ["['one']", "['two']", "['']", "['']"]],
    ["a\rb\n한국\n\ufeffmark\n \n", ["['a\\rb']", "['한국']", "['\\ufeffmark']", "[' ']"]],
    ["", []],
    ["\n", ["['']"]],
  ];
  for (const [text, lines] of cases) {
    const { code, stdout, stderr } = await answers(["lines"], text);
    assertEquals([code, stdout, stderr], [0, [...lines, "['the end']", ""].join("\n"), ""]);
  }
});

Deno.test("input takes a line that comes in pieces", async () => {
  await using program = start(["lines"], { stdin: true });
  const bytes = new TextEncoder().encode("한\r\nb");
  for (const byte of bytes) {
    await program.type(Uint8Array.of(byte));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await program.says("stdout", /\['한'\]\n/);
  await program.endInput();
  assertEquals((await program.ended()).stdout, "['한']\n['b']\n['the end']\n");
});

Deno.test("input takes 65,536 bytes in a line, and says so where there are more", async () => {
  const longest = "x".repeat(LINE_LIMIT);
  for (const end of ["\n", "\r\n", ""]) {
    const { code, stdout } = await answers(["lines"], longest + end);
    assertEquals([code, stdout === `['${longest}']\n['the end']\n`], [0, true]);
    const longer = await answers(["lines"], "fine\n" + longest + "x" + end);
    assertEquals([longer.code, longer.stdout, longer.stderr], [
      1,
      "['fine']\n",
      "a line of input is longer than 65536 bytes\n",
    ]);
  }
  // It does not wait for a newline that may never come.
  await using program = start(["lines"], { stdin: true });
  await program.type("x".repeat(LINE_LIMIT + 2)).catch(() => {}); // it may be gone before it has all
  assertEquals((await program.ended()).code, 1);
});

Deno.test("input in another encoding of Korean is not UTF-8 either", async () => {
  const hello = Uint8Array.of(0xbe, 0xc8, 0xb3, 0xe7, 10); // "안녕" in CP949
  const { code, stderr } = await answers(["lines"], hello);
  assertEquals([code, stderr], [1, `a line of input is not UTF-8 text${NOT_UTF8_CAUSE}\n`]);
});

Deno.test("input that is not UTF-8 is one line on stderr", async () => {
  const { code, stdout, stderr } = await answers(["lines"], Uint8Array.of(0x61, 10, 0xff, 10));
  const line = `a line of input is not UTF-8 text${NOT_UTF8_CAUSE}\n`;
  assertEquals([code, stdout, stderr], [1, "['a']\n", line]);
});

Deno.test("prompts stand before what is printed later, all answers at once or one by one", async () => {
  const expected = "before\nname : between\ncount : jung 3\n";
  assertEquals((await answers(["prompts"], "jung\n3\n")).stdout, expected);

  await using program = start(["prompts"], { stdin: true });
  await program.says("stdout", /^before\nname : $/);
  await program.type("jung\n");
  await program.says("stdout", /between\ncount : $/);
  await program.type("3\n");
  assertEquals((await program.ended()).stdout, expected);
});

Deno.test("inputInt says what was wrong before it asks again, as Python's int takes it", async () => {
  await using program = start(["prompts"], { stdin: true });
  await program.type("jung\nx\n\n1.5\n1e3\n0x10\n１\n- 1\n1__0\n");
  await program.says("stderr", /(.*is not a whole number.*\n){7}/);
  await program.type(" -1_000 \n");
  const { code, stdout, stderr } = await program.ended();
  assertEquals(code, 0);
  assertMatch(stdout, /(count : ){9}jung -1000\n$/);
  assertStringIncludes(stderr, '"1.5" is not a whole number: type digits only, such as 9999\n');
});

Deno.test("the end of input ends a question without a default", async () => {
  for (const text of ["", "jung\n", "jung\nx\n"]) {
    const { code, stderr } = await answers(["prompts"], text);
    assertEquals(code, 1);
    assertMatch(stderr, /end of input, where an answer was expected\n$/);
  }
});

Deno.test("through a pipe what is printed stays as it is; a report is one line, made visible", async () => {
  const { code, stdout, stderr } = await answers(["characters"], "");
  assertEquals(code, 3);
  assertEquals(
    stdout,
    "tab\tnewline\nescape\x1b[2J bell\x07 delete\x7f return\r c1\x9b한\n",
  );
  assertEquals(stderr, "one\\nline \\x1b[2J\n");
});

Deno.test("everything printed goes out before the program ends", async () => {
  const { code, stdout } = await answers(["flood", "1000", "1000"], "");
  assertEquals(code, 0);
  assertEquals(stdout.split("\n").length, 1001);
  assert(stdout.endsWith("1000".padEnd(1000, ".") + "\n"));
});

Deno.test("where nobody takes what is printed, the program goes on, and is bounded", async () => {
  await using program = start(["flood", "100000", "1000"], { stdin: true, unread: true });
  const [, megabytes] = await program.says("stderr", /it goes on\nit uses (\d+) MB\n/);
  assert(Number(megabytes) < 150, `${megabytes} MB`); // it has printed 100 MB
  // When it is read at last, what was kept comes in order, and stderr says what was not.
  program.readStdout();
  const [, lost] = await program.says("stderr", /stdout: (\d+) lines lost, it did not take them\n/);
  await program.type("\n");
  const { code, stdout } = await program.ended();
  assertEquals(code, 0);
  const lines = stdout.split("\n").slice(0, -1);
  assertEquals(lines.length + Number(lost), 100_000);
  lines.forEach((line, i) => assertEquals(line, String(i + 1).padEnd(1000, ".")));
});

testUnless(noSignals, "a signal ends a program whose console takes nothing", async () => {
  await using program = start(["flood", "100", "10000"], { stdin: true, unread: true });
  await program.says("stderr", /it goes on/);
  program.kill("SIGTERM");
  assertEquals((await within(LIMIT, "the end", () => program.status)).code, 143);
});

testUnless(noShell, "where stdout is closed the program goes on, and says so once", async () => {
  await using program = Program.shell(PROGRAM, "$SCRIPT | head -1", ["ticks"], { stdin: true });
  // `head` goes when it likes; three more ticks after the program has found out.
  for (let i = 1, more = 3; more > 0; i++) {
    await program.type("\n");
    await program.says("stderr", new RegExp(`tock ${i}\n`));
    if (program.stderr.includes("stdout was closed")) more--;
  }
  await program.endInput();
  const { stdout, stderr } = await program.ended();
  assertEquals(stdout, "tick 1\n");
  assertEquals(stderr.match(/stdout was closed: going on without printing\n/g)?.length, 1, stderr);
});

testUnless(noShell, "where stderr is closed the program goes on", async () => {
  await using program = Program.shell(PROGRAM, `$SCRIPT 2>&-; echo "status $?"`, ["ticks"], {
    stdin: true,
  });
  await program.type("\n\n\nend\n");
  assertEquals((await program.ended()).stdout, "tick 1\ntick 2\ntick 3\nstatus 0\n");
});
