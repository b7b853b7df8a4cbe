// What the tasks that build something are told: exercises by name, and a folder.

import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Failure, UsageError } from "../../lib/errors.ts";
import { ROOT } from "./deno.ts";

/** All scripts there are, sockets among them. */
export async function scriptNames(): Promise<string[]> {
  const folder = new URL("scripts", ROOT);
  const files = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  return files.filter((file) => file.endsWith(".ts")).map((file) => file.slice(0, -3)).sort();
}

/** The names that were given, checked. Throws a UsageError where one is that of no script. */
export function namesAmong(scripts: readonly string[], given: readonly unknown[]): string[] {
  const names = given.map(String);
  const unknown = names.find((name) => !scripts.includes(name));
  if (unknown === undefined) return names;
  throw new UsageError(`there is no exercise "${unknown}"; there are ${scripts.join(", ")}`);
}

/** The value of a flag, if it was given. Throws a UsageError where it was given without one. */
export function valueOf(given: Record<string, unknown>, name: string): string | undefined {
  const text = given[name];
  if (text === undefined) return undefined;
  if (typeof text === "string" && text !== "") return text;
  throw new UsageError(`--${name} takes a value; --help says which`);
}

/** What parseArgs is to call for what it does not know. */
export function refuseUnknown(arg: string, key?: string): void {
  if (key !== undefined) throw new UsageError(`unknown flag ${arg}; --help lists those there are`);
}

/** The folder of `--output`: dist, where it was not given. */
export function outputOf(given: Record<string, unknown>): string {
  return fromCaller(valueOf(given, "output") ?? fileURLToPath(new URL("dist", ROOT)));
}

/** A path as it was meant where `deno task` was called, which itself goes to the top of the project. */
export function fromCaller(path: string): string {
  return resolve(Deno.env.get("INIT_CWD") ?? ".", path);
}

/** Makes the folder for what is built. Throws a Failure where it can't be made. */
export async function makeOutput(folder: string): Promise<void> {
  try {
    await Deno.mkdir(folder, { recursive: true });
  } catch (error) {
    throw new Failure(`${folder} can't be made; --output names another folder: `, { cause: error });
  }
}
