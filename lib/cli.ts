// The command line: flags and their checks, the usage text, and `run`, which turns errors into one
// line and an exit status, and signals into a quiet end.

import { parseArgs } from "@std/cli/parse-args";
import { type Account, ID_LIMIT, parseAccount, PASSWORD_LIMIT } from "./account.ts";
import { about } from "./exercises.ts";
import { closeConsole, input, inputSecret, print, report } from "./console.ts";
import { type FramingName, FRAMINGS } from "./framing.ts";
import { closeAll, endpoint } from "./socket.ts";
import { startTrace } from "./trace.ts";

/** Exit statuses: it worked, it failed, it was called wrongly, and 128 + the signal (POSIX shells). */
const FAILED = 1;
const WRONG_USAGE = 2;
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143 } as const;
/** Milliseconds in which a program has ended after a signal, even if its console takes nothing. */
const SIGNAL_LIMIT = 2000;

/** The command line was wrong: one line, exit status 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** It can't be done, for a reason that the message tells in full: one line, exit status 1. */
export class Failure extends Error {
  override name = "Failure";
}

/** The flags there are, with the types of their values. */
export interface FlagValues {
  host: string;
  port: number;
  framing: FramingName;
  count: number;
  interval: number;
  role: string;
  name: string;
  mode: string;
  user: Account[];
  data: string;
}

interface Flag<Value> {
  /** What stands for the value in the usage text. */
  readonly placeholder: string;
  readonly help: string;
  /** The value, or undefined where the text is not one. */
  parse(text: string): Value | undefined;
  /** What is accepted, for the line that says so. */
  readonly accepts: string;
  /** What holds where it is not given and has no default; else it is asked for. */
  readonly absent?: string;
  /** Whether it may be given more than once; the values are joined. */
  readonly repeatable?: true;
}

const FLAGS: { [Name in keyof FlagValues]: Flag<FlagValues[Name]> } = {
  host: {
    placeholder: "ADDRESS",
    help: "address to listen on or to connect to",
    accepts: "an IP address or a host name, without a port",
    parse: host,
  },
  port: {
    placeholder: "PORT",
    help: "port number",
    accepts: "a whole number from 0 to 65535",
    parse: (text) => wholeNumber(text, 65535),
  },
  framing: {
    placeholder: "NAME",
    help: `how messages are told apart: ${FRAMINGS.join(", ")}`,
    accepts: `one of ${FRAMINGS.join(", ")}`,
    parse: (text) => FRAMINGS.find((name) => name === text),
  },
  count: {
    placeholder: "N",
    help: "how many times",
    accepts: "a whole number from 1 on",
    parse: (text) => wholeNumber(text) || undefined,
  },
  interval: {
    placeholder: "SECONDS",
    help: "seconds between two times",
    accepts: "seconds up to a day (86400), such as 3 or 0.5",
    parse: (text) => /^\d+(\.\d+)?$/.test(text) && Number(text) <= 86400 ? Number(text) : undefined,
  },
  role: {
    placeholder: "server|client",
    help: "which of the two to be",
    accepts: "server or client",
    parse: (text) => /^(server|client)$/i.test(text) ? text : undefined,
  },
  name: {
    placeholder: "NAME",
    help: "name to use",
    accepts: "a name",
    parse: (text) => text.trim() !== "" ? text : undefined,
  },
  mode: {
    placeholder: "1|2",
    help: "what to make of a sentence",
    accepts: "1 for upper case or 2 for lower case",
    // Any digit, for the server to judge. With more, the last would be the mode and the rest sentence.
    parse: (text) => /^\d$/.test(text) ? text : undefined,
  },
  user: {
    placeholder: "ID:PASSWORD",
    help: "an account; may be given more than once",
    accepts:
      `ID:PASSWORD, neither of them empty, ${ID_LIMIT} and ${PASSWORD_LIMIT} characters at most`,
    parse: (text) => {
      const account = parseAccount(text, ":");
      return account && [account];
    },
    repeatable: true,
  },
  data: {
    placeholder: "FILE",
    help: "SQLite file that keeps what clients were told",
    accepts: "a file name",
    parse: (text) => text !== "" ? text : undefined,
    absent: "kept in memory, where not given",
  },
};

/** A host name, an IPv4 address, or an IPv6 address, of which the brackets that URLs need are taken off. */
function host(text: string): string | undefined {
  const bare = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  return /^([\w.-]+|[\da-f.]*(:[\da-f.]*){2,}(%[\w.-]+)?)$/i.test(bare) ? bare : undefined;
}

function wholeNumber(text: string, largest = Number.MAX_SAFE_INTEGER): number | undefined {
  return /^\d+$/.test(text) && Number(text) <= largest ? Number(text) : undefined;
}

/** A script's flags, each with its default; undefined for one that has none and is asked for instead. */
type Defaults = { readonly [Name in keyof FlagValues]?: FlagValues[Name] | undefined };

/** The values of a script's flags. Those without a default may be undefined. */
type Values<D extends Defaults> = {
  [Name in keyof D & keyof FlagValues]: D[Name] extends undefined ? FlagValues[Name] | undefined
    : FlagValues[Name];
};

