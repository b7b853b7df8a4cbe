// Builds all pages: reads the project, asks deno doc, bundles the scripts of the pages, and puts it
// together.

import { fileURLToPath } from "node:url";
import { Failure } from "../../lib/errors.ts";
import { readCode } from "./code.ts";
import { importsOf, Library } from "./docs.ts";
import { readExercises } from "./exercises.ts";
import { faultsOf } from "./faults.ts";
import { assign, type Program } from "./originals.ts";
import { exercisePage, type PagePair } from "./exercise_page.ts";
import { firstPage } from "./first_page.ts";
import { libraryPage } from "./library_page.ts";
import { exercisePath, type Kit, libraryPath } from "./page.ts";
import { diagramOf } from "./diagrams.ts";
import { readReadme } from "./readme.ts";

/** The pages by the names of their files, and what they hold. */
export interface Site {
  pages: Map<string, string>;
  exercises: number;
  scripts: number;
  /** The scripts for which there is an original. */
  found: Set<string>;
}

/** Builds the pages of the project at `root`, with these programs as originals. */
export async function buildPages(root: URL, programs: readonly Program[]): Promise<Site> {
  const [readme, kit, files] = await Promise.all([
    readReadme(root),
    readKit(root),
    libraryFiles(root),
  ]);
  const exercises = readExercises(readme);
  const scripts = exercises.flatMap(({ scripts }) => scripts);
  const sources = await Promise.all(scripts.map(async (script) => {
    const source = await Deno.readTextFile(new URL(`scripts/${script.name}.ts`, root));
    return { script, source, code: readCode(source, "typescript") };
  }));
  const modules = new Set(
    sources.flatMap(({ code }) => importsOf(code)).map(({ module }) => module),
  );
  const library = await Library.read(root, [...modules].sort());
  const originals = assign(programs, sources);
  const pairs = new Map(sources.map(({ script, source, code }): [string, PagePair] => {
    const original = originals.get(script.name);
    return [script.name, {
      script,
      pair: {
        name: script.name,
        source,
        docs: library.of(code),
        faults: faultsOf(readme, script.name),
      },
      original: original && {
        name: original.name ?? script.originalFile ?? `${script.name}.py`,
        text: original.text,
        found: original.found,
      },
    }];
  }));
  const pages = new Map<string, string>();
  const found = new Set(originals.keys());
  pages.set("index.html", firstPage(exercises, found, kit));
  for (const [i, exercise] of exercises.entries()) {
    const page = {
      exercise,
      pairs: exercise.scripts.map(({ name }) => pairs.get(name)!), // all scripts are in it
      diagram: diagramOf(exercise, readme),
      before: exercises[i - 1],
      after: exercises[i + 1],
    };
    pages.set(exercisePath(exercise), exercisePage(page, scripts, kit));
  }
  for (const file of files) {
    const source = await Deno.readTextFile(new URL(file, root));
    pages.set(libraryPath(file), libraryPage(file, source, files, kit));
  }
  return { pages, exercises: exercises.length, scripts: scripts.length, found };
}

/** The files of lib, as `lib/socket/outbox.ts`. */
async function libraryFiles(root: URL, folder = "lib"): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, root))) {
    const path = `${folder}/${name}`;
    if (isDirectory) files.push(...await libraryFiles(root, path));
    else if (name.endsWith(".ts")) files.push(path);
  }
  return files.sort();
}

async function readKit(root: URL): Promise<Kit> {
  const here = new URL(".tasks/read/", root);
  const style = await Deno.readTextFile(new URL("style.css", here));
  const [reading, language] = await Promise.all(
    ["reading", "language"].map((name) => bundle(new URL(`browser/${name}.ts`, here))),
  );
  return { style, reading: reading!, language: language! };
}

/** A script for the browser with all that it imports. Throws a Failure with what Deno says. */
async function bundle(entry: URL): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--platform", "browser", "--format", "iife", "--minify"]
      .concat(["--config", fileURLToPath(new URL("../deno.json", entry)), entry.href]),
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  if (success) return new TextDecoder().decode(stdout);
  throw new Failure(
    `deno bundle failed: ${new TextDecoder().decode(stderr).trim().split("\n")[0]}`,
  );
}
