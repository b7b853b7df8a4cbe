// What goes to stdout and stderr: lines in, as few writes as possible out, in order. Writing never holds
// up a server: what stdout does not take at once waits in a queue that has a limit.

import { visible } from "../builtins.ts";

/** What waits for a console that does not take it (a stopped `less`), in UTF-16 units. */
const QUEUE_LIMIT = 1024 * 1024;
/** So much may wait before a client that prints what it receives stops receiving, in UTF-16 units. */
const MUCH = 64 * 1024;

const encoder = new TextEncoder();

/** A line being typed, which stays below all that is written. */
interface TypedLine {
  /** What takes it off the screen. */
  hide(): string;
  /** What puts it there again. */
  show(): string;
}

/** One of the two output streams. */
export class Output {
  /** What waits to be written, in UTF-16 units, and what has been written in all, in bytes. */
  waiting = 0;
  taken = 0;
  typedLine: TypedLine | undefined;
  #queue = "";
  #writing: Promise<void> | undefined;
  #lost = 0;
  #closed = false;

  constructor(readonly name: string, readonly stream: typeof Deno.stdout) {}

  write(text: string): void {
    if (this.#closed) return;
    if (this.waiting + text.length > QUEUE_LIMIT) {
      this.#lost++;
      return;
    }
    this.writeHere((this.typedLine?.hide() ?? "") + text);
  }

  /** Writes where the cursor is, not above the line being typed. */
  writeHere(text: string): void {
    if (this.#closed || text === "") return;
    this.#queue += text;
    this.waiting += text.length;
    this.#writing ??= this.#writeAll();
  }

  /** Settles when all that was written so far has gone out, or can't. */
  async flush(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  /** Settles when not much waits. */
  async caughtUp(): Promise<void> {
    if (this.waiting > MUCH) await this.flush();
  }

  async #writeAll() {
    // One turn later, so that what is printed together goes out together.
    await null;
    try {
      while (this.#queue !== "") {
        this.#queue += this.typedLine?.show() ?? "";
        const { length } = this.#queue;
        let bytes = encoder.encode(this.#queue);
        this.#queue = "";
        while (bytes.length > 0) {
          const count = await this.stream.write(bytes);
          this.taken += count;
          bytes = bytes.subarray(count);
        }
        this.waiting = Math.max(0, this.waiting - length);
        if (this.#lost > 0 && this.#queue === "") this.#tellLost();
      }
    } catch {
      // The reader has gone (`| head -1`). The program goes on: a server serves without a console.
      this.#closed = true;
      this.#queue = "";
      this.waiting = 0;
      report(`${this.name} was closed: going on without printing`); // stderr itself says no more
    }
    this.#writing = undefined;
  }

  /** Says, now that it has caught up, how many lines did not go out. */
  #tellLost() {
    report(`${this.name}: ${this.#lost} lines lost, it did not take them`);
    this.#lost = 0;
  }
}

export const stdout = new Output("stdout", Deno.stdout);
// A terminal shows both, in the order in which they were written: through one queue.
export const stderr = Deno.stdout.isTerminal() && Deno.stderr.isTerminal()
  ? stdout
  : new Output("stderr", Deno.stderr);

/** One line on stderr, with its control characters made visible. */
export function report(line: string): void {
  stderr.write(visible(line).replaceAll("\n", "\\n") + "\n");
}

/** Settles when all that was printed and reported has gone out. */
export async function flush(): Promise<void> {
  await stdout.flush();
  await stderr.flush();
}
