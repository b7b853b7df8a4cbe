// The console, as Python has it: `print`, `input`, and `report` for what goes to stderr. What others say
// appears above the line being typed (console/editor.ts), and printing never holds up a server
// (console/output.ts).

import { int, str, visible } from "./builtins.ts";
import { readLine } from "./console/lines.ts";
import { flush, report, stderr, stdout } from "./console/output.ts";
import { atExit } from "./ending.ts";
import { EndOfInput } from "./errors.ts";

export { flush as flushConsole, report } from "./console/output.ts";

atExit(flush);

const isTerminal = Deno.stdout.isTerminal();

/**
 * Python's `print`: the values joined by spaces, strings as they are and others as `repr`, then a
 * newline. At a terminal control characters are made visible, so that no peer drives it, and a newline
 * that netcat has sent at the end of its text makes no empty line.
 *
 * @example
 * ```ts
 * import { print } from "./console.ts";
 *
 * print("receive : ", new TextEncoder().encode("hi")); // receive :  b'hi'
 * ```
 */
export function print(...values: unknown[]): void {
  const text = values.map(str).join(" ");
  stdout.write((isTerminal ? visible(text.replace(/\r?\n$/, "")) : text) + "\n");
}

/** As `report`, for text that carries colours of this program's own, and nothing from a peer as it came. */
export function reportStyled(text: string): void {
  stderr.write(text + "\n");
}

/** What waits to be printed, and how much has been printed in all: for who must not print faster. */
export const printing: { readonly waiting: number; readonly taken: number } = stdout;

/** Settles when not much waits to be printed: a client receives no faster than its console takes it. */
export async function printed(): Promise<void> {
  await stdout.caughtUp();
}

/**
 * Python's `input`: prints the prompt, without a newline, and waits for a line. Everything else goes
 * on meanwhile; at a terminal what is printed meanwhile appears above the line being typed. At the end
 * of input it gives `atEnd`, or throws EndOfInput where none is given.
 */
export async function input(prompt = "", atEnd?: string): Promise<string> {
  const line = await readLine(prompt, false) ?? atEnd;
  if (line === undefined) throw new EndOfInput();
  return line;
}

/** As `input`, for a password: at a terminal it is typed unseen. */
export async function inputSecret(prompt: string): Promise<string> {
  const line = await readLine(prompt, true);
  if (line === null) throw new EndOfInput();
  return line;
}

/**
 * Python's `int(input(prompt))`. Where `int` would raise, it says on stderr what is accepted, and asks
 * again.
 */
export async function inputInt(prompt = ""): Promise<number> {
  while (true) {
    const answer = await input(prompt);
    const number = int(answer);
    if (number !== undefined) return number;
    report(`"${answer}" is not a whole number: type digits only, such as 9999`);
  }
}

/**
 * Text for the console whose part from the first separator on is a password: masked where stdout is a
 * terminal, at which people look; as it is where it is a file or a pipe.
 */
export function masked(text: string, separator: string): string {
  const at = text.indexOf(separator);
  return at < 0 || !isTerminal ? text : text.slice(0, at + separator.length) + "****";
}
