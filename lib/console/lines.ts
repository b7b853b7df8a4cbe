// Lines of stdin. Where somebody types who sees what is printed, the editor reads them; from a pipe or a
// file they come as line framing finds them in a connection, with the same limit and the same strictness.

import { atExit } from "../ending.ts";
import { EndOfInput, FramingError, InputError, NotUtf8 } from "../errors.ts";
import { LineFraming, MESSAGE_LIMIT } from "../framing.ts";
import { sleep } from "../time.ts";
import type { LineEditor } from "./editor.ts";
import { stderr, stdout } from "./output.ts";

/** Reads stdin when asked for a line, and keeps those that came along for the next who asks. */
class LineReader {
  readonly #framing = new LineFraming();
  readonly #buffer = new Uint8Array(4096);
  readonly #lines: string[] = [];
  /** What was read and is not framed yet. */
  #rest = this.#buffer.subarray(0, 0);
  #ended = false;
  #failure: unknown;

  /** The next line, or null at the end of input. Throws an InputError. */
  async next(): Promise<string | null> {
    while (this.#lines.length === 0) {
      if (this.#failure) throw this.#failure;
      if (this.#ended) return null;
      const count = this.#rest.length > 0 ? 0 : await Deno.stdin.read(this.#buffer);
      if (count) this.#rest = this.#buffer.subarray(0, count);
      this.#ended = count === null;
      try {
        if (this.#ended) this.#framing.flush(true, this.#lines);
        else this.#rest = this.#rest.subarray(this.#framing.push(this.#rest, false, this.#lines));
      } catch (error) {
        this.#failure = inputError(error); // for whoever asks when the lines before it are used up
      }
    }
    return this.#lines.shift()!;
  }
}

/** Why input is not UTF-8, where it mostly is for that reason. */
const CAUSE = Deno.build.os === "windows"
  ? ": save the file as UTF-8, or say chcp 65001 before a command whose output is piped"
  : "";

function inputError(error: unknown): unknown {
  if (error instanceof NotUtf8) return new InputError(`a line of input is not UTF-8 text${CAUSE}`);
  if (!(error instanceof FramingError)) return error;
  return new InputError(`a line of input is longer than ${MESSAGE_LIMIT} bytes`);
}

const reader = new LineReader();
let editor: LineEditor | undefined;

/** The next line of stdin, or null at its end. A secret one is typed unseen, where it is typed. */
export async function readLine(prompt: string, secret: boolean): Promise<string | null> {
  if (Deno.stdin.isTerminal() && Deno.stdout.isTerminal()) {
    editor ??= await openEditor();
    const lastLine = prompt.lastIndexOf("\n") + 1;
    stdout.write(prompt.slice(0, lastLine));
    return editor.line({ prompt: prompt.slice(lastLine), secret });
  }
  if (secret && Deno.stdin.isTerminal()) return promptSecret(prompt);
  await stderr.flush(); // what was wrong with the last answer stands above the next prompt
  stdout.write(prompt);
  await stdout.flush();
  return reader.next();
}

async function openEditor(): Promise<LineEditor> {
  const { LineEditor } = await import("./editor.ts"); // a server never needs it
  const editor = await LineEditor.open(stdout);
  atExit(() => Promise.resolve(editor.close()));
  return editor;
}

/** A password typed at a terminal whose screen this program does not write to. */
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
