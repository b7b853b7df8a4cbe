// JSON framing: a message is one JSON text (RFC 8259), wherever the pieces fall and with any whitespace
// between two. It looks only for where a text ends; whether it is right is for the parser to say.

import { FramingError } from "../errors.ts";
import { BATCH, decode, type Framing, MESSAGE_LIMIT, PendingBytes, tooLong } from "./message.ts";

/** What JSON calls insignificant whitespace (RFC 8259, 2), and the NUL that C programs send behind a text. */
const SPACE = new Set([0x20, 0x09, 0x0a, 0x0d, 0x00]);
const QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c, COLON = 0x3a;
const OPEN = new Set([0x5b, 0x7b]);
const CLOSE = new Set([0x5d, 0x7d]);
/** Deeper nesting than this is refused; Python's own parser gives up at about 1,000 too. */
const DEPTH_LIMIT = 500;
/** A number or a word has no end of its own: it is whole after so many milliseconds of silence. */
const WORD_TIMEOUT = 50;

/** Each JSON text is a message. */
export class JsonFraming implements Framing {
  readonly name = "json";
  // Two numbers in one write would be read as one.
  readonly mayMerge = false;
  readonly ending = "";
  #pending = new PendingBytes();
  #depth = 0;
  #state: "between" | "nested" | "string" | "escape" | "word" = "between";

  push(bytes: Uint8Array, _bufferFull: boolean, messages: string[]): number {
    let start = 0;
    for (let at = 0; at < bytes.length; at++) {
      if (this.#state === "between") {
        if (SPACE.has(bytes[at]!)) continue;
        if (messages.length === BATCH) return at;
        start = at;
      }
      const end = this.#endsAt(bytes[at]!, at);
      if (end < 0) continue;
      this.#state = "between";
      this.#mayGrowBy(end - start);
      messages.push(decode(this.#pending.takeWith(bytes.subarray(start, end))));
      at = end - 1;
    }
    if (this.#state !== "between") {
      this.#mayGrowBy(bytes.length - start);
      this.#pending.add(bytes.subarray(start));
    }
    return bytes.length;
  }

  flush(atEnd: boolean, messages: string[]): void {
    if (this.#state === "word") this.push(Uint8Array.of(0x20), false, messages);
    else if (atEnd && this.#state !== "between") {
      throw new FramingError("ended in the middle of a JSON text");
    }
  }

  get timeout(): number {
    return this.#state === "word" ? WORD_TIMEOUT : 0;
  }

  get pending(): number {
    return this.#pending.length;
  }

  /** Takes one byte of a text; where the text ends with it, or just before it, says at what index. */
  #endsAt(byte: number, at: number): number {
    switch (this.#state) {
      case "escape":
        this.#state = "string";
        return -1;
      case "string":
        if (byte === BACKSLASH) this.#state = "escape";
        else if (byte === QUOTE) {
          if (this.#depth === 0) return at + 1;
          this.#state = "nested";
        }
        return -1;
      case "word": {
        const ends = SPACE.has(byte) || byte === QUOTE || byte === COMMA || byte === COLON ||
          OPEN.has(byte) || CLOSE.has(byte);
        return ends ? at : -1;
      }
      default: // between two texts, or nested in one
        if (byte === QUOTE) this.#state = "string";
        else if (OPEN.has(byte)) {
          this.#state = "nested";
          if (++this.#depth > DEPTH_LIMIT) {
            throw new FramingError(`sent JSON nested deeper than ${DEPTH_LIMIT}`);
          }
        } else if (CLOSE.has(byte)) {
          // One too many ends a text as well: the parser refuses it.
          if (this.#depth <= 1) {
            this.#depth = 0;
            return at + 1;
          }
          this.#depth--;
        } else if (this.#state === "between") {
          if (byte === COMMA || byte === COLON) return at + 1;
          this.#state = "word";
        }
        return -1;
    }
  }

  #mayGrowBy(length: number) {
    if (this.#pending.length + length > MESSAGE_LIMIT) throw tooLong();
  }
}
