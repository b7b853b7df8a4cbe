// Runs the specs of an exercise against a program, one after the other, grade by grade.

import { runSpec } from "./run_spec.ts";
import { notPassed, type Result } from "./result.ts";
import { type Exercise, type Grade, gradeOf, GRADES, type Spec } from "./spec.ts";
import type { Target } from "./target.ts";

/** The results of one exercise. */
export interface Checked {
  readonly exercise: Exercise;
  readonly results: readonly Result[];
}

/** Who is told how far a check is. */
export interface Progress {
  onGrade?(grade: Grade): void | Promise<void>;
  onResult?(result: Result): void | Promise<void>;
}

/** After so many specs in a row in which the program did not even come up, the rest are not tried. */
const DOWN_LIMIT = 2;

/** The specs that ids choose: each the one of that id, or else all that begin so; without ids, all. */
export function chosen(exercise: Exercise, ids: readonly string[]): Spec[] {
  if (ids.length === 0) return [...exercise.specs];
  const exact = (id: string) => exercise.specs.some((spec) => spec.id === id);
  return exercise.specs.filter((spec) =>
    ids.some((id) => exact(id) ? spec.id === id : spec.id.startsWith(id))
  );
}

/** Runs the chosen specs. Throws PortTaken, and NotStarted where the command can't be. */
export async function checkExercise(
  exercise: Exercise,
  ids: readonly string[],
  target: Target,
  progress: Progress = {},
): Promise<Checked> {
  const results: Result[] = [];
  let down = 0;
  let after: string | undefined; // the first course spec that failed
  for (const grade of GRADES) {
    const specs = chosen(exercise, ids).filter((spec) => gradeOf(spec) === grade);
    if (specs.length > 0) await progress.onGrade?.(grade);
    for (const spec of specs) {
      const tried = down < DOWN_LIMIT ? await runSpec(exercise, spec, target) : notTried(spec);
      down = tried.down ? down + 1 : 0;
      const result = {
        ...tried,
        ...tried.failure && after && { failure: { ...tried.failure, after } },
      };
      if (result.outcome === "failed" && grade === "course") after ??= spec.id;
      results.push(result);
      await progress.onResult?.(result);
    }
  }
  return { exercise, results };
}

function notTried(spec: Spec): Result {
  const reason = "not tried, since the program did not come up before";
  return notPassed(spec, { reason, shown: [], stderr: "" }, 0, true);
}