/** The script that runs, for the lines that say what went wrong, and the address that it uses. */
let script = "";
let address = "";

/** Notes the address about to be used, so that an error can name it. */
export function using(host: string, port: number): void {
  address = endpoint({ hostname: host, port });
}

/** Whether it is sockets.ts that was started, and runs the script. `deno task compile` makes a .js of it. */
const throughSockets = /\/sockets\.[jt]s$/.test(Deno.mainModule);

/** How to start a script from the command line. */
export function command(name: string): string {
  if (Deno.build.standalone) return throughSockets ? `sockets ${name}` : name;
  return `deno run --allow-net scripts/${throughSockets ? `sockets.ts ${name}` : `${name}.ts`}`;
}

/** What to throw where `what` needs more permissions than there are: the line says how to give them. */
export function needsPermission(what: string, permissions: string): Failure {
  const how = Deno.build.standalone
    ? "build it with `deno task compile --data FOLDER`, and keep the file in that folder"
    : `start it with "${command(script).replace("--allow-net", `--allow-net ${permissions}`)}"`;
  return new Failure(`${what} needs leave to use its file: ${how}`);
}

/**
 * The flags of the script of that name: their values, checked, with defaults for those not given.
 * Under `_` the positional arguments, for a script that takes some; `positional` is how its usage shows
 * them. `--help` prints the usage and ends the program. Throws a UsageError that says what was wrong and
 * what is accepted.
 */
export function parseFlags<const D extends Defaults>(
  args: readonly string[],
  name: string,
  defaults: D,
  positional?: string,
): Values<D> & { _: string[] } {
  script = name;
  const names = Object.keys(defaults) as (keyof FlagValues)[]; // Object.keys forgets the type
  const underscore = args.find((arg) => /^--?_(=|$)/.test(arg)); // parseArgs would mix it with its own `_`
  if (underscore) throw unknownFlag(underscore);
  const given = parseArgs(args, {
    boolean: ["help", "trace"],
    string: ["_", "trace-diagram", ...names],
    alias: { h: "help" },
    collect: names.filter((name) => FLAGS[name].repeatable),
    unknown: (arg, key) => {
      if (key === undefined) return;
      // A value below 0 looks like a flag; no flag takes one.
      const before = names.find((name) => args[args.indexOf(arg) - 1] === `--${name}`);
      if (before && /^-\d/.test(arg)) parseValue(before, arg);
      throw unknownFlag(arg);
    },
  });
  if (given.help) throw new HelpRequest(usage(name, defaults, positional));
  const values: Record<string, unknown> = { ...defaults, _: given._.map(String) };
  for (const name of names) {
    const text = given[name];
    if (typeof text === "string") values[name] = parseValue(name, text);
    else if (Array.isArray(text) && text.length > 0) {
      values[name] = text.map((each) => parseValue(name, String(each))).flat();
    }
  }
  if (positional === undefined && given._.length > 0) {
    throw new UsageError(`unexpected argument "${given._[0]}"; --help tells what is taken`);
  }
  if (typeof values.host === "string" && typeof values.port === "number") {
    using(values.host, values.port);
  }
  trace(given.trace === true, given["trace-diagram"]);
  return values as Values<D> & { _: string[] }; // each was parsed by the entry of FLAGS with its type
}

function unknownFlag(arg: string): UsageError {
  return new UsageError(`unknown flag ${arg}; --help lists those there are`);
}

/**
 * The value of a flag, or of an argument that means the same; `shown` is what the user knows it by.
 * Throws a UsageError.
 */
export function parseValue<Name extends keyof FlagValues>(
  name: Name,
  text: string,
  shown = `--${name}`,
): FlagValues[Name] {
  const value = FLAGS[name].parse(text);
  if (value !== undefined) return value;
  throw new UsageError(`${shown} takes ${FLAGS[name].accepts}, not "${text}"`);
}

/**
 * The value of a flag that was not given, asked for at the console. What the flag would not take is
 * told on stderr, and asked for again. `atEnd` is what the end of input counts as; without it, it is an
 * error.
 */
export async function ask<Name extends keyof FlagValues>(
  name: Name,
  prompt: string,
  atEnd?: string,
): Promise<FlagValues[Name]> {
  while (true) {
    const answer = await input(prompt, atEnd);
    const value = FLAGS[name].parse(answer) ?? FLAGS[name].parse(answer.trim());
    if (value !== undefined) return value;
    report(`"${answer}" can't be used: type ${FLAGS[name].accepts}`);
  }
}

/** An account that was not given with --user, asked for at the console until it is whole. */
export async function askAccount(): Promise<Account[]> {
  while (true) {
    const id = await input("Input ID : ");
    const account = parseAccount(`${id}:${await inputSecret("Input password : ")}`, ":");
    if (account?.id === id) return [account];
    report(
      `an ID without a colon and a password are needed, ` +
        `${ID_LIMIT} and ${PASSWORD_LIMIT} characters at most`,
    );
  }
}

