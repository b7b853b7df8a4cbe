// A line being typed at a terminal, while what others say appears above it. node:readline can do it
// too, but takes a second to draw a pasted line of 1,000 Hangul and minutes for one of 16,000, while
// nothing else goes on, and deletes half of a character that is made of several.

import { endOnSignal } from "./cli.ts";
import { InputError, report } from "./console.ts";
import { characterWidth, textWidth } from "./text_width.ts";

/** The longest line, in bytes; the same as the limit on a message. */
const LINE_LIMIT = 64 * 1024;
/** How many lines the arrow keys bring back. */
const HISTORY_LIMIT = 500;
/** Milliseconds after which a program that does not ask for another line gives the terminal back. */
const GIVE_BACK = 1000;

/** What keys send: an escape sequence, Enter, a run of text, or one control character. */
// deno-lint-ignore no-control-regex -- most keys that do something are control characters
const KEY = /^(?:\x1b(?:\[[0-?]*[ -/]*[@-~]|O[ -~]|[^[O])|\r\n?|(?:\t|\P{Cc})+|[^])/u;
/** The beginning of an escape sequence, the rest of which is still to come. */
// deno-lint-ignore no-control-regex -- as above
const CUT_KEY = /^\x1b(?:\[[0-?]*[ -/]*|O)?$/;

/** Ctrl+D: the end of input on an empty line, Delete on any other. */
const END = "\x04";

/** What a line is asked for with. */
export interface Asked {
  /** Stands before what is typed; no newline in it. */
  prompt: string;
  /** Whether it is typed unseen, and not kept for the arrow keys. */
  secret?: boolean;
}

/**
 * Reads lines at a terminal, one at a time. Deno gives the terminal back by itself when the program
 * ends, also by an error that nobody catches.
 */
export class LineEditor {
  #asked: Asked | undefined;
  /** What is typed, on both sides of the cursor. */
  #before = "";
  #after = "";
  /** Whether prompt and line are on the screen now. */
  #shown = false;
  #history: string[] = [];
  /** Which line of the history is shown, and what was typed before any was. */
  #place = 0;
  #draft = "";
  /** What was typed ahead. */
  #keys = "";
  #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #buffer = new Uint8Array(4096);
  #raw = false;
  #givingBack: ReturnType<typeof setTimeout> | undefined;

  /** `write` puts text on the screen, in order with what else is written there. */
  constructor(readonly write: (text: string) => void) {
    // Ctrl+Z gave the terminal to a shell, and `fg` gives it back.
    Deno.addSignalListener("SIGCONT", () => {
      if (this.#raw) Deno.stdin.setRaw(true, { cbreak: true });
      this.#shown = false;
      this.write(this.show());
    });
    // Without a listener these end a program at once, and the terminal would stay as it is.
    endOnSignal("SIGHUP");
    endOnSignal("SIGQUIT");
  }

  /** The next line typed, or null at the end of input: Ctrl+D on an empty line. Throws an InputError. */
  async line(asked: Asked): Promise<string | null> {
    clearTimeout(this.#givingBack);
    this.#setRaw(true);
    this.#asked = asked;
    this.#place = this.#history.length;
    this.write(this.show());
    let line: string | null | undefined;
    try {
      while ((line = this.#takeKeys()) === undefined) await this.#read();
    } finally {
      this.#end(typeof line === "string");
      const givingBack = setTimeout(() => this.#setRaw(false), GIVE_BACK);
      Deno.unrefTimer(givingBack);
      this.#givingBack = givingBack;
    }
    if (line && !asked.secret && line !== this.#history.at(-1)) {
      this.#history = [...this.#history.slice(1 - HISTORY_LIMIT), line];
    }
    return line;
  }

  /** Leaves the terminal as it was, with the cursor at the beginning of a line. */
  close(): void {
    this.#end(false);
    this.#setRaw(false);
  }

  /** What takes the line off the screen, so that other text can be written in its place. */
  hide(): string {
    if (!this.#shown) return "";
    this.#shown = false;
    const { first, end, cursor } = this.#layout();
    return `${up(cursor.row - first)}\r${end - first > 1 ? ERASE_BELOW : ERASE_ROW}`;
  }

  /** What puts it there again, below that text. */
  show(): string {
    if (this.#asked === undefined || this.#shown) return "";
    this.#shown = true;
    const { rows, first, end, cursor } = this.#layout();
    const text = rows.slice(first, end).join("");
    if (this.#after === "") return text;
    return `${text}${up(end - 1 - cursor.row)}\r${right(cursor.column)}`;
  }

  /** The line's rows, which of them are on the screen, and where the cursor is. */
  #layout() {
    const { columns, rows: height } = screen();
    const prompt = this.#asked?.prompt ?? "";
    const before = rowsOf(prompt + this.#seen(this.#before), columns);
    const rows = rowsOf(prompt + this.#seen(this.#before + this.#after), columns);
    const cursor = { row: before.length - 1, column: textWidth(before.at(-1)!) };
    // The cursor stands before a character; that one may be the first of the next row.
    if (this.#after !== "" && cursor.column === columns) {
      cursor.row++;
      cursor.column = 0;
    }
    const first = Math.max(0, Math.min(cursor.row, rows.length - height));
    return { rows, first, end: Math.min(rows.length, first + height), cursor };
  }

  /** What is seen of a text that is typed. */
  #seen(text: string): string {
    return this.#asked?.secret ? "" : text.replaceAll("\t", " ");
  }

  /** Waits for keys. */
  async #read() {
    // An error says that the terminal is gone, which is an end of input too.
    const count = await Deno.stdin.read(this.#buffer).catch(() => null);
    if (count === null) {
      this.#keys = END;
      return;
    }
    try {
      const typed = this.#decoder.decode(this.#buffer.subarray(0, count), { stream: true });
      // Escape alone says nothing here; it must not take the next letter with it.
      if (this.#keys === "\x1b" && !/^[[O]/.test(typed)) this.#keys = "";
      this.#keys += typed;
    } catch {
      throw new InputError("a line of input is not UTF-8 text");
    }
  }

  /** Does what the keys say, up to one that ends the line: then it gives the line, or null. */
  #takeKeys(): string | null | undefined {
    while (this.#keys !== "" && !CUT_KEY.test(this.#keys)) {
      const key = KEY.exec(this.#keys)![0]; // its last choice matches any character
      this.#keys = this.#keys.slice(key.length);
      const before = this.#before, after = this.#after;
      if (key[0] === "\r" || key === "\n") return before + after;
      if (key === END && before + after === "") return null;
      this.#press(key, before, after);
    }
  }

  #press(key: string, before: string, after: string) {
    switch (key) {
      case "\x7f": // Backspace
      case "\b":
        return this.#set(before.slice(0, before.length - lastCharacter(before).length), after);
      case "\x1b[3~": // Delete
      case END:
        return this.#set(before, after.slice(firstCharacter(after).length));
      case "\x1b[D": // Left
      case "\x1bOD":
      case "\x02":
        return this.#moveTo(before.length - lastCharacter(before).length);
      case "\x1b[C": // Right
      case "\x1bOC":
      case "\x06":
        return this.#moveTo(before.length + firstCharacter(after).length);
      case "\x1b[H": // Home
      case "\x1bOH":
      case "\x1b[1~":
      case "\x01":
        return this.#moveTo(0);
      case "\x1b[F": // End
      case "\x1bOF":
      case "\x1b[4~":
      case "\x05":
        return this.#moveTo(before.length + after.length);
      case "\x1b[A": // Up
      case "\x1bOA":
      case "\x10":
        return this.#recall(this.#place - 1);
      case "\x1b[B": // Down
      case "\x1bOB":
      case "\x0e":
        return this.#recall(this.#place + 1);
      case "\x15": // Ctrl+U, what the terminal itself calls kill
        return this.#set("", after);
      case "\x0b": // Ctrl+K
        return this.#set(before, "");
      case "\x17": // Ctrl+W
        return this.#set(before.replace(/\S*\s*$/u, ""), after);
      case "\x0c": // Ctrl+L
        this.hide();
        return this.write("\x1b[H\x1b[2J" + this.show());
    }
    if (key >= " " || key[0] === "\t") this.#insert(key);
  }

  #insert(text: string) {
    const line = this.#before + this.#after;
    // No unit of a string has more than three bytes: nothing to count while there is room for those.
    if (3 * (line.length + text.length) > LINE_LIMIT) {
      const room = LINE_LIMIT - encoder.encode(line).length;
      const { read } = encoder.encodeInto(text, new Uint8Array(room));
      if (read < text.length) report(`a line takes ${LINE_LIMIT} bytes: the rest was left out`);
      text = text.slice(0, read);
    }
    if (!this.#shown || this.#after !== "") return this.#set(this.#before + text, this.#after);
    // What is typed at the end needs no more than to be written there.
    this.#before += text;
    this.write(this.#seen(text));
  }

  #moveTo(place: number) {
    const line = this.#before + this.#after;
    this.#set(line.slice(0, place), line.slice(place));
  }

  /** Shows a line of the history; after the last one, what was typed before. */
  #recall(place: number) {
    if (place < 0 || place > this.#history.length || this.#asked?.secret) return;
    if (this.#place === this.#history.length) this.#draft = this.#before + this.#after;
    this.#place = place;
    this.#set(this.#history[place] ?? this.#draft, "");
  }

  /** The line becomes this, on the screen too. */
  #set(before: string, after: string) {
    const hide = this.hide();
    this.#before = before;
    this.#after = after;
    this.write(hide + this.show());
  }

  /** The line is done with: the cursor goes below it, if there is something on it, or `always`. */
  #end(always: boolean) {
    if (this.#asked === undefined) return;
    if (this.#after !== "" || !this.#shown) this.#set(this.#before + this.#after, "");
    const something = this.#asked.prompt + this.#seen(this.#before) !== "";
    this.#asked = undefined;
    this.#shown = false;
    this.#before = "";
    if (always || something) this.write("\n");
  }

  /** Whether keys arrive one by one and unseen. The keys for signals stay what they are. */
  #setRaw(raw: boolean) {
    if (this.#raw === raw) return;
    this.#raw = raw;
    try {
      Deno.stdin.setRaw(raw, { cbreak: true });
    } catch {
      // The terminal is gone: nothing to set.
    }
  }
}

const encoder = new TextEncoder();

/** The size of the screen; 80 by 24 where the terminal does not know it. */
function screen(): { columns: number; rows: number } {
  try {
    const { columns, rows } = Deno.consoleSize();
    return { columns: columns || 80, rows: rows || 24 };
  } catch {
    return { columns: 80, rows: 24 }; // the terminal is gone
  }
}

/** A text as the terminal breaks it into rows: a wide character is never cut. */
function rowsOf(text: string, columns: number): string[] {
  const rows: string[] = [];
  let row = "";
  let width = 0;
  for (const character of text) {
    const more = characterWidth(character);
    if (width + more > columns) {
      rows.push(row);
      row = "";
      width = 0;
    }
    row += character;
    width += more;
  }
  return [...rows, row];
}

/** Control sequences (ECMA-48): they erase from the cursor to the end of the row, and of the screen. */
const ERASE_ROW = "\x1b[K";
const ERASE_BELOW = "\x1b[J";

/** Control sequence: so many rows up. */
function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : "";
}

/** Control sequence: so many columns to the right. */
function right(columns: number): string {
  return columns > 0 ? `\x1b[${columns}C` : "";
}

/** More code units than any character has that is in use. */
const CHARACTER = 64;
let segmenter: Intl.Segmenter | undefined;

/** The characters of a text as people see them: a letter with its marks, Hangul in pieces, an emoji. */
function characters(text: string): string[] {
  segmenter ??= new Intl.Segmenter(); // takes 20 ms: not while a program starts
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function lastCharacter(text: string): string {
  return characters(text.slice(-CHARACTER)).at(-1) ?? "";
}

function firstCharacter(text: string): string {
  return characters(text.slice(0, CHARACTER)).at(0) ?? "";
}
