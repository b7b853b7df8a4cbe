// The case converter's messages: a sentence, then `1` or `2`, with nothing between them on the wire.
// Where TCP merges or cuts the two, this framing tells them apart by what a recv can't see alone.

import { type Beginning, decode, HeldBytes, MESSAGE_LIMIT, tooLong } from "./framing.ts";

/**
 * Milliseconds of silence after which a `1` or `2` at the end is the mode, and not the sentence's own
 * last letter: longer than Linux waits before it sends a lost segment again (200 ms).
 */
const MODE_QUIET = 250;
/** Milliseconds of silence after which pieces that end in neither have no valid mode. */
const PIECES_QUIET = 1000;
/** The same for a sentence alone, whose mode may still be typed. */
const SENTENCE_QUIET = 10_000;

const MODES = new Set([0x31, 0x32]);

/**
 * Two messages, the sentence and its mode. The bytes say where the second begins only once no more can
 * come: it is the last byte, if that is `1` or `2`. That is certain at the end of the stream. In the
 * plain case, a segment of two bytes or more and then one that is the mode, nothing is waited for. For
 * anything else (`hi1` in one segment, `h` and `i1`, one byte at a time) only silence tells. Without a
 * mode the second message is empty.
 */
export class SentenceFraming implements Beginning {
  readonly name = "raw";
  readonly merges = false;
  #held = new HeldBytes();
  #segments = 0;
  #firstLength = 0;
  #filled = false;
  #endsInMode = false;
  #messages: string[] = [];

  get quiet(): number {
    if (this.#held.length === 0) return 0;
    if (this.#endsInMode) return MODE_QUIET;
    return this.#segments > 1 ? PIECES_QUIET : SENTENCE_QUIET;
  }

  push(bytes: Uint8Array, filled: boolean): void {
    if (this.#held.length + bytes.length > MESSAGE_LIMIT) throw tooLong();
    this.#held.add(bytes);
    this.#endsInMode = MODES.has(bytes[bytes.length - 1]!);
    // What comes after a full read buffer belongs to the same segment.
    if (!this.#filled) this.#segments++;
    this.#filled = filled;
    if (this.#segments === 1) this.#firstLength = this.#held.length;
    const plain = this.#segments === 2 && bytes.length === 1 && this.#firstLength >= 2;
    if (plain && this.#endsInMode) this.#deliver();
  }

  next(): string | undefined {
    return this.#messages.shift();
  }

  flush(): void {
    if (this.#held.length > 0) this.#deliver();
  }

  encode(message: string): Uint8Array {
    return new TextEncoder().encode(message);
  }

  get held(): string {
    if (this.#held.length === 0) return "";
    const doubt = this.#endsInMode ? "is the last one the mode?" : "the mode is to come";
    return `${this.#held.length} bytes, ${doubt}`;
  }

  takeHeld(): Uint8Array {
    return this.#held.take();
  }

  #deliver() {
    const text = decode(this.takeHeld());
    this.#messages = this.#endsInMode ? [text.slice(0, -1), text.slice(-1)] : [text, ""];
    this.#segments = 0;
    this.#filled = false;
  }
}
