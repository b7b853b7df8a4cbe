// What came of a spec: passed, failed for a reason that names what was waited for, or skipped.

import type { Content, Spec } from "./spec.ts";

export type Outcome = "passed" | "failed" | "skipped";

/** Bytes or text that a report shows, and whose they are. */
export interface Shown {
  /** `A sent`, `expected at A`, `typed`. */
  readonly what: string;
  readonly content: Content;
  /** How many bytes it has in all, where the content is only its beginning. */
  readonly size?: number;
}

/** Why a spec failed. */
export interface Failure {
  /** What went wrong, and what was waited for and how long, in a sentence. */
  readonly reason: string;
  /** What was sent, typed, expected and received, in this order. */
  readonly shown: readonly Shown[];
  /** What the program wrote last to stderr. */
  readonly stderr: string;
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

/** A step was not as expected. */
export class Failed extends Error {
  override name = "Failed";

  constructor(
    readonly reason: string,
    readonly shown: readonly Shown[] = [],
    readonly down = false,
  ) {
    super(reason);
  }
}
