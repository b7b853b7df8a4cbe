// A line being typed at a terminal, while what others say appears above it. node:readline can do it
// too, but takes a second to draw a pasted line of 1,000 Hangul and minutes for one of 16,000, while
// nothing else goes on, and deletes half of a character that is made of several.

import { endOnSignal, interrupt } from "../ending.ts";
import { InputError, NotUtf8 } from "../errors.ts";
import { MESSAGE_LIMIT } from "../framing.ts";
import { type Keyboard, keyboard } from "./keyboard.ts";
import { type Action, KeyParser } from "./keys.ts";
import { CLEAR_SCREEN, drawn, erased, type Line } from "./layout.ts";
import { type Output, report } from "./output.ts";

/** How many lines the arrow keys bring back. */
const HISTORY_LIMIT = 500;
/** Milliseconds after which a program that does not ask for another line gives the terminal back. */
const GIVE_BACK = 1000;

/** What a line is asked for with. */
export interface Question {
  /** Stands before what is typed; no newline in it. */
  prompt: string;
  /** Whether it is typed unseen, and not kept for the arrow keys. */
  secret: boolean;
}

/** Reads lines at a terminal, one at a time. */
export class LineEditor {
  readonly #output: Output;
  readonly #keyboard: Keyboard;
  readonly #keys = new KeyParser();
  #question: Question | undefined;
  /** What is typed, on both sides of the cursor. */
  #before = "";
  #after = "";
  /** Whether prompt and line are on the screen now. */
  #shown = false;
  #history: string[] = [];
  /** Which line of the history is shown, and what was typed before any was. */
  #place = 0;
  #draft = "";
  #inputEnded = false;
  #givingBack: ReturnType<typeof setTimeout> | undefined;

  private constructor(output: Output, keyboard: Keyboard) {
    this.#output = output;
    this.#keyboard = keyboard;
    output.typedLine = this;
    // Without a listener these end a program at once, and the terminal would stay as it is.
    for (const signal of ["SIGHUP", "SIGQUIT", "SIGBREAK"] as const) endOnSignal(signal);
  }

