// Checks the programs of a class one after the other, and goes on whatever one of them does.

import { NotStarted } from "../../support/program.ts";
import { type Checked, checkExercise, chosen } from "../check_exercise.ts";
import { notPassed, type Result } from "../result.ts";
import type { Exercise } from "../spec.ts";
import { PortTaken, type Target } from "../target.ts";
import type { Record } from "./record.ts";
import type { Submission } from "./submissions.ts";

/** What came of one program. */
export interface Marked {
  readonly submission: Submission;
  readonly checked: readonly Checked[];
}

/** What is checked of each. */
export interface Order {
  readonly exercises: readonly Exercise[];
  readonly ids: readonly string[];
  /** Its command holds `{path}`, and may hold `{name}`. */
  readonly target: Target;
}

/** Who is told how far it is. */
export interface MarkingProgress {
  onBegin(submission: Submission): void;
  onResult(result: Result): void;
  onEnd(marked: Marked): void;
}

/** Checks those that the record does not have. Throws NotStarted where no program could be started. */
export async function mark(
  submissions: readonly Submission[],
  order: Order,
  record: Record,
  progress: MarkingProgress,
): Promise<Marked[]> {
  const all: Marked[] = [];
  for (const submission of submissions) {
    const before = record.find(submission, order.exercises);
    if (before) {
      all.push({ submission, checked: before });
      continue;
    }
    progress.onBegin(submission);
    const { checked, final } = await markOne(submission, order, progress);
    if (final) await record.add(submission, checked);
    all.push({ submission, checked });
    progress.onEnd({ submission, checked });
  }
  return all;
}

async function markOne(
  { path, name }: Submission,
  { exercises, ids, target }: Order,
  { onResult }: MarkingProgress,
): Promise<{ checked: Checked[]; final: boolean }> {
  const command = target.command?.map((word) =>
    word.replaceAll("{path}", path).replaceAll("{name}", name)
  );
  const checked: Checked[] = [];
  let final = true;
  for (const exercise of exercises) {
    try {
      checked.push(await checkExercise(exercise, ids, { ...target, command }, { onResult }));
    } catch (error) {
      const known = error instanceof NotStarted || error instanceof PortTaken;
      // What is the same for all is not the program's fault.
      const forAll = error instanceof NotStarted && command?.[0] === target.command?.[0];
      if (!known || forAll) throw error;
      if (error instanceof PortTaken) final = false; // it is tried again next time
      checked.push({ exercise, results: untried(exercise, ids, error.message) });
    }
  }
  return { checked, final };
}

function untried(exercise: Exercise, ids: readonly string[], reason: string): Result[] {
  const failure = { reason, shown: [], stderr: "" };
  return chosen(exercise, ids).map((spec) => notPassed(spec, failure, 0, true));
}