/** Begins to trace what goes over the wire, where a flag asks for it. Throws a Failure. */
function trace(console: boolean, diagram: unknown) {
  if (typeof diagram !== "string") return startTrace(script, console);
  if (diagram === "") throw new UsageError("--trace-diagram takes the name of a file");
  const { state } = Deno.permissions.querySync({ name: "write", path: diagram });
  if (state !== "granted") throw needsPermission("--trace-diagram", `--allow-write=${diagram}`);
  try {
    startTrace(script, console, diagram);
  } catch (error) {
    throw new Failure(`--trace-diagram can't write ${diagram}: ${explain(error)}`);
  }
}

/** `--help` was given. Not an error, but it ends the program the same way. */
class HelpRequest extends Error {
  override name = "HelpRequest";
}

function usage(script: string, flags: Defaults, positional?: string): string {
  const lines = [
    about(script) ?? script,
    "",
    `usage: ${command(script)} [flags]${positional ? ` ${positional}` : ""}`,
    "",
  ];
  for (const [name, value] of Object.entries(flags)) {
    const { placeholder, help, absent } = FLAGS[name as keyof FlagValues]; // Object.entries forgets the type
    const wanted = value === undefined
      ? absent ?? "asked for, where not given"
      : `default ${value === Infinity ? "without end" : value}`;
    lines.push(`  ${`--${name} ${placeholder}`.padEnd(24)} ${help} (${wanted})`);
  }
  lines.push(`  ${"--trace".padEnd(24)} show what goes over the wire, on stderr`);
  lines.push(`  ${"--trace-diagram FILE".padEnd(24)} write it as a Mermaid sequence diagram`);
  lines.push(`  ${"--help".padEnd(24)} this text`);
  return lines.join("\n");
}

/** What went wrong, in one line for people. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof Failure || error instanceof UsageError) return error.message;
  const { errors } = Deno;
  if (error instanceof errors.AddrInUse) {
    return `${address} is in use: stop the other program, or choose another port with --port`;
  }
  if (error instanceof errors.AddrNotAvailable) {
    return `${address} is not an address of this machine`;
  }
  if (error instanceof errors.ConnectionRefused) {
    return `${address} refused: is the server running there?`;
  }
  if (error instanceof errors.TimedOut) return `${address} does not answer`;
  if (error instanceof errors.PermissionDenied) {
    return `${address}: permission denied (ports below 1024 are for root; choose one with --port)`;
  }
  if (error instanceof errors.NotCapable) return `not allowed: start it with "${command(script)}"`;
  if (/failed to lookup|no addresses|empty host/i.test(error.message)) {
    return `${address}: unknown host`;
  }
  if (/invalid port/i.test(error.message)) {
    return `${address}: a server's port is a number from 1 to 65535`;
  }
  if (/(network|host) is unreachable|no route/i.test(error.message)) {
    return `${address}: no route to it`;
  }
  return error.message;
}

/** Ends the program because of an error: one line on stderr, and the exit status. */
export function fatal(error: unknown): void {
  if (ending) return; // what fails while the program ends is no news
  report(`${script ? `${script}: ` : ""}${explain(error)}`);
  exit(error instanceof UsageError ? WRONG_USAGE : FAILED);
}

/** Whether the program is about to end; what began first decides the status. */
let ending = false;

/** Python's `sys.exit`: ends the program, when what was to be sent and printed has gone out. */
export async function exit(status: number): Promise<never> {
  if (ending) return new Promise<never>(() => {}); // never settles: the program ends meanwhile
  ending = true;
  await closeAll();
  await closeConsole();
  Deno.exit(status);
}

/** What Ctrl+C does instead of ending the program, if anything: see `onInterrupt`. */
let interrupt: (() => void) | undefined;

/** Lets `handler` decide what SIGINT does. Python's `signal.signal(signal.SIGINT, handler)`. */
export function onInterrupt(handler: () => void): void {
  interrupt = handler;
}

/** Lets a signal end the program as `exit` does, with 128 and its number as status. */
export function endOnSignal(signal: keyof typeof SIGNALS): void {
  const status = SIGNALS[signal];
  const handler = () => {
    if (ending) Deno.exit(status); // a second one: the user does not want to wait
    if (signal === "SIGINT" && interrupt) return interrupt();
    exit(status);
    setTimeout(() => Deno.exit(status), SIGNAL_LIMIT); // a console that takes nothing must not keep it
  };
  try {
    Deno.addSignalListener(signal, handler);
  } catch {
    // Windows has no SIGTERM. Ctrl+C works there all the same.
  }
}

/**
 * Runs a script's `main`, then ends the program: with the status that main returns, 0 if none; 1 after
 * an error and 2 after a UsageError, told in one line on stderr; 130 and 143 after SIGINT and SIGTERM,
 * when what was to be sent has been sent.
 */
export async function run(main: () => Promise<number | void>): Promise<void> {
  endOnSignal("SIGINT");
  endOnSignal("SIGTERM");
  try {
    await exit(await main() ?? 0);
  } catch (error) {
    if (error instanceof HelpRequest) {
      print(error.message);
      await exit(0);
    }
    fatal(error);
  }
}
