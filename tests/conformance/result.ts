// What came of a spec: passed, failed for a reason that names what was waited for, or skipped. Where only
// the wording is asked for, no program fails: it says it as the course does, or it differs.

import { type Content, gradeOf, type Spec } from "./spec.ts";

export type Outcome = "passed" | "failed" | "differs" | "skipped";

/** Bytes or text that a report shows, and whose they are. */
export interface Shown {
  /** `A sent`, `expected at A`, `typed`. */
  readonly what: string;
  readonly content: Content;
  /** How many bytes it has in all, where the content is only its beginning. */
  readonly size?: number;
}

/** Why a spec failed, or what differs. */
export interface Failure {
  /** What went wrong, and what was waited for and how long, in a sentence. */
  readonly reason: string;
  /** What was sent, typed, expected and received, in this order. */
  readonly shown: readonly Shown[];
  /** What the program wrote last to stderr. */
  readonly stderr: string;
  /** Why it came so, where that could be seen: a sentence for the student. */
  readonly cause?: string;
  /** What causes it usually, where that could not be seen, and this can be it. */
  readonly usualCause?: string;
  /** The course spec that failed before: what is wrong there may be what is wrong here. */
  readonly after?: string;
}

export interface Result {
  readonly spec: Spec;
  readonly outcome: Outcome;
  readonly milliseconds: number;
  readonly failure?: Failure;
  /** Why it was skipped. */
  readonly skipped?: string;
  /** The program did not even come up. */
  readonly down: boolean;
}

/** What more is known about a failure. */
export interface Known {
  /** The program did not even come up. */
  readonly down?: boolean | undefined;
  /** Why it came so, where that can be seen. */
  readonly cause?: string | undefined;
  /** Looks for the cause in what the program printed up to its end. */
  readonly lateCause?: (() => string | undefined) | undefined;
}

/** A step was not as expected. */
export class Failed extends Error {
  override name = "Failed";

  constructor(
    readonly reason: string,
    readonly shown: readonly Shown[] = [],
    readonly known: Known = {},
  ) {
    super(reason);
  }
}

/** The result of a spec that a program did not pass. */
export function notPassed(
  spec: Spec,
  failure: Failure,
  milliseconds: number,
  down: boolean,
): Result {
  const isWording = gradeOf(spec) === "wording";
  if (isWording && down) {
    return { spec, outcome: "skipped", milliseconds, skipped: failure.reason, down };
  }
  return { spec, outcome: isWording ? "differs" : "failed", milliseconds, failure, down };
}
