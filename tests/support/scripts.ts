// The scripts of this project by name, and how each of them starts elsewhere.

import { assertEquals } from "@std/assert";
import { Program, type StartOptions } from "./program.ts";
import { sideBySide } from "./side_by_side.ts";

/** Starts a script: on this machine, on a Pi, on Windows. */
export type Start = (name: string, args?: string[], options?: StartOptions) => Program;

/** All scripts there are, sockets among them. */
export async function scriptNames(): Promise<string[]> {
  const files = await Array.fromAsync(Deno.readDir("scripts"), ({ name }) => name);
  return files.filter((file) => file.endsWith(".ts")).map((file) => file.slice(0, -3)).sort();
}

/** The scripts of exercises: sockets only runs them. */
export async function exerciseNames(): Promise<string[]> {
  return (await scriptNames()).filter((name) => name !== "sockets");
}

/** Every script starts there, and its --help is what it is here. */
export async function assertAllStart(there: Start): Promise<void> {
  await sideBySide(await scriptNames(), async (name) => {
    await using itself = Program.script(name, ["--help"]);
    await using other = there(name, ["--help"]);
    const [elsewhere, here] = [await other.ended(), await itself.ended()];
    // How it ended first, by itself: a difference there is not to be lost behind a long text.
    assertEquals([name, elsewhere.code, elsewhere.stderr], [name, here.code, here.stderr]);
    assertEquals(elsewhere.stdout, here.stdout, name);
  }, 2); // an emulated Deno takes a core for itself, and the CI machine has two
}
