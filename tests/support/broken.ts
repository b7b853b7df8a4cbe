// Servers that are broken on purpose (tests/conformance/broken), each with the spec that is meant to catch
// its bug.

import type { Exercise } from "../conformance/spec.ts";
import { EXERCISES } from "../conformance/specs/all.ts";

/** Servers that are broken on purpose, by exercise: each bug, and the one spec that is meant for it. */
const BROKEN: Record<string, Record<string, string>> = {
  chat_server: {
    "wrong-text": "wording.console",
    "forgets-to-remove": "wording.count",
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

/** A server with one bug, or without any. */
export interface Broken {
  readonly exercise: Exercise;
  readonly bug: string;
  /** The spec that fails; none where there is no bug. */
  readonly failing: readonly string[];
}

export const BROKEN_SERVERS: readonly Broken[] = EXERCISES.filter(({ name }) => name in BROKEN)
  .flatMap((exercise) =>
    Object.entries({ "no-bug": undefined, ...BROKEN[exercise.name] })
      .map(([bug, spec]) => ({ exercise, bug, failing: spec === undefined ? [] : [spec] }))
  );

/** The command that starts one. */
export function brokenCommand({ exercise, bug }: Pick<Broken, "exercise" | "bug">): string[] {
  const file = `tests/conformance/broken/${exercise.script}.ts`;
  return [Deno.execPath(), "run", "--allow-net", file, "{port}", bug];
}

export function brokenName({ exercise, bug }: Broken): string {
  return `${exercise.name} ${bug}`;
}