  /** An editor that writes there what is typed. */
  static async open(output: Output): Promise<LineEditor> {
    const editor: LineEditor = new LineEditor(output, await keyboard(() => editor.#redraw()));
    return editor;
  }

  /** The next line typed, or null at the end of input: Ctrl+D on an empty line. Throws an InputError. */
  async line(question: Question): Promise<string | null> {
    clearTimeout(this.#givingBack);
    this.#keyboard.open();
    this.#question = question;
    this.#place = this.#history.length;
    this.#output.writeHere(this.show());
    let line: string | null | undefined;
    try {
      while ((line = this.#takeKeys()) === undefined) await this.#read();
    } finally {
      this.#end(typeof line === "string");
      this.#givingBack = setTimeout(() => this.#keyboard.close(), GIVE_BACK);
      Deno.unrefTimer(this.#givingBack);
    }
    if (line && !question.secret && line !== this.#history.at(-1)) {
      this.#history = [...this.#history.slice(1 - HISTORY_LIMIT), line];
    }
    return line;
  }

  /** Leaves the terminal as it was, with the cursor at the beginning of a line. */
  close(): void {
    this.#end(false);
    this.#keyboard.close();
  }

  /** What takes the line off the screen, so that other text can be written in its place. */
  hide(): string {
    if (!this.#shown) return "";
    this.#shown = false;
    return erased(this.#seen());
  }

  /** What puts it there again, below that text. */
  show(): string {
    if (this.#question === undefined || this.#shown) return "";
    this.#shown = true;
    return drawn(this.#seen());
  }

  /** What is seen: the prompt, and what is typed unless it is secret. */
  #seen(): Line {
    const prompt = this.#question?.prompt ?? "";
    return { before: prompt + this.#seenText(this.#before), after: this.#seenText(this.#after) };
  }

  #seenText(text: string): string {
    return this.#question?.secret ? "" : text.replaceAll("\t", " ");
  }

  /** Waits for keys. */
  async #read() {
    try {
      const typed = await this.#keyboard.read();
      if (typed === null) this.#inputEnded = true;
      else this.#keys.push(typed);
    } catch (error) {
      if (error instanceof NotUtf8) throw new InputError("a line of input is not UTF-8 text");
      throw error;
    }
  }

  /** Does what the keys say, up to one that ends the line: then it gives the line, or null. */
  #takeKeys(): string | null | undefined {
    for (let key; (key = this.#keys.next()) !== undefined;) {
      const line = this.#before + this.#after;
      if (key.action === "enter") return line;
      if (key.action === "end of input" && line === "") return null;
      if (key.text !== undefined) this.#insert(key.text);
      else if (key.action) this.#do(key.action);
    }
    if (this.#inputEnded) return null;
  }

  #do(action: Action) {
    const before = this.#before, after = this.#after;
    switch (action) {
      case "interrupt":
        return interrupt();
      case "backspace":
        return this.#set(before.slice(0, before.length - lastCharacter(before).length), after);
      case "delete":
      case "end of input": // Ctrl+D, where the line is not empty
        return this.#set(before, after.slice(firstCharacter(after).length));
      case "left":
        return this.#moveTo(before.length - lastCharacter(before).length);
      case "right":
        return this.#moveTo(before.length + firstCharacter(after).length);
      case "word left":
        return this.#moveTo(before.replace(LAST_WORD, "").length);
      case "word right":
        return this.#moveTo(before.length + FIRST_WORD.exec(after)![0].length); // it matches anything
      case "home":
        return this.#moveTo(0);
      case "end":
        return this.#moveTo(before.length + after.length);
      case "up":
        return this.#recall(this.#place - 1);
      case "down":
        return this.#recall(this.#place + 1);
      case "erase before":
        return this.#set("", after);
      case "erase after":
        return this.#set(before, "");
      case "erase word":
        return this.#set(before.replace(LAST_WORD, ""), after);
      case "clear screen":
        this.hide();
        return this.#output.writeHere(CLEAR_SCREEN + this.show());
    }
  }

  #insert(text: string) {
    const line = this.#before + this.#after;
    // No unit of a string has more than three bytes: nothing to count while there is room for those.
    if (3 * (line.length + text.length) > MESSAGE_LIMIT) {
      const room = MESSAGE_LIMIT - encoder.encode(line).length;
      const { read } = encoder.encodeInto(text, new Uint8Array(room));
      if (read < text.length) report(`a line takes ${MESSAGE_LIMIT} bytes: the rest was left out`);
      text = text.slice(0, read);
    }
    if (!this.#shown || this.#after !== "") return this.#set(this.#before + text, this.#after);
    // What is typed at the end needs no more than to be written there.
    this.#before += text;
    this.#output.writeHere(this.#seenText(text));
  }

  #moveTo(place: number) {
    const line = this.#before + this.#after;
    this.#set(line.slice(0, place), line.slice(place));
  }

  /** Shows a line of the history; after the last one, what was typed before. */
  #recall(place: number) {
    if (place < 0 || place > this.#history.length || this.#question?.secret) return;
    if (this.#place === this.#history.length) this.#draft = this.#before + this.#after;
    this.#place = place;
    this.#set(this.#history[place] ?? this.#draft, "");
  }

  /** The line becomes this, on the screen too. */
  #set(before: string, after: string) {
    const hide = this.hide();
    this.#before = before;
    this.#after = after;
    this.#output.writeHere(hide + this.show());
  }

  #redraw() {
    this.#shown = false;
    this.#output.writeHere(this.show());
  }

  /** The line is done with: the cursor goes below it, if there is something on it, or `always`. */
  #end(always: boolean) {
    if (this.#question === undefined) return;
    if (this.#after !== "" || !this.#shown) this.#set(this.#before + this.#after, "");
    const something = this.#seen().before !== "";
    this.#question = undefined;
    this.#shown = false;
    this.#before = "";
    if (always || something) this.#output.writeHere("\n");
  }
}

const encoder = new TextEncoder();

const LAST_WORD = /\S*\s*$/u;
const FIRST_WORD = /^\s*\S*/u;

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
