// Python 3 as the judge of what Python does: runs a program in it and takes what it prints.

import { AssertionError } from "@std/assert";
import { isInstalled, testUnless } from "./needs.ts";

/** Why Python can't judge here; undefined where it can. */
export const noPython: string | undefined = await isInstalled("python3", "--version")
  ? undefined
  : "there is no python3";

/**
 * Python itself: `python3` may be a shell script that chooses one of several (pyenv), and that takes
 * longer than Python needs to start.
 */
export const PYTHON: string = noPython
  ? "python3"
  : (await run("python3", ["-c", "import sys; print(sys.executable)"])).trim();

/** What a Python program prints. */
export function python(program: string, ...args: string[]): Promise<string> {
  return run(PYTHON, ["-c", program, ...args]);
}

async function run(command: string, args: string[]): Promise<string> {
  const env = { PYTHONUTF8: "1" };
  const { success, stdout, stderr } = await new Deno.Command(command, { args, env }).output();
  if (!success) throw new AssertionError(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** A test against Python, skipped with the reason where there is none. */
export function testWithPython(name: string, fn: () => Promise<void>): void {
  testUnless(noPython, name, fn);
}
