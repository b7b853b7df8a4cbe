// The specs of tests/conformance, run against our scripts, against the course's originals, against
// servers that are broken on purpose, and against programs that solve nothing at all.

import { assert, assertEquals } from "@std/assert";
import type { Checked } from "./conformance/check_exercise.ts";
import { specLines } from "./conformance/report.ts";
import type { Result } from "./conformance/result.ts";
import { runSpec } from "./conformance/run_spec.ts";
import { type Exercise, gradeOf } from "./conformance/spec.ts";
import { EXERCISES } from "./conformance/specs/all.ts";
import { noOriginals } from "./support/originals.ts";

/** Milliseconds for a spec that should pass, on a machine that may be busy with much else. */
const LIMIT = 30_000;
/** Milliseconds for a spec that should fail: what hangs takes all of it. */
const FAILING_LIMIT = 2_000;
/** Programs checked at the same time; each spec waits more than it works. */
const AT_ONCE = 4;

/** Runs all specs of an exercise; those expected to fail with the short limit. */
async function check(
  exercise: Exercise,
  command: string[],
  failing: readonly string[] = [],
): Promise<Checked> {
  const results: Result[] = [];
  for (const spec of exercise.specs) {
    const limit = failing.includes(spec.id) ? FAILING_LIMIT : LIMIT;
    results.push(await runSpec(exercise, spec, { command, cwd: Deno.cwd(), limit }));
  }
  return { exercise, results };
}

/** The specs that failed are exactly the predicted ones; else the assertion shows why. */
function assertFails({ results }: Checked, predicted: readonly string[]) {
  const failed = results.filter((each) => each.outcome !== "passed");
  const unexpected = failed.filter(({ spec }) => !predicted.includes(spec.id));
  assertEquals(
    failed.map(({ spec }) => spec.id).sort(),
    [...predicted].sort(),
    unexpected.map(specLines).join(""),
  );
}

/** A step for each item, a few at the same time. */
async function stepForEach<T>(
  t: Deno.TestContext,
  items: readonly T[],
  name: (item: T) => string,
  fn: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      const now = item;
      await t.step({
        name: name(now),
        fn: () => fn(now),
        // Steps that run at the same time can't tell whose each operation is.
        sanitizeOps: false,
        sanitizeResources: false,
        sanitizeExit: false,
      });
    }
  }));
}

/** The command that runs our script for an exercise. */
function script({ script, port, args, host }: Exercise): string[] {
  return [
    ...[Deno.execPath(), "run", "--no-prompt", "--allow-net", `scripts/${script}.ts`],
    ...(port === undefined || args ? [] : ["--port", "{port}"]),
    ...(host === undefined ? [] : ["--host", "{host}"]),
  ];
}

Deno.test("our scripts pass every spec of both grades", async (t) => {
  await stepForEach(t, EXERCISES, ({ name }) => name, async (exercise) => {
    assertFails(await check(exercise, script(exercise)), []);
  });
});

/** The originals, with the specs that each fails, as originals/README.md tells and measurement agrees. */
const ORIGINALS: Record<string, string[]> = {
  cinema_server: [
    "stream.seat-7",
    "stream.seat-negative",
    "stream.seat-no-number",
    "stream.no-film",
    "stream.own-film",
    "stream.split-character",
    "stream.half-close",
    "stream.silent",
    "stream.close",
    "stream.reset",
    "stream.invalid",
  ],
  cinema_client: ["stream.split-character"],
  membership_server: [
    "stream.comma",
    "stream.no-comma",
    "stream.split-character",
    "stream.half-close",
    "stream.silent",
    "stream.close",
    "stream.reset",
    "stream.invalid",
  ],
  membership_client: ["stream.split-character"],
  case_server: [
    "stream.merged",
    "stream.merged-digit",
    "stream.split",
    "stream.split-character",
    "stream.half-close",
    "stream.silent",
    "stream.reset",
    "stream.invalid",
  ],
  case_client: ["stream.split-character"],
  soc1_server: ["stream.split-character"],
  soc1_client: [],
  soc2_server: ["stream.split-character", "stream.silent", "stream.reset", "stream.invalid"],
  soc2_client: ["stream.split-character"],
  chat_server: [
    "stream.split-character",
    "stream.close",
    "stream.half-close",
    "stream.reset",
    "stream.slow-reader",
  ],
  chat_client: ["stream.split-character", "stream.close"],
  chat_server_no_echo: [
    "stream.split-character",
    "stream.close",
    "stream.half-close",
    "stream.reset",
    "stream.slow-reader",
  ],
  chat_client_args: ["stream.split-character", "stream.close"],
  json_server: [
    "stream.split",
    "stream.split-character",
    "stream.merged",
    "stream.half-close",
    "stream.no-json",
    "stream.deep",
    "stream.silent",
    "stream.close",
    "stream.reset",
    "stream.invalid",
  ],
  json_client: ["stream.split"],
  listener: [],
  notify: [],
  broadcaster: [],
  receiver: [],
  caller: [],
  callee: [],
};

