// The flags that scripts have: what each takes, the values of those that were given, and questions for those
// that were not.

import { parseArgs } from "@std/cli/parse-args";
import { type Account, ACCOUNT_LIMITS, parseAccount } from "../account.ts";
import { input, report } from "../console.ts";
import { UsageError } from "../errors.ts";
import { type FramingName, FRAMINGS } from "../framing.ts";
import { noteAddress } from "./running.ts";

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

/** What each flag is. */
export const FLAGS: { readonly [Name in keyof FlagValues]: Flag<FlagValues[Name]> } = {
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
    help: "what to make of a sentence in both cases",
    accepts: "1 for upper case or 2 for lower case",
    // Any digit, for the server to judge. With more, the last would be the mode and the rest sentence.
    parse: (text) => /^\d$/.test(text) ? text : undefined,
  },
  user: {
    placeholder: "ID:PASSWORD",
    help: "an account; may be given more than once",
    accepts: `ID:PASSWORD, neither of them empty, ${ACCOUNT_LIMITS}`,
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
  return /^([\w.-]+|[\da-fA-F.]*(:[\da-fA-F.]*){2,}(%[\w.-]+)?)$/.test(bare) ? bare : undefined;
}

function wholeNumber(text: string, largest = Number.MAX_SAFE_INTEGER): number | undefined {
  return /^\d+$/.test(text) && Number(text) <= largest ? Number(text) : undefined;
}

/** A script's flags, each with its default; undefined for one that has none and is asked for instead. */
export type Defaults = { readonly [Name in keyof FlagValues]?: FlagValues[Name] | undefined };

/** The values of a script's flags. Those without a default may be undefined. */
export type Values<D extends Defaults> = {
  [Name in keyof D & keyof FlagValues]: D[Name] extends undefined ? FlagValues[Name] | undefined
    : FlagValues[Name];
};

/** What a command line says, beside the values of a script's own flags. */
export interface CommandLine<D extends Defaults> {
  values: Values<D> & { _: string[] };
  help: boolean;
  trace: boolean;
  /** The file of `--trace-diagram`. */
  diagram: string | undefined;
}

/** The command line, checked. Throws a UsageError that says what was wrong and what is accepted. */
export async function parseCommandLine<const D extends Defaults>(
  args: readonly string[],
  defaults: D,
  takesArguments: boolean,
): Promise<CommandLine<D>> {
  const names = Object.keys(defaults) as (keyof FlagValues)[]; // Object.keys forgets the type
  const underscore = args.find((arg) => /^--?_(=|$)/.test(arg)); // parseArgs would mix it with its own `_`
  if (underscore) throw await unknownFlag(underscore, underscore, names);
  let unknown: [arg: string, key: string] | undefined;
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
      unknown ??= [arg, key];
    },
  });
  if (unknown) throw await unknownFlag(...unknown, names);
  const values: Record<string, unknown> = { ...defaults, _: given._.map(String) };
  const diagram = given["trace-diagram"];
  const commandLine: CommandLine<D> = {
    values: values as Values<D> & { _: string[] }, // each is parsed by the entry of FLAGS with its type
    help: given.help === true,
    trace: given.trace === true,
    diagram: typeof diagram === "string" ? diagram : undefined,
  };
  if (commandLine.help) return commandLine;
  for (const name of names) {
    const text = given[name];
    if (typeof text === "string") values[name] = parseValue(name, text);
    else if (Array.isArray(text) && text.length > 0) {
      values[name] = text.map((each) => parseValue(name, String(each))).flat();
    }
  }
  if (!takesArguments && given._.length > 0) {
    throw new UsageError(`unexpected argument "${given._[0]}"; --help tells what is taken`);
  }
  if (diagram !== undefined && !/.\.(svg|mmd)$/i.test(`${diagram}`)) {
    throw new UsageError(
      `--trace-diagram takes the name of a file that ends in .svg or .mmd, not "${diagram}"`,
    );
  }
  return commandLine;
}

/** How many letters a flag may be mistyped in, and still be told what was meant. */
const MISTYPED = 2;

/** `names` are those of the script's own flags. */
async function unknownFlag(arg: string, typed: string, names: readonly string[]) {
  const { closestString } = await import("@std/text/closest-string"); // not while a program starts
  const { levenshteinDistance } = await import("@std/text/levenshtein-distance");
  const nearest = closestString(typed, ["help", "trace", "trace-diagram", ...names]);
  const meant = levenshteinDistance(typed, nearest) <= MISTYPED
    ? `: did you mean --${nearest}?`
    : ";";
  return new UsageError(`unknown flag ${arg}${meant} --help lists those there are`);
}

/** The value of a flag; `shown` is what the user knows it by. Throws a UsageError. */
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
 * The value of an argument that means the same as a flag; `shown` is what the user knows it by. Throws a
 * UsageError.
 */
export async function argument<Name extends keyof FlagValues>(
  name: Name,
  text: string,
  shown: string,
): Promise<FlagValues[Name]> {
  return await noted(name, parseValue(name, text, shown));
}

/** The value, or of a host's name the address, which is remembered. */
async function noted<Name extends keyof FlagValues>(name: Name, value: FlagValues[Name]) {
  const values = { [name]: value };
  await noteAddress(values);
  return values[name]!;
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
    if (value !== undefined) return await noted(name, value);
    report(`"${answer}" can't be used: type ${FLAGS[name].accepts}`);
  }
}
