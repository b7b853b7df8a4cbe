// A script and all that it imports as one file of JavaScript (`deno bundle`). It needs no checkout, no
// deno.json and no npm package, and is the same byte for byte whenever and wherever it is made.

import { ROOT, runDeno } from "./deno.ts";

/** What a bundle holds. */
export interface Bundle {
  /** The modules: of those of npm packages, only what is used of them. */
  modules: string[];
  /** The flags that Deno has to be started with. */
  flags: string;
}

/** Checks the types of scripts; a bundle is made without looking at them. Throws a Failure. */
export async function checkTypes(names: readonly string[]): Promise<void> {
  await runDeno(["check", "--quiet", ...names.map((name) => `scripts/${name}.ts`)]);
}

/** Writes the bundle of a script to a file. Throws a Failure where that can't be done. */
export async function bundleScript(name: string, file: string): Promise<Bundle> {
  await runDeno(["bundle", "--quiet", "--output", file, `scripts/${name}.ts`]);
  const made = await Deno.readTextFile(file);
  // A comment before each module tells where it came from, and so does the key of each that is imported
  // late. Where this machine keeps npm packages is nobody's business, and makes the same sources different
  // files elsewhere.
  const text = made.replaceAll(/^(\/\/ | *")[^"\n]*\/npm\/[^"\n/]+\/(?=deno-std\/)/gm, "$1npm:");
  const modules = modulesOf(text);
  // What deno.json turns on for a checkout.
  const flags = modules.includes("lib/udp.ts") ? "--allow-net --unstable-net" : "--allow-net";
  const { version } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  const start = [
    `#!/usr/bin/env -S deno run ${flags}`,
    `// ${name}, version ${version}. MIT License, the authors of this collection;`,
    "// parts of @std: MIT License, the Deno authors.",
  ];
  await Deno.writeTextFile(file, text.replace(/^#!.*/, start.join("\n")));
  return { modules, flags };
}

function modulesOf(text: string): string[] {
  const paths = Array.from(text.matchAll(/^\/\/ (\S+\.[jt]s)$/gm), ([, path]) => path!);
  return [...new Set(paths)].sort(); // a module can stand there in two parts
}
