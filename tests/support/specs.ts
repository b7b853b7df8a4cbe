// Runs the specs of tests/conformance against programs whose verdicts are known beforehand.

import { assertEquals } from "@std/assert";
import type { Checked } from "../conformance/check_exercise.ts";
import { specLines } from "../conformance/report.ts";
import type { Result } from "../conformance/result.ts";
import { runSpec } from "../conformance/run_spec.ts";
import type { Exercise, Spec } from "../conformance/spec.ts";

/** Milliseconds for each event of a spec that should pass, on a machine that may be busy with much else. */
const LIMIT = 30_000;
/** Milliseconds for each event of a spec that should fail: what hangs takes all of it. */
const FAILING_LIMIT = 2_000;
/** Programs checked at the same time; each spec waits more than it works. */
const AT_ONCE = 4;

/** Runs specs of an exercise, if not told otherwise all; those expected to fail with the short limit. */
export async function checkAll(
  exercise: Exercise,
  command: readonly string[],
  failing: readonly string[] = [],
  specs: readonly Spec[] = exercise.specs,
): Promise<Checked> {
  const results: Result[] = [];
  for (const spec of specs) {
    const limit = failing.includes(spec.id) ? FAILING_LIMIT : LIMIT;
    results.push(await runSpec(exercise, spec, { command, cwd: Deno.cwd(), limit }));
  }
  return { exercise, results };
}

/** The specs that failed are exactly the predicted ones; else the assertion shows why. */
export function assertFails({ results }: Checked, predicted: readonly string[]) {
  const failed = results.filter((each) => each.outcome !== "passed");
  const unexpected = failed.filter(({ spec }) => !predicted.includes(spec.id));
  assertEquals(
    failed.map(({ spec }) => spec.id).sort(),
    [...predicted].sort(),
    unexpected.map(specLines).join(""),
  );
}

/** A step for each item, a few at the same time. */
export async function stepForEach<T>(
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
