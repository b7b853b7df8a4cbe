// Finds the programs of a class: what patterns such as `submissions/*` match, and whose each is.

import { globSync } from "node:fs";
import { basename, join, resolve } from "node:path";

/** One program, or the folder that it lies in. */
export interface Submission {
  /** Whose it is: its file's name without what follows the last dot, or its folder's name. */
  readonly name: string;
  /** As the pattern has it. */
  readonly path: string;
  /** Differs when any of its files was changed. */
  readonly state: string;
}

/**
 * What the patterns match, seen from `cwd`, in the order of names. Hidden files, what Python leaves behind,
 * and the files in `except` are nobody's.
 */
export function findSubmissions(
  patterns: readonly string[],
  cwd: string,
  except: readonly string[] = [],
): Submission[] {
  const ignored = new Set(except.map((path) => resolve(cwd, path)));
  const paths = new Set(patterns.flatMap((pattern) => globSync(pattern, { cwd })));
  const found = [...paths].filter((path) => {
    const name = basename(path);
    return !name.startsWith(".") && name !== "__pycache__" && !ignored.has(resolve(cwd, path));
  });
  const plain = found.map((path) => plainName(path));
  return found.map((path, i) => ({
    // Two that are called alike are told apart by their folders.
    name: plain.indexOf(plain[i]!) === plain.lastIndexOf(plain[i]!) ? plain[i]! : path,
    path,
    state: stateOf(resolve(cwd, path)),
  })).sort((a, b) => a.name.localeCompare(b.name, "ko"));
}

function plainName(path: string): string {
  return basename(path).replace(/(?<=.)\.[^.]*$/, "");
}

/** Sizes and times of a file, or of all files in a folder. */
function stateOf(path: string): string {
  const info = Deno.statSync(path);
  if (!info.isDirectory) return fileState(info);
  return globSync("**/*", { cwd: path }).sort()
    .filter((file) => !file.includes("__pycache__"))
    .map((file) => ({ file, info: Deno.statSync(join(path, file)) }))
    .filter(({ info }) => info.isFile)
    .map(({ file, info }) => `${file} ${fileState(info)}`).join("; ");
}

function fileState({ size, mtime }: Deno.FileInfo): string {
  return `${size} ${mtime?.getTime()}`;
}
