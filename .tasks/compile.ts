// `deno task compile`: makes one file of an exercise, or of all, that runs on a machine without Deno.
// By default that machine is a Raspberry Pi. The modules are bundled first (`deno bundle`), so that the
// file holds only what is used of them, and is the same byte for byte whenever it is built anew.

import { basename, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "@std/cli/parse-args";
import { print, report } from "../lib/console.ts";
import { Failure, UsageError } from "../lib/errors.ts";
import { run } from "../lib/script.ts";

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

const ROOT = new URL("..", import.meta.url);

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
  await Deno.mkdir(order.output, { recursive: true });
  const bundles = await Deno.makeTempDir({ prefix: "bundle" });
  try {
    for (const name of order.names) {
      const bundle = `${bundles}/${name}.js`;
      const modules = await bundleScript(name, bundle);
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
    unknown: (arg, key) => {
      if (key !== undefined) {
        throw new UsageError(`unknown flag ${arg}; --help lists those there are`);
      }
    },
  });
  if (given.help) return undefined;
  const target = value(given, "target") ?? PI;
  if (!Object.hasOwn(TARGETS, target)) {
    throw new UsageError(
      `--target takes one of ${Object.keys(TARGETS).join(", ")}, not "${target}"`,
    );
  }
  const scripts = await scriptNames();
  const names = given._.map(String);
  const unknown = names.find((name) => !scripts.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`there is no exercise "${unknown}"; there are ${scripts.join(", ")}`);
  }
  const data = value(given, "data");
  if (data?.includes(",")) {
    throw new UsageError(
      "--data takes a folder without a comma in its name: Deno can't be told of one",
    );
  }
  if (given.all && names.length > 0) throw new UsageError("name exercises, or say --all, not both");
  return {
    names: given.all ? scripts : names.length > 0 ? names : ["sockets"],
    target,
    output: fromCaller(value(given, "output") ?? fileURLToPath(new URL("dist", ROOT))),
    data,
  };
}

/** The value of a flag, if it was given. Throws a UsageError where it was given without one. */
function value(given: Record<string, unknown>, name: string): string | undefined {
  const text = given[name];
  if (text === undefined) return undefined;
  if (typeof text === "string" && text !== "") return text;
  throw new UsageError(`--${name} takes a value; --help says which`);
}

async function scriptNames(): Promise<string[]> {
  const files = await Array.fromAsync(Deno.readDir(new URL("scripts", ROOT)), ({ name }) => name);
  return files.filter((file) => file.endsWith(".ts")).map((file) => file.slice(0, -3)).sort();
}

/** A path as it was meant where `deno task` was called, which itself goes to the top of the project. */
function fromCaller(path: string): string {
  return resolve(Deno.env.get("INIT_CWD") ?? ".", path);
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

/**
 * Bundles a script with all that it imports into one file, and gives the names of its modules: of
 * those of npm packages, only what is used of them.
 */
async function bundleScript(name: string, bundle: string): Promise<string[]> {
  await deno(["bundle", "--quiet", "--check", "--output", bundle, `scripts/${name}.ts`]);
  const made = await Deno.readTextFile(bundle);
  // A comment before each module, and the name of its function where it has one, tell where it came from.
  // Where this machine keeps npm packages is nobody's business, and makes the same sources different files
  // elsewhere.
  const places = /^(\/\/ | {2}").*\/npm\/registry\.npmjs\.org\/(?=\S+(?: \{)?$)/gm;
  const text = made.replaceAll(places, "$1npm:");
  await Deno.writeTextFile(bundle, text);
  // Its time goes into the binary too.
  await Deno.utime(bundle, 0, 0);
  // A module can stand there in two parts.
  return [...new Set(Array.from(text.matchAll(/^\/\/ (\S+\.[jt]s)$/gm), ([, path]) => path!))]
    .sort();
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
  await deno(
    ["compile", "--quiet", "--no-config", "--no-lock", "--no-check", "--no-npm", "--no-remote"]
      .concat(["--unstable-net", ...permissions, "--target", target, "--output", file, bundle]),
    runtime === undefined ? {} : { DENORT_BIN: runtime },
  );
  return file;
}

/** Runs Deno. Throws a Failure with what it says where it fails. */
async function deno(args: string[], env: Record<string, string> = {}): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return;
  const said = new TextDecoder().decode(stderr).split("\nStack backtrace:")[0]!.trim();
  const address = /https:\/\/dl\.deno\.land\S+\.zip/.exec(said)?.[0];
  if (address === undefined) {
    await Deno.stderr.write(stderr);
    throw new Failure(`deno ${args[0]} failed`);
  }
  const cause = said.slice(said.lastIndexOf("\n") + 1).replace(/^\s*\d+: /, "");
  throw new Failure(
    `the runtime can't be downloaded (${cause}): get ${address} some other way, unpack it, and start ` +
      `this again as DENORT_BIN=FILE deno task compile`,
  );
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
    print("  start it ", (target.includes("windows") ? ".\\" : "./") + basename(file));
  }
}

await run(main);
