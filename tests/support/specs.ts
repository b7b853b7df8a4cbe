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

/**
 * The specs that failed are exactly the predicted ones; else the assertion shows why. None is skipped, but
 * those that can't be run on Windows there.
 */
export function assertFails({ results }: Checked, predicted: readonly string[]) {
  const skips = Deno.build.os === "windows";
  const failed = results.filter(({ outcome }) =>
    outcome === "failed" || outcome === "differs" || outcome === "skipped" && !skips
  );
  const unexpected = failed.filter(({ spec }) => !predicted.includes(spec.id));
  assertEquals(
    failed.map(({ spec }) => spec.id).sort(),
    [...predicted].sort(),
    unexpected.map(specLines).join(""),
  );
}
