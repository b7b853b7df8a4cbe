// Python 3 as the judge of what Python does: runs a program in it and takes what it prints.

import { AssertionError } from "@std/assert";
import { outputOf, testUnless } from "./needs.ts";

/** `python3` may be a shell script that chooses one of several (pyenv): Python says where it is itself. */
const found = await outputOf("python3", "-c", "import sys; print(sys.executable)");

/** Why Python can't judge here; undefined where it can. */
export const noPython: string | undefined = found === undefined ? "there is no python3" : undefined;

/** Python itself: the script in front of it would take longer than Python needs to start. */
export const PYTHON: string = found?.trim() ?? "python3";

/** What a Python program prints. */
export async function python(program: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(PYTHON, {
    args: ["-c", program, ...args],
    env: { PYTHONUTF8: "1" },
  }).output();
  if (!success) throw new AssertionError(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** A test against Python, skipped with the reason where there is none. */
export function testWithPython(name: string, fn: () => Promise<void>): void {
  testUnless(noPython, name, fn);
}
