// The checker as a program: what it prints, what it exits with, what it leaves behind.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { freePort } from "./support/free_port.ts";
import { noShell, noSignals, testUnless } from "./support/needs.ts";
import { PeerListener } from "./support/peer.ts";
import { Program } from "./support/program.ts";
import { sideBySide, stepForEach } from "./support/side_by_side.ts";
import { eventually, sleep } from "./support/waiting.ts";

function checker(args: string[]): Program {
  const task = ["run", "--allow-all", ".tasks/check.ts", ...args];
  return new Program("check", Deno.execPath(), task, { env: { INIT_CWD: Deno.cwd() } });
}

async function check(args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  await using program = checker(args);
  return await program.ended();
}

const broken = (name: string, bug = "no-bug") => [
  ...[Deno.execPath(), "run", "--allow-net", `tests/conformance/broken/${name}.ts`],
  ...["{port}", bug],
];

Deno.test("check alone lists the exercises, with the number of specs of each grade", async () => {
  const { code, stdout, stderr } = await check([]);
  assertEquals([code, stderr], [0, ""]);
  assertMatch(
    stdout,
    /^ {2}chat_server +\d+ course +\d+ stream +\d+ wording +실습과제 4: chatting/m,
  );
});

Deno.test("--list names the specs that the ids choose, and runs none", async () => {
  const { code, stdout } = await check(["case_server", "course.upper", "stream.split", "--list"]);
  assertEquals(code, 0);
  // stream.split is an id, so it does not stand for stream.split-character as well.
  assertEquals(stdout.match(/(course|stream)\.[\w-]+/g), ["course.upper", "stream.split"]);
  const prefix = await check(["case_server", "stream.mer", "--list"]);
  assertEquals(prefix.stdout.match(/stream\.[\w-]+/g), ["stream.merged", "stream.merged-digit"]);
  const both = await check(["cinema", "course", "--list"]);
  assertMatch(both.stdout, /cinema_server:[^]*cinema_client:/);
});

