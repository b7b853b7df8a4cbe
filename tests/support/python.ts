// Python 3 as the judge of what Python does: runs a program in it and takes what it prints.

import { AssertionError } from "@std/assert";
import { isInstalled, testUnless } from "./needs.ts";

/** Why Python can't judge here; undefined where it can. */
export const noPython: string | undefined = await isInstalled("python3", "--version")
  ? undefined
  : "there is no python3";

/** What a Python program prints. */
export async function python(program: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("python3", {
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
