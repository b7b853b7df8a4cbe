// `deno task bundle`: writes exercises as one file of JavaScript each, for who has Deno and no checkout:
// `deno run --allow-net chat_server.js`, in any folder, or from the address of a web server.

import { relative, resolve } from "node:path";
import { parseArgs } from "@std/cli/parse-args";
import { print } from "../lib/console.ts";
import { run } from "../lib/script.ts";
import { bundleScript, checkTypes } from "./build/bundle.ts";
import {
  fromCaller,
  makeOutput,
  namesAmong,
  outputOf,
  refuseUnknown,
  scriptNames,
} from "./build/order.ts";

const HELP = `Writes an exercise as one file, which Deno runs without anything else.

usage: deno task bundle [flags] [NAME...]

  NAME                     an exercise, or sockets, which is all of them in one file; none given: each
                           exercise in a file of its own, and sockets
  --output FOLDER          where the files go (default dist)
  --help                   this text

Deno downloads its bundler once, from registry.npmjs.org.`;

async function main() {
  const given = parseArgs(Deno.args, {
    boolean: ["help"],
    string: ["_", "output"],
    unknown: refuseUnknown,
  });
  if (given.help) return print(HELP);
  const scripts = await scriptNames();
  const chosen = namesAmong(scripts, given._);
  const names = chosen.length > 0 ? chosen : scripts;
  const output = outputOf(given);
  await makeOutput(output);
  await checkTypes(names);
  for (const name of names) {
    const file = resolve(output, `${name}.js`);
    const { flags } = await bundleScript(name, file);
    const { size } = await Deno.stat(file);
    const path = relative(fromCaller("."), file);
    const bytes = size.toLocaleString("en").padStart(8);
    print(path.padEnd(28), bytes, "bytes ", `deno run ${flags} ${name}.js`);
  }
}

await run(main);
