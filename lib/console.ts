// The console, as Python has it: `print`, `input`, and `report` for what goes to stderr.
// Writing never holds up a server: what stdout does not take at once waits in a bounded queue.

import { int } from "./int.ts";
import { escape, str } from "./repr.ts";
import { LineEditor } from "./terminal.ts";
import { sleep } from "./time.ts";
import { catchesUp, fallsBehind } from "./turns.ts";

/** What waits for a console that does not take it (a stopped `less`), in UTF-16 units. */
const QUEUE_LIMIT = 1024 * 1024;
/** From here on the console is behind: more messages, of which each may print something, wait a moment. */
const QUEUE_BEHIND = 64 * 1024;
/** The longest line taken from stdin, in bytes; the same as the limit on a message. */
const LINE_LIMIT = 64 * 1024;

const encoder = new TextEncoder();

/** One of the two output streams: lines in, as few writes as possible out, in order. */
class ConsoleWriter {
  #queue = "";
  #writing: Promise<void> | undefined;
  #lost = 0;
  #closed = false;
  /** Whether much waits already. */
  behind = false;
  /** A line being typed, which stays below all that is written. */
  below: LineEditor | undefined;

  constructor(readonly name: string, readonly stream: typeof Deno.stdout) {}

  write(text: string): void {
    if (this.#closed) return;
    if (this.#queue.length + text.length > QUEUE_LIMIT) {
      this.#lost++;
      return;
    }
    this.writeHere((this.below?.hide() ?? "") + text);
  }

  /** Writes where the cursor is, not above the line being typed. */
  writeHere(text: string): void {
    if (this.#closed || text === "") return;
    this.#queue += text;
    this.#writing ??= this.#writeAll();
    if (this.#queue.length > QUEUE_BEHIND && !this.behind) {
      this.behind = true;
      fallsBehind(this);
    }
  }

  /** Settles when all that was written so far has gone out, or can't. */
  async flush(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async #writeAll() {
    // One turn later, so that what is printed together goes out together.
    await null;
    try {
      while (this.#queue !== "") {
        this.#queue += this.below?.show() ?? "";
        let bytes = encoder.encode(this.#queue);
        this.#queue = "";
        while (bytes.length > 0) bytes = bytes.subarray(await this.stream.write(bytes));
        if (this.#queue.length <= QUEUE_BEHIND) this.#catchUp();
        if (this.#lost > 0 && this.#queue === "") this.#tellLost();
      }
    } catch {
      // The reader has gone (`| head -1`). The program goes on: a server serves without a console.
      this.#closed = true;
      this.#queue = "";
      this.#catchUp();
      report(`${this.name} was closed: going on without printing`); // stderr itself says no more
    }
    this.#writing = undefined;
  }

  #catchUp() {
    this.behind = false;
    catchesUp(this);
  }

  /** Says, now that it has caught up, how many lines did not go out. */
  #tellLost() {
    report(`${this.name}: ${this.#lost} lines lost, it did not take them`);
    this.#lost = 0;
  }
}

const stdout = new ConsoleWriter("stdout", Deno.stdout);
// A terminal shows both, in the order in which they were written: through one queue.
const stderr = Deno.stdout.isTerminal() && Deno.stderr.isTerminal()
  ? stdout
  : new ConsoleWriter("stderr", Deno.stderr);

// Control characters, C1 included, but for newline and tab: they could drive a terminal.
// deno-lint-ignore no-control-regex -- control characters are what it looks for
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/** Text with its control characters made visible: ESC becomes `\x1b`. Newline and tab stay. */
export function visible(text: string): string {
  return text.replace(CONTROL, escape);
}

/**
 * Python's `print`: the values joined by spaces, strings as they are and others as `repr`, then a
 * newline. Control characters are made visible, so that no peer drives this terminal.
 */
export function print(...values: unknown[]): void {
  stdout.write(visible(values.map(str).join(" ")) + "\n");
}

/** One line on stderr. */
export function report(line: string): void {
  stderr.write(visible(line).replaceAll("\n", "\\n") + "\n");
}

/** Settles when not much waits to be printed: a client reads no faster than its console takes it. */
export async function printed(): Promise<void> {
  if (stdout.behind) await stdout.flush();
}

/** As `report`, for text that carries colours of this program's own, and nothing from a peer as it came. */
export function reportStyled(text: string): void {
  stderr.write(text + "\n");
}

/** Gives the terminal back, and settles when all that was printed and reported has gone out. */
export async function closeConsole(): Promise<void> {
  stdout.below?.close();
  await flushConsole();
}

/** Settles when all that was printed and reported has gone out. */
export async function flushConsole(): Promise<void> {
  await stdout.flush();
  await stderr.flush();
}

/** Stdin can't be read as lines of text: the message says why. */
export class InputError extends Error {
  override name = "InputError";
}

/** End of input: stdin was closed where an answer was needed. Python's EOFError. */
export class EndOfInput extends InputError {
  override name = "EndOfInput";
  constructor() {
    super("end of input, where an answer was expected");
  }
}

/** Lines of stdin: read when asked for, and those that came along kept for the next who asks. */
class LineReader {
  #buffer = new Uint8Array(4096);
  #held = new Uint8Array(0);
  #ended = false;
  #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

  async next(): Promise<string | null> {
    while (true) {
      const newline = this.#held.indexOf(10);
      if (newline >= 0) return this.#take(newline, newline + 1);
      if (this.#held.length > LINE_LIMIT + 1) throw tooLong(); // one more could be the `\r` of its end
      if (this.#ended) return this.#held.length > 0 ? this.#take(this.#held.length) : null;
      const count = await Deno.stdin.read(this.#buffer);
      if (count === null) this.#ended = true;
      else this.#held = joined(this.#held, this.#buffer.subarray(0, count));
    }
  }

  #take(end: number, next = end): string {
    const line = this.#held.subarray(0, this.#held[end - 1] === 13 ? end - 1 : end);
    this.#held = this.#held.subarray(next);
    if (line.length > LINE_LIMIT) throw tooLong();
    try {
      return this.#decoder.decode(line);
    } catch {
      throw new InputError("a line of input is not UTF-8 text");
    }
  }
}

function tooLong(): InputError {
  return new InputError(`a line of input is longer than ${LINE_LIMIT} bytes`);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

const stdin = new LineReader();
/** Whether somebody types who sees what is printed. Windows has line editing of its own. */
const atTerminal = Deno.build.os !== "windows" && Deno.stdin.isTerminal() &&
  Deno.stdout.isTerminal();

/** The next line of stdin, or null at its end. */
async function readLine(prompt: string, secret: boolean): Promise<string | null> {
  if (!atTerminal) {
    await stderr.flush(); // what was wrong with the last answer stands above the next prompt
    stdout.write(prompt);
    await stdout.flush();
    return await stdin.next();
  }
  stdout.below ??= new LineEditor((text) => stdout.writeHere(text));
  const lastLine = prompt.lastIndexOf("\n") + 1;
  stdout.write(prompt.slice(0, lastLine));
  return await stdout.below.line({ prompt: prompt.slice(lastLine), secret });
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
  if (!atTerminal && Deno.stdin.isTerminal()) return await promptSecret(prompt);
  const line = await readLine(prompt, true);
  if (line === null) throw new EndOfInput();
  return line;
}

/** The same for a terminal whose screen this program does not write to, or can't steer (Windows). */
async function promptSecret(prompt: string): Promise<string> {
  await stdout.flush();
  const { promptSecret } = await import("@std/cli/prompt-secret");
  // promptSecret does so too, but only after its prompt: who types at once would be seen.
  Deno.stdin.setRaw(true, { cbreak: Deno.build.os !== "windows" });
  // promptSecret adds a space to the prompt by itself.
  const secret = promptSecret(prompt.trimEnd(), { mask: "" });
  await sleep(0); // a Ctrl+C that came meanwhile ends the program before the password is used
  // Ctrl+D arrives as a character: the terminal does not turn it into the end of input here.
  if (secret === null || secret.includes("\x04")) throw new EndOfInput();
  return secret;
}

/**
 * Text for the console whose part from the first separator on is a password: masked where stdout is a
 * terminal, at which people look; as it is where it is a file or a pipe.
 */
export function masked(text: string, separator: string): string {
  const at = text.indexOf(separator);
  return at < 0 || !Deno.stdout.isTerminal() ? text : text.slice(0, at + separator.length) + "****";
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
