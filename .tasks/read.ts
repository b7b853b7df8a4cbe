// `deno task read`: pages on which each Python original and its script stand side by side, to be read in a
// browser. It serves them on this machine, or writes them as files that ask for nothing: for any web space,
// or a stick.

import { join, relative, resolve } from "node:path";
import { parseArgs } from "@std/cli/parse-args";
import { print } from "../lib/console.ts";
import { Failure, UsageError } from "../lib/errors.ts";
import { run } from "../lib/script.ts";
import { buildPages, type Site } from "./read/site.ts";
import { readPrograms } from "./read/originals.ts";
import { serve } from "./read/serve.ts";

const HELP = `Makes pages on which each Python original and its script stand side by side.

usage: deno task read [flags]

  --originals PATH         a folder with the originals: files of Python, or course pages (Markdown or
                           text) with programs in their code blocks; or one such file. Without it the
                           pages have the scripts, and a place to drop an original
  --output FOLDER          writes the pages there; without it they are served at http://127.0.0.1:8000,
                           or at the next free port
  --help                   this text`;

const ROOT = new URL("..", import.meta.url);

/** What to make. */
interface Order {
  originals: string | undefined;
  output: string | undefined;
}

async function main() {
  const order = parse(Deno.args);
  if (order === undefined) return print(HELP);
  const { originals, output } = order;
  const programs = originals === undefined ? [] : await programsIn(originals);
  const site = await buildPages(ROOT, programs);
  if (output === undefined) return await serve(site.pages, told(site, programs.length));
  await write(site.pages, fromCaller(output));
  print(
    `${told(site, programs.length)}, in ${relative(fromCaller("."), fromCaller(output)) || "."}`,
  );
}

/** The command line, checked; undefined for `--help`. Throws a UsageError. */
function parse(args: string[]): Order | undefined {
  const given = parseArgs(args, {
    boolean: ["help"],
    string: ["originals", "output"],
    unknown: (arg, key) => {
      if (key !== undefined) {
        throw new UsageError(`unknown flag ${arg}; --help lists those there are`);
      }
      throw new UsageError(
        arg === ""
          ? "an empty name is no folder: --originals and --output take one"
          : `"${arg}" is too much: a folder is given with --originals or --output`,
      );
    },
  });
  if (given.help) return undefined;
  const value = (name: "originals" | "output") => {
    const text: unknown = given[name];
    if (text === undefined || typeof text === "string" && text !== "") return text;
    throw new UsageError(`--${name} takes a folder`);
  };
  return { originals: value("originals"), output: value("output") };
}

/** A path as it was meant where `deno task` was called, which itself goes to the top of the project. */
function fromCaller(path: string): string {
  return resolve(Deno.env.get("INIT_CWD") ?? ".", path);
}

/** The programs in a folder. Throws a Failure where there are none. */
async function programsIn(path: string) {
  let programs;
  try {
    programs = await readPrograms(fromCaller(path));
  } catch (error) {
    throw new Failure(`--originals ${path}: `, { cause: error });
  }
  if (programs.length > 0) return programs;
  throw new Failure(
    `--originals ${path}: there is no Python in it; it takes files of Python (.py), and course pages ` +
      "(.md, .txt) with code blocks",
  );
}

/** What was made, in a line. */
function told({ exercises, scripts, found }: Site, programs: number): string {
  const originals = found.size > 0
    ? `with ${found.size} originals for ${scripts} scripts`
    : programs === 0
    ? "without originals"
    : `but none of the ${programs} programs that were found is the original of a script`;
  return `${exercises} exercises, ${originals}`;
}

async function write(pages: ReadonlyMap<string, string>, folder: string) {
  try {
    await Deno.mkdir(folder, { recursive: true });
    for (const [name, html] of pages) await Deno.writeTextFile(join(folder, name), html);
  } catch (error) {
    throw new Failure(`--output ${folder}: `, { cause: error });
  }
}

await run(main);
