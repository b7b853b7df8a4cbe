// What makes a program of a script: its flags, the questions for those that were not given, and `run`,
// which turns an error into one line and an exit status, and a signal into a quiet end.

import { print, report } from "./console.ts";
import { endOnSignal, exit, isEnding, outliveTerminal } from "./ending.ts";
import { explain, UsageError } from "./errors.ts";
import { type Defaults, parseCommandLine, type Values } from "./script/flags.ts";
import { checkVersion, circumstances, noteAddress, running } from "./script/running.ts";

export { argument, ask } from "./script/flags.ts";
export { command } from "./script/running.ts";

/** `--help` was given. Not an error, but it ends the program the same way. */
class HelpRequest extends Error {}

/**
 * The flags of the script of that name: their values, checked, with defaults for those not given.
 * Under `_` the positional arguments, for a script that takes some; `positional` is how its usage shows
 * them. `--help` prints the usage and ends the program. Throws a UsageError that says what was wrong and
 * what is accepted.
 *
 * @example
 * ```ts
 * import { parseFlags } from "./script.ts";
 *
 * const args = ["--port", "8080"];
 * const { host, port } = await parseFlags(args, "chat_server", { host: "0.0.0.0", port: 9999 });
 * ```
 */
export async function parseFlags<const D extends Defaults>(
  args: readonly string[],
  name: string,
  defaults: D,
  positional?: string,
): Promise<Values<D> & { _: string[] }> {
  running.name = name;
  const { values, help, trace, diagram } = await parseCommandLine(
    args,
    defaults,
    positional !== undefined,
  );
  if (help) {
    const { usage } = await import("./script/usage.ts");
    throw new HelpRequest(usage(name, defaults, positional));
  }
  if (trace || diagram !== undefined) {
    const { startTrace } = await import("./trace.ts"); // costs nothing where it is off
    startTrace(name, trace, diagram);
  }
  await noteAddress(values);
  return values;
}

/**
 * Runs a script's `main`, then ends the program: with the status that main returns, 0 if none; 1 after
 * an error and 2 after a UsageError, told in one line on stderr; 130 and 143 after SIGINT and SIGTERM,
 * when what was to be sent has been sent. An error beside main, in a promise that nobody awaits, ends it
 * the same way.
 *
 * @example
 * ```ts
 * import { run } from "./script.ts";
 *
 * async function main() {}
 *
 * if (import.meta.main) await run(main);
 * ```
 */
export async function run(main: () => Promise<number | void>): Promise<void> {
  endOnSignal("SIGINT");
  endOnSignal("SIGTERM");
  outliveTerminal();
  const beside = (event: Event, error: unknown) => {
    event.preventDefault(); // Deno would print a stack trace
    endWith(error);
  };
  addEventListener("unhandledrejection", (event) => beside(event, event.reason));
  addEventListener("error", (event) => beside(event, event.error));
  try {
    checkVersion();
    await exit(await main() ?? 0);
  } catch (error) {
    endWith(error);
  }
}

/** Ends the program because of an error: one line on stderr, and the exit status. */
function endWith(error: unknown): void {
  if (isEnding()) return; // what fails while the program ends is no news
  if (error instanceof HelpRequest) {
    print(error.message);
    exit(0);
    return;
  }
  const line = explain(error, circumstances());
  report(running.name ? `${running.name}: ${line}` : line);
  exit(error instanceof UsageError ? 2 : 1);
}
