// Files that `deno task compile` wrote, read back: what is embedded in them. Deno as it is stands in for
// denort, the runtime that deno.land has: what is embedded is the same, but only denort would start it.

import { noBundler } from "./bundler.ts";
import { Program } from "./program.ts";

export const PI = "aarch64-unknown-linux-gnu";
/** A stand-in for the runtime: that of the Pi where .ci/arm64 got one, else this machine's own. */
const arm64 = Deno.env.get("DENO_ARM64");
export const [target, machine, runtime] = arm64
  ? [PI, 183, `${arm64}/deno`]
  : [Deno.build.target, Deno.build.arch === "aarch64" ? 183 : 62, Deno.execPath()];

const reason = Deno.build.os === "linux" ? noBundler : "needs Linux";
export const ignore = reason !== undefined;
export const why = ignore ? ` (skipped: ${reason})` : "";

/** Runs the task with a runtime from here, or without one. */
export async function compile(
  args: string[],
  options: { runtime?: string; env?: Record<string, string> } = {},
) {
  const { runtime, env } = options;
  const command = [Deno.execPath(), "task", "--quiet", "compile", ...args];
  const denort = runtime === undefined ? ["-u", "DENORT_BIN"] : [`DENORT_BIN=${runtime}`];
  await using task = new Program("deno task compile", "env", [...denort, ...command], {
    env,
    limit: 120_000, // it checks types, bundles, and writes 90 MB
  });
  return await task.ended();
}

/** Gives `work` an empty folder, and removes it afterwards. */
export async function withFolder(work: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What `deno compile` put into a file (denoland/deno, cli/standalone/binary.rs). */
interface Embedded {
  /** What the program may do: only what is granted or denied, and nothing that is null. */
  permissions: Record<string, unknown>;
  unstable: string[];
  entry: string;
  /** Its files: name and text. */
  files: [string, string][];
  nodeModules: unknown;
}

/**
 * Reads it: a mark twice, the length of the metadata (8 bytes, little-endian), the metadata as JSON;
 * further on the length of a list of the files, that list as JSON, their length, and the files.
 */
export function embedded(bytes: Uint8Array): Embedded {
  const text = new TextDecoder("latin1").decode(bytes); // a character is a byte: the same offsets
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = (at: number) => Number(view.getBigUint64(at, true));
  const metadataAt = text.indexOf("d3n0l4ndd3n0l4nd") + 24;
  const metadataEnd = metadataAt + length(metadataAt - 8);
  const metadata = JSON.parse(text.slice(metadataAt, metadataEnd));
  const listAt = text.indexOf('[{"', metadataEnd);
  const listEnd = listAt + length(listAt - 8);
  const list: { File: { n: string; o: [number, number] } }[] = JSON.parse(
    text.slice(listAt, listEnd),
  );
  return {
    permissions: Object.fromEntries(
      Object.entries(metadata.permissions).filter(([, value]) => value !== null),
    ),
    unstable: metadata.unstable_config.features,
    entry: metadata.entrypoint_key,
    files: list.map(({ File: { n, o: [at, size] } }) => {
      const start = listEnd + 8 + at;
      return [n, new TextDecoder().decode(bytes.subarray(start, start + size))];
    }),
    nodeModules: metadata.node_modules,
  };
}

/** The modules of a bundle, by the comments that stand before them. */
export function modulesOf(bundle: string): string[] {
  const paths = Array.from(bundle.matchAll(/^\/\/ (\S+\.[jt]s)$/gm), ([, path]) => path!);
  return [...new Set(paths)].sort();
}

const TOP = new URL("../..", import.meta.url).href;
/** Packages of @std that deno.json names, and what they stand on. */
const USED_OF_STD = /^npm:deno-std\/[\d.]+\/(bytes|cli|crypto|fmt|internal|text)\//;

/**
 * Those of the modules that the script does not import, by `deno info`. (It may import more than a
 * bundle holds: a module of which nothing is used is left out. And of an npm package `deno info` knows
 * only what is imported from outside.)
 */
export async function beyond(modules: string[], script: string): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", `scripts/${script}.ts`],
  }).output();
  const graph: Graph = JSON.parse(new TextDecoder().decode(stdout));
  const imported = new Set(graph.roots);
  for (const specifier of imported) { // which grows meanwhile
    const module = graph.modules.find((each) => each.specifier === specifier);
    for (const { code } of module?.dependencies ?? []) {
      if (code) imported.add(graph.redirects[code.specifier] ?? code.specifier);
    }
  }
  return modules.filter((module) =>
    module.startsWith("npm:") ? !USED_OF_STD.test(module) : !imported.has(`${TOP}${module}`)
  );
}

/** What is of use here in what `deno info --json` prints. */
interface Graph {
  roots: string[];
  modules: { specifier: string; dependencies?: { code?: { specifier: string } }[] }[];
  redirects: Record<string, string>;
}