/** Originals whose file is not called like our script. */
const FILES: Record<string, string> = {
  cinema: "report1_cinema",
  membership: "report2_membership",
};

/** The command that runs an original, on the port that the checker chooses. */
function original({ script, port, args, host }: Exercise): string[] {
  const literals: Record<string, string> = {};
  if (port !== undefined && !args) literals[port] = "{port}";
  if (host !== undefined) literals["<broadcast>"] = "{host}";
  return [
    "python3",
    "tests/support/run_original.py",
    `${Deno.env.get("PYTHON_ORIGINALS")}/${FILES[script] ?? script}.py`,
    JSON.stringify(literals),
  ];
}

Deno.test({
  name: "the originals pass every course spec, and fail the stream specs that are predicted" +
    (noOriginals ? ` (skipped: ${noOriginals})` : ""),
  ignore: noOriginals !== undefined,
  fn: async (t) => {
    const checked = EXERCISES.filter(({ name }) => name in ORIGINALS);
    assertEquals(checked.map(({ name }) => name).sort(), Object.keys(ORIGINALS).sort());
    await stepForEach(t, checked, ({ name }) => name, async (exercise) => {
      const predicted = ORIGINALS[exercise.name]!; // filtered so
      const ids = exercise.specs.filter((spec) => gradeOf(spec) === "stream").map(({ id }) => id);
      assert(
        predicted.every((id) => ids.some((each) => each === id)),
        "only stream specs may fail",
      );
      assertFails(await check(exercise, original(exercise), predicted), predicted);
    });
  },
});

/** Servers that are broken on purpose, by exercise: each bug, and the one spec that is meant for it. */
const BROKEN: Record<string, Record<string, string>> = {
  chat_server: {
    "wrong-text": "course.console",
    "forgets-to-remove": "course.count",
    "relays-bye": "course.bye",
    "old-list": "course.rejoin",
    "cuts-characters": "stream.split-character",
    "first-kilobyte": "stream.long",
    "dies-of-invalid": "stream.invalid",
    "writes-twice": "stream.at-once",
    "spins": "stream.close",
    "keeps-half-closed": "stream.half-close",
    "dies-of-reset": "stream.reset",
    "waits-for-slow-reader": "stream.slow-reader",
  },
  case_server: {
    "no-error": "course.error",
    "first-digit": "stream.merged-digit",
    "forgets-half-closed": "stream.half-close",
    "one-at-a-time": "stream.silent",
  },
  json_server: {
    "forgets-the-rest": "stream.merged",
    "decodes-pieces": "stream.split-character",
  },
  listener: {
    "empty-is-the-end": "stream.empty",
    "dies-of-long": "stream.long",
  },
};

Deno.test("each broken server is caught by the spec meant for it, and passes the others", async (t) => {
  const servers = EXERCISES.filter(({ name }) => name in BROKEN).flatMap((exercise) =>
    Object.entries({ "no-bug": undefined, ...BROKEN[exercise.name] })
      .map(([bug, spec]) => ({ exercise, bug, failing: spec === undefined ? [] : [spec] }))
  );
  const name = ({ exercise, bug }: typeof servers[0]) => `${exercise.name} ${bug}`;
  await stepForEach(t, servers, name, async ({ exercise, bug, failing }) => {
    const file = `tests/conformance/broken/${exercise.script}.ts`;
    const command = [Deno.execPath(), "run", "--allow-net", file, "{port}", bug];
    assertFails(await check(exercise, command, failing), failing);
  });
});
