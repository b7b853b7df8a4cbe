// What a terminal sends when keys are pressed: text, control characters and control sequences (ECMA-48).
// Here they are told apart, and get the names of what they do.

/** What a key does to the line being typed. */
export type Action =
  | "enter"
  | "end of input"
  | "interrupt"
  | "backspace"
  | "delete"
  | "left"
  | "right"
  | "home"
  | "end"
  | "up"
  | "down"
  | "erase before"
  | "erase after"
  | "erase word"
  | "clear screen";

/** One key: what it types, or what it does, or nothing of either. */
export interface Key {
  readonly text?: string;
  readonly action?: Action | undefined;
}

/** An escape sequence, Enter, a run of text, or one control character. */
// deno-lint-ignore no-control-regex -- most keys that do something are control characters
const KEY = /^(?:\x1b(?:\[[0-?]*[ -/]*[@-~]|O[ -~]|[^[O])|\r\n?|((?:\t|\P{Cc})+)|[^])/u;
/** The beginning of an escape sequence, the rest of which is still to come. */
// deno-lint-ignore no-control-regex -- as above
const CUT_KEY = /^\x1b(?:\[[0-?]*[ -/]*|O)?$/;

const ACTIONS: Readonly<Record<string, Action>> = {
  "\r": "enter",
  "\n": "enter",
  "\x03": "interrupt", // Ctrl+C, where the terminal does not make a signal of it
  "\x04": "end of input", // Ctrl+D
  "\x7f": "backspace",
  "\b": "backspace",
  "\x1b[3~": "delete",
  "\x1b[D": "left",
  "\x1bOD": "left",
  "\x02": "left", // Ctrl+B and so on: the keys of Emacs, which shells have too
  "\x1b[C": "right",
  "\x1bOC": "right",
  "\x06": "right",
  "\x1b[H": "home",
  "\x1bOH": "home",
  "\x1b[1~": "home",
  "\x01": "home",
  "\x1b[F": "end",
  "\x1bOF": "end",
  "\x1b[4~": "end",
  "\x05": "end",
  "\x1b[A": "up",
  "\x1bOA": "up",
  "\x10": "up",
  "\x1b[B": "down",
  "\x1bOB": "down",
  "\x0e": "down",
  "\x15": "erase before", // Ctrl+U, what the terminal itself calls kill
  "\x0b": "erase after",
  "\x17": "erase word",
  "\x0c": "clear screen",
};

/** Keys one after another, of texts that may be cut anywhere. */
export class KeyParser {
  #typed = "";

  /** Adds what came; called when `next` has nothing more to give. */
  push(text: string): void {
    // Escape alone says nothing here; it must not take the next letter with it.
    if (this.#typed === "\x1b" && !/^[[O]/.test(text)) this.#typed = "";
    this.#typed += text;
  }

  /** The next key, or undefined where more has to come. */
  next(): Key | undefined {
    if (this.#typed === "" || CUT_KEY.test(this.#typed)) return undefined;
    const [key, text] = KEY.exec(this.#typed)!; // its last choice matches any character
    this.#typed = this.#typed.slice(key.length);
    if (text !== undefined) return { text };
    return { action: ACTIONS[key === "\r\n" ? "\n" : key] };
  }
}
