// The course's Python originals, as programs under test. PYTHON_ORIGINALS names their folder; without
// it, or without python3, the tests that need them are skipped.

import { Program } from "./program.ts";
import { noPython, PYTHON } from "./python.ts";

/** The folder of the originals; empty where none is named. */
export const ORIGINALS: string = Deno.env.get("PYTHON_ORIGINALS") ?? "";

/** Why the originals can't be run here; undefined where they can. */
export const noOriginals: string | undefined = !ORIGINALS
  ? "PYTHON_ORIGINALS is not set"
  : noPython;

/** Where an original is. */
export function originalFile(name: string): string {
  return `${ORIGINALS}/${name}`;
}

/**
 * Starts an original with literals of its source replaced: its port mostly, by 0 for a server, which
 * then says which one it got.
 */
export function startOriginal(
  file: string,
  literals: Record<string, string>,
  args: string[] = [],
): Program {
  return new Program(
    file,
    PYTHON,
    ["tests/support/run_original.py", originalFile(file), JSON.stringify(literals), ...args],
    { stdin: true, env: { PYTHONUNBUFFERED: "", PYTHONUTF8: "1" } },
  );
}
