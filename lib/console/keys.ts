// What a terminal sends when keys are pressed: text, control characters and control sequences (ECMA-48,
// "Control Functions for Coded Character Sets"). Here they are told apart, and get the names of what they do.

/** What a key does to the line being typed. */
export type Action =
  | "enter"
  | "end of input"
  | "interrupt"
  | "backspace"
  | "delete"
  | "left"
  | "right"
  | "word left"
  | "word right"
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

/** One key at the beginning of what came: a control sequence, Enter, a run of text, or one character. */
const KEY = new RegExp(
  "^(?:" + [
    String.raw`\x1b?\x1b\[\[[A-E]`, // F1 to F5 of Linux's own console
    String.raw`\x1b?\x1b\[([0-?]*)[ -/]*([@-Z\\-~])`, // CSI: control sequence
    String.raw`\x1b?\x1bO([0-9;]*)([ -~])`, // SS3, as some terminals send arrows
    String.raw`\x1bN[ -~]`, // SS2
    String.raw`\x1b\](?=\d|[LIl]\S)(?:(?!\x1b|\x07)[^])*(?:\x07|\x1b\\)`, // OSC
    String.raw`\x1b[PX^_](?:(?!\x1b|\x07)[^])*(?:\x07|\x1b\\)`, // DCS, SOS, PM, APC
    String.raw`\x1b[ -/]+[0-~]`,
    String.raw`\x1b[^]`, // Alt and a key
    String.raw`\r\n?`,
    String.raw`((?:\t|\P{Cc})+)`,
    String.raw`[^]`,
  ].join("|") + ")",
  "u",
);

/** The beginning of a control sequence, the rest of which is still to come. */
const CUT = new RegExp(
  "^(?:" + [
    String.raw`\x1b{1,2}(?:\[\[?|\[[0-?]*[ -/]*|O[0-9;]*|N|[ -/]+)?`,
    String.raw`\x1b\](?:[LIl]|(?:\d|[LIl]\S)(?:(?!\x1b|\x07)[^])*)?\x1b?`,
    String.raw`\x1b[PX^_](?:(?!\x1b|\x07)[^])*\x1b?`,
  ].join("|") + ")$",
  "u",
);

/** Milliseconds for which a cut sequence waits for its rest; then it was Escape, or Alt and a key. */
const CUT_LIMIT = 500;
/** What only a terminal sends, in answer to a question: the rest of it is waited for, however long. */
const ANSWER = new RegExp(String.raw`^\x1b[\]P][\d$+>!]`);
const C1 = /[\x80-\x9f]/g;

const CONTROL_ACTIONS: Readonly<Record<string, Action>> = {
  "\r": "enter",
  "\n": "enter",
  "\x03": "interrupt", // Ctrl+C, where the terminal does not make a signal of it
  "\x04": "end of input", // Ctrl+D
  "\x1a": "end of input", // Ctrl+Z, where the terminal does not stop the program for it: Windows
  "\x7f": "backspace",
  "\b": "backspace",
  "\x02": "left", // Ctrl+B and so on: the keys of Emacs, which shells have too
  "\x06": "right",
  "\x01": "home",
  "\x05": "end",
  "\x10": "up",
  "\x0e": "down",
  "\x15": "erase before", // Ctrl+U, what the terminal itself calls kill
  "\x0b": "erase after",
  "\x17": "erase word",
  "\x0c": "clear screen",
  "\x1bb": "word left", // Option and an arrow on macOS
  "\x1bf": "word right",
};

const FINAL_ACTIONS: Readonly<Record<string, Action>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  H: "home",
  F: "end",
};

const NUMBER_ACTIONS: Readonly<Record<string, Action>> = {
  1: "home",
  7: "home",
  4: "end",
  8: "end",
  3: "delete",
};

/** Keys one after another, of texts that may be cut anywhere. */
export class KeyParser {
  #typed = "";
  /** When what is typed now began to come. */
  #since = 0;

  /** Adds what came; called when `next` has nothing more to give. */
  push(text: string): void {
    const now = performance.now();
    // Escape alone says nothing here; it must not take the next letter with it.
    const escape = this.#typed === "\x1b" && !"[]OPNX^_\x1b".includes(text[0] ?? "");
    if (escape || now - this.#since > CUT_LIMIT && !ANSWER.test(this.#typed)) this.#typed = "";
    if (this.#typed === "") this.#since = now;
    // C1 control characters are ESC and a letter in one (ECMA-48, 5.3).
    this.#typed += text.replace(C1, (c1) => `\x1b${String.fromCharCode(c1.charCodeAt(0) - 64)}`);
  }

  /** The next key, or undefined where more has to come. */
  next(): Key | undefined {
    if (this.#typed === "" || CUT.test(this.#typed)) return undefined;
    const match = KEY.exec(this.#typed)!; // its last choice matches any character
    const [key] = match;
    this.#typed = this.#typed.slice(key.length);
    if (key === "\r\n") return { action: "enter" };
    if (key.startsWith("\x1b") && key.length > 2) return { action: sequenceAction(match) };
    if (match[5] !== undefined) return { text: key };
    return { action: CONTROL_ACTIONS[key] };
  }
}

function sequenceAction(match: RegExpExecArray): Action | undefined {
  const [key] = match;
  const parameters = (match[1] ?? match[3] ?? "").split(";");
  const final = match[2] ?? match[4] ?? "";
  if (final === "~") return NUMBER_ACTIONS[parameters[0]!];
  const action = FINAL_ACTIONS[final];
  // xterm's modifiers (Xterm Control Sequences, "PC-Style Function Keys"): 2 is Shift, Alt and Ctrl are more.
  const modified = key.startsWith("\x1b\x1b") ||
    Number(parameters.at(-1)) > 2 && parameters.length > 1;
  if (modified && action === "left") return "word left";
  if (modified && action === "right") return "word right";
  return action;
}
