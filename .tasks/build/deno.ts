// Runs Deno for a task that builds something, and tells in one line what it could not download.

import { Failure } from "../../lib/errors.ts";

/** The top of the project. */
export const ROOT = new URL("../..", import.meta.url);

/** Runs Deno at the top of the project. Throws a Failure with what it says where it fails. */
export async function runDeno(args: string[], env: Record<string, string> = {}): Promise<void> {
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
  const cause = said.slice(said.lastIndexOf("\n") + 1).replace(/^\s*(\d+: )?/, "");
  const runtime = /https:\/\/dl\.deno\.land\S+\.zip/.exec(said)?.[0];
  if (runtime !== undefined) {
    throw new Failure(
      `the runtime can't be downloaded (${cause}): get ${runtime} some other way, unpack it, and start ` +
        `this again as DENORT_BIN=FILE deno task compile`,
    );
  }
  const bundler = /Failed (?:loading|caching).*(https:\/\/\S+esbuild\S*)/.exec(said)?.[1];
  if (bundler !== undefined) {
    throw new Failure(
      `Deno's bundler, which it downloads once from ${bundler}, can't be had (${cause})`,
    );
  }
  await Deno.stderr.write(stderr);
  throw new Failure(`deno ${args[0]} failed`);
}
