// `deno task compile`: makes one file of an exercise, or of all, that runs on a machine without Deno.
// By default that machine is a Raspberry Pi. The modules are bundled first, as `deno task bundle` does, so
// that the file holds only what is used of them, and is the same byte for byte whenever it is built anew.

import { basename, relative, resolve } from "node:path";
import { parseArgs } from "@std/cli/parse-args";
import { print, report } from "../lib/console.ts";
import { Failure, UsageError } from "../lib/errors.ts";
import { run } from "../lib/script.ts";
import { bundleScript, checkTypes } from "./build/bundle.ts";
import { runDeno } from "./build/deno.ts";
import {
  fromCaller,
  makeOutput,
  namesAmong,
  outputOf,
  refuseUnknown,
  scriptNames,
  valueOf,
} from "./build/order.ts";

/** What `deno compile --target` knows, and how a runtime for it begins: ELF with its e_machine. */
const TARGETS: Record<string, { machine?: number; suffix?: string }> = {
  "aarch64-unknown-linux-gnu": { machine: 183 },
  "x86_64-unknown-linux-gnu": { machine: 62 },
  "aarch64-apple-darwin": {},
  "x86_64-apple-darwin": {},
  "aarch64-pc-windows-msvc": { suffix: ".exe" },
  "x86_64-pc-windows-msvc": { suffix: ".exe" },
};
const PI = "aarch64-unknown-linux-gnu";

const HELP =
  `Makes one file of an exercise that runs on a machine without Deno: a Raspberry Pi, say.

usage: deno task compile [flags] [NAME...]

  NAME                     an exercise; none given: sockets, which is all of them in one file
  --all                    each exercise in a file of its own, and sockets
  --target TRIPLE          the machine that it is for (default ${PI}), one of
                           ${Object.keys(TARGETS).slice(0, 3).join(", ")},
                           ${Object.keys(TARGETS).slice(3).join(", ")}
  --output FOLDER          where the files go (default dist)
  --data FOLDER            lets them read and write files in FOLDER, of the machine that they run on,
                           as --data and --trace-diagram do; without it they may use the network only
  --help                   this text

Deno downloads the runtime of the target once, from dl.deno.land. Where that can't be reached,
DENORT_BIN=FILE names one that is here: denort of the same version as this Deno.`;

/** What to build, and how. */
interface Order {
  names: string[];
  target: string;
  /** The folder for the files. */
  output: string;
  /** The folder that the programs may read and write, if any. */
  data: string | undefined;
}

async function main() {
  const order = await parse(Deno.args);
  if (order === undefined) return print(HELP);
  const runtime = await localRuntime(order.target);
  await makeOutput(order.output);
  await checkTypes(order.names);
  const bundles = await Deno.makeTempDir({ prefix: "bundle" });
  try {
    for (const name of order.names) {
      const bundle = `${bundles}/${name}.js`;
      const { modules } = await bundleScript(name, bundle);
      await Deno.utime(bundle, 0, 0); // its time goes into the file too
      const file = await compileBundle(name, bundle, order, runtime);
      await describe(file, name, order, modules);
    }
  } finally {
    await Deno.remove(bundles, { recursive: true });
  }
}

/** The command line, checked; undefined for `--help`. Throws a UsageError. */
async function parse(args: string[]): Promise<Order | undefined> {
  const given = parseArgs(args, {
    boolean: ["help", "all"],
    string: ["_", "target", "output", "data"],
    unknown: refuseUnknown,
  });
  if (given.help) return undefined;
  const target = valueOf(given, "target") ?? PI;
  if (!Object.hasOwn(TARGETS, target)) {
    throw new UsageError(
      `--target takes one of ${Object.keys(TARGETS).join(", ")}, not "${target}"`,
    );
  }
  const scripts = await scriptNames();
  const names = namesAmong(scripts, given._);
  const data = valueOf(given, "data");
  if (data?.includes(",")) {
    throw new UsageError(
      "--data takes a folder without a comma in its name: Deno can't be told of one",
    );
  }
  if (given.all && names.length > 0) throw new UsageError("name exercises, or say --all, not both");
  return {
    names: given.all ? scripts : names.length > 0 ? names : ["sockets"],
    target,
    output: outputOf(given),
    data,
  };
}

/** The runtime that DENORT_BIN names, if it does. Throws a Failure where it is none for the target. */
async function localRuntime(target: string): Promise<string | undefined> {
  const name = Deno.env.get("DENORT_BIN");
  if (name === undefined) return undefined;
  const path = fromCaller(name);
  const start = new Uint8Array(20);
  try {
    using file = await Deno.open(path);
    await file.read(start);
  } catch (error) {
    throw new Failure(`DENORT_BIN: ${error instanceof Error ? error.message : error}`);
  }
  const { machine } = TARGETS[target]!; // parse has checked it
  const isElf = new TextDecoder("latin1").decode(start.subarray(0, 4)) === "\x7fELF";
  if (machine !== undefined && !(isElf && start[18] === machine && start[19] === 0)) {
    throw new Failure(`DENORT_BIN: ${name} is not a program for ${target}`);
  }
  if (/^deno(\.exe)?$/.test(basename(path))) {
    report(`DENORT_BIN: ${name} looks like deno itself; only denort starts what is built with it`);
  }
  return path;
}

async function compileBundle(
  name: string,
  bundle: string,
  { target, output, data }: Order,
  runtime: string | undefined,
): Promise<string> {
  const file = resolve(output, `${name}-${target}${TARGETS[target]?.suffix ?? ""}`);
  const permissions = [
    "--no-prompt",
    "--allow-net",
    "--deny-import",
    ...data === undefined ? [] : [`--allow-read=${data}`, `--allow-write=${data}`],
  ];
  report(`building ${file}`);
  await runDeno(
    ["compile", "--quiet", "--no-config", "--no-lock", "--no-check", "--no-npm", "--no-remote"]
      .concat(["--unstable-net", ...permissions, "--target", target, "--output", file, bundle]),
    runtime === undefined ? {} : { DENORT_BIN: runtime },
  );
  return file;
}

/** Says what was built, how to copy it to a Pi and how to start it. */
async function describe(file: string, name: string, { target, data }: Order, modules: string[]) {
  const bytes = await Deno.readFile(file);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  const path = relative(fromCaller("."), file);
  print(path);
  print("  size     ", bytes.length.toLocaleString("en"), "bytes");
  print("  sha256   ", hash);
  print("  may use  ", "the network" + (data === undefined ? "" : `, and files in ${data}`));
  print("  modules  ", modules.join(" "));
  if (target === PI) {
    print("  copy it  ", `scp ${path} pi@raspberrypi.local:${name}`);
    print("  start it ", `ssh -t pi@raspberrypi.local ./${name}`);
  } else {
    print("  start it ", `./${basename(file)}`);
  }
}

await run(main);