Deno.test("wrong usage is one line on stderr, and status 2", async () => {
  const cases: [string[], RegExp][] = [
    [["chess"], /^check: there is no exercise chess: cinema_server, .*\n$/],
    [["chat_server"], /^check: nothing to check: give a command after --, or --port .*\n$/],
    [["chat_client", "--port", "9"], /^check: a client can't run already: .*\n$/],
    [["cinema_server", "--host", "::1"], /^check: this server has no port of its own: .*\n$/],
    [["chat_server", "course.x", "--", "true"], /^check: no spec begins with course.x; .*\n$/],
    [["chat_server", "--fast", "--", "true"], /^check: unknown flag --fast; .*\n$/],
    [["chat_server", "--timeout", "soon", "--", "true"], /^check: --timeout takes a number .*\n$/],
    [
      ["chat_server", "--", "no-such-program", "{port}"],
      /^check: no-such-program can't be started: .*\n$/,
    ],
  ];
  await sideBySide(cases, async ([args, stderr]) => {
    const output = await check(args);
    assertEquals([output.code, output.stdout.split("\n").length <= 3], [2, true]);
    assertMatch(output.stderr, stderr);
  });
});

Deno.test("a failure shows what was sent, expected and received, as text and as hex, and its cause", async () => {
  const { code, stdout } = await check([
    "case_server",
    "course.error",
    "--timeout",
    "5",
    "--",
    ...broken("case_server", "no-error"),
  ]);
  assertEquals(code, 1);
  const lines = stdout.replace(/\d+\.\d s/g, "N s").split("\n").map((line) => line.trim());
  assertEquals(lines.slice(0, -3), [
    "case_server: 대소문자 변환, Server.py (page 001)",
    "course",
    "✘ course.error             another mode is answered with Error",
    'the connection of A was closed before all had come (after N s of waiting for A to receive "Error")',
    'A sent: "hello"',
    "68 65 6c 6c 6f",
    'A sent: "9"',
    "39",
    'expected at A: "Error"',
    "45 72 72 6f 72",
    "received by A: nothing",
    "usual cause: The mode is compared with '1' and '2', and there is an else.",
  ]);
  assertStringIncludes(stdout, "course: 0 of 1 passed");
});

Deno.test("a stream spec that fails counts in the exit status with --strict only", async () => {
  const args = ["listener", "course.answer", "stream.long"];
  const command = ["--", ...broken("listener", "dies-of-long")];
  const lenient = await check([...args, ...command]);
  assertEquals(lenient.code, 0);
  assertMatch(lenient.stdout, /\ncourse: 1 of 1 passed\nstream: 0 of 1 passed \(.*--strict.*\)\n$/);
  assertEquals((await check([...args, "--strict", ...command])).code, 3);
});

Deno.test("--json, --junit and --gradescope say the same for machines", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [junit, gradescope] = [`${folder}/junit.xml`, `${folder}/results.json`];
    const { code, stdout } = await check([
      ...["listener", "course.answer", "stream.long", "--json"],
      ...["--junit", junit, "--gradescope", gradescope, "--"],
      ...broken("listener", "dies-of-long"),
    ]);
    assertEquals(code, 0);
    const [{ name, grades, specs }] = JSON.parse(stdout).exercises;
    assertEquals([name, grades.course.passed, grades.stream.failed], ["listener", 1, 1]);
    assertEquals(specs.map((spec: { id: string; outcome: string }) => [spec.id, spec.outcome]), [
      ["course.answer", "passed"],
      ["stream.long", "failed"],
    ]);
    assertEquals(specs[1].failure.shown[0].hex, "78".repeat(65507));

    const xml = await Deno.readTextFile(junit);
    assertMatch(xml, /<testsuite name="listener.course" tests="1" failures="0"/);
    assertMatch(xml, /<testsuite name="listener.stream" tests="1" failures="1"/);
    assertMatch(
      xml,
      /<failure message="it ended with status 1 before [^"]*">[^<]*&quot;xxxx/,
    );

    const results = JSON.parse(await Deno.readTextFile(gradescope)).tests;
    assertEquals(
      results.map((test: Record<string, unknown>) => [test.score, test.max_score, test.status]),
      [[1, 1, "passed"], [0, 0, "failed"]],
    );
    assertStringIncludes(results[1].output, "usual cause: ");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("what is worded otherwise is told, and counts for nothing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [junit, gradescope] = [`${folder}/junit.xml`, `${folder}/results.json`];
    const command = ["--", ...broken("chat_server", "wrong-text")];
    const args = ["chat_server", "course.relay", "wording.console", "--timeout", "3", "--strict"];
    const lines = await check([...args, "--junit", junit, "--gradescope", gradescope, ...command]);
    assertEquals(lines.code, 0);
    assertMatch(lines.stdout, /✔ course\.relay/);
    assertMatch(
      lines.stdout,
      /≠ wording\.console .*\n.*its console does not show what was expected/,
    );
    assertMatch(
      lines.stdout,
      /\ncourse: 1 of 1 passed\nwording: 0 of 1 passed \(the rest is said otherwise, .*\)\n$/,
    );
    const xml = await Deno.readTextFile(junit);
    assertMatch(xml, /<testsuite name="chat_server\.wording" tests="1" failures="0"/);
    assertMatch(xml, /name="wording\.console[^>]*><system-out>its console does not show/);
    const [, graded] = JSON.parse(await Deno.readTextFile(gradescope)).tests;
    assertEquals([graded.score, graded.max_score, graded.status], [0, 0, "passed"]);
    assertStringIncludes(graded.output, "its console does not show");

    const { code, stdout } = await check([...args, "--json", ...command]);
    assertEquals(code, 0);
    const [{ grades, specs }] = JSON.parse(stdout).exercises;
    assertEquals([grades.wording.failed, grades.wording.differs], [0, 1]);
    assertEquals([specs[1].grade, specs[1].outcome], ["wording", "differs"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("--port checks a server that runs already, but for what its console would show", async () => {
  const port = String(freePort("tcp"));
  const [name = "", ...args] = broken("chat_server").map((word) => word === "{port}" ? port : word);
  await using server = new Program("chat_server", name, args);
  // The first connect of a running server is not tried again: wait until it is up.
  await server.says("stdout", /Chat Server start\n/);
  const { code, stdout } = await check([
    "chat_server",
    "course",
    "stream.split",
    "wording",
    "--port",
    port,
  ]);
  assertMatch(stdout, /- wording.console .*\(skipped: it needs the program's console\)/);
  assertMatch(
    stdout,
    /course: 4 of 4 passed\nstream: 1 of 1 passed\nwording: 0 of 0 passed, 2 skipped\n$/,
  );
  assertEquals(code, 0);
});

/** A number that stands in no other command line. */
const uniqueNumber = () => String(crypto.getRandomValues(new BigUint64Array(1))[0]);

/** The processes whose command line holds a text, the checker's own aside. */
function processesWith(text: string): string[] {
  const { stdout } = new Deno.Command("ps", { args: ["-eo", "pid=,args="] }).outputSync();
  const lines = new TextDecoder().decode(stdout).split("\n");
  return lines.filter((line) => line.includes(text) && !line.includes("check.ts"));
}

/** Programs that solve nothing, with a spec each and what the failure should say. */
const USELESS: [string, string, string, RegExp][] = [
  [
    "sleep 1000",
    "chat_server",
    "course.relay",
    /nothing listens on 127\.0\.0\.1:\d+ \(after \d+\.\d s of waiting for A to be connected\)/,
  ],
  ["yes", "chat_server", "course.relay", /it floods stdout: more than \d+ characters/],
  [
    "cat",
    "chat_server",
    "course.relay",
    /nothing listens on 127\.0\.0\.1:\d+ \(after \d+\.\d s of waiting for A to be connected\)/,
  ],
  ["true", "chat_server", "course.relay", /it ended with status 0 before it listened on port \d+/],
  [
    "sleep 1000",
    "chat_client",
    "course.send",
    /nothing connects to 127\.0\.0\.1:\d+ \(after \d+\.\d s of waiting for the program to connect as S\)/,
  ],
  ["yes", "chat_client", "course.send", /it floods stdout/],
  [
    "cat",
    "chat_client",
    "course.send",
    /nothing connects to 127\.0\.0\.1:\d+ \(after \d+\.\d s of waiting for the program to connect as S\)/,
  ],
  ["true", "chat_client", "course.send", /it ended with status 0 without connecting to port \d+/],
  [
    "sleep 1000",
    "listener",
    "course.answer",
    /it opens no UDP socket on port \d+ \(after \d+\.\d s of waiting for a UDP socket/,
  ],
  ["true", "listener", "course.answer", /it ended with status 0 before it was up/],
  [
    "cat",
    "notify",
    "course.answer",
    /server received nothing \(after \d+\.\d s of waiting for server to receive "Hello UDP List/,
  ],
  // Forks for ever, in sessions of their own and without the environment; takes no SIGTERM.
  [
    "trap '' TERM; while true; do env -i setsid sleep 1000 & setsid sleep 1000 & sleep 0.1; done",
    "chat_server",
    "course.relay",
    /nothing listens on 127\.0\.0\.1:\d+ \(after \d+\.\d s of waiting for A to be connected\)/,
  ],
];

testUnless(
  noShell,
  "programs that solve nothing fail in time, are told why, and leave no process",
  async (t) => {
    const name = ([program, exercise]: typeof USELESS[0]) => `${exercise}: ${program}`;
    await stepForEach(t, USELESS, name, async ([program, exercise, spec, reason]) => {
      const number = uniqueNumber();
      const transport = exercise === "listener" || exercise === "notify" ? "udp" : "tcp";
      const { code, stdout } = await check([
        ...[exercise, spec, "--timeout", "2", "--port", String(freePort(transport))],
        ...["--", "bash", "-c", `${program.replaceAll("1000", `1000.${number}`)} # ${number}`],
      ]);
      assertEquals(code, 1);
      assertMatch(stdout, reason);
      // What usually causes a wrong answer is not why there is none.
      assert(!stdout.includes("usual cause"), stdout);
      assertEquals(processesWith(number), []);
    });
  },
);

testUnless(noSignals, "time in which the machine stood still is nobody's fault", async () => {
  const number = uniqueNumber();
  const slow = `sleep 0.5; exec ${broken("chat_server").join(" ")} ${number}`;
  await using check = checker([
    ...["chat_server", "course.relay", "--timeout", "2", "--"],
    ...["bash", "-c", slow],
  ]);
  // Both stand still before the program has come up, for longer than the limit.
  const program = await eventually("the program", () => processesWith(number)[0]);
  const pids = [check.pid, parseInt(program)];
  for (const pid of pids) Deno.kill(pid, "SIGSTOP");
  await sleep(4000);
  for (const pid of pids) Deno.kill(pid, "SIGCONT");
  const { code, stdout } = await check.ended();
  assertStringIncludes(stdout, "course: 1 of 1 passed");
  assertEquals(code, 0);
});

Deno.test("what a program has started ends with it", async () => {
  using listener = await PeerListener.listen();
  const { code } = await check([
    ...["chat_server", "course.relay", "--timeout", "3", "--port", String(freePort("tcp")), "--"],
    ...[Deno.execPath(), "run", "--allow-all", "tests/support/solves_nothing.ts"],
    String(listener.port),
  ]);
  assertEquals(code, 1);
  for (const process of [await listener.accept(), await listener.accept()]) await process.ended();
});

testUnless(noSignals, "Ctrl+C at the checker stops what it started", async () => {
  const number = uniqueNumber();
  const port = String(freePort("tcp"));
  await using check = checker(["chat_server", "--port", port, "--", "sleep", `1000.${number}`]);
  await eventually("what it starts", () => processesWith(number).length > 0);
  check.kill("SIGINT");
  assertEquals((await check.ended()).code, 130);
  // It has been killed; the kernel may take a moment.
  await eventually("the end of what it started", () => processesWith(number).length === 0);
});
