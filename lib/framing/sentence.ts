// The case converter's messages: a sentence, then `1` or `2`, with nothing between them on the wire.
// Where TCP merges or cuts the two, this framing tells them apart by what a recv can't see alone.

import { decode, type FirstFraming, MESSAGE_LIMIT, PendingBytes, tooLong } from "./message.ts";
import { rawEncoder } from "./raw.ts";

/**
 * Milliseconds of silence after which a `1` or `2` at the end is the mode, and not the sentence's own
 * last letter: longer than Linux waits before it sends a lost segment again (200 ms).
 */
const MODE_TIMEOUT = 250;
/** The same after pieces that end in neither, and after another digit: they have no valid mode. */
const NO_MODE_TIMEOUT = 1000;
/** The same for a sentence alone, whose mode may still be typed. */
const SENTENCE_TIMEOUT = 10_000;

const MODES = new Set([0x31, 0x32]);
/** What somebody types who is asked for a number; the original's client sends it as it is. */
const DIGITS = new Set([0x30, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39]);

/**
 * Two messages, the sentence and its mode. The bytes say where the second begins only once no more can
 * come: it is the last byte, if that is `1` or `2`. That is certain at the end of the stream. In the
 * plain case, a segment of two bytes or more and then one that is the mode, nothing is waited for. For
 * anything else (`hi1` in one segment, `h` and `i1`, one byte at a time) only silence tells. Without a
 * mode the second message is empty.
 */
export class SentenceFraming implements FirstFraming {
  readonly name = "raw";
  readonly mayMerge = false;
  #pending = new PendingBytes();
  #segments = 0;
  #firstLength = 0;
  #bufferFull = false;
  #endsInMode = false;
  #endsInDigit = false;

  push(bytes: Uint8Array, bufferFull: boolean, messages: string[]): number {
    if (this.#pending.length + bytes.length > MESSAGE_LIMIT) throw tooLong();
    this.#pending.add(bytes);
    const last = bytes[bytes.length - 1]!;
    this.#endsInMode = MODES.has(last);
    this.#endsInDigit = DIGITS.has(last);
    // What comes after a full read buffer belongs to the same segment.
    if (!this.#bufferFull) this.#segments++;
    this.#bufferFull = bufferFull;
    if (this.#segments === 1) this.#firstLength = this.#pending.length;
    const plain = this.#segments === 2 && bytes.length === 1 && this.#firstLength >= 2;
    if (plain && this.#endsInMode) this.flush(false, messages);
    return bytes.length;
  }

  flush(_atEnd: boolean, messages: string[]): void {
    if (this.#pending.length === 0) return;
    const text = decode(this.takePending());
    messages.push(...(this.#endsInMode ? [text.slice(0, -1), text.slice(-1)] : [text, ""]));
    this.#segments = 0;
    this.#bufferFull = false;
  }

  get timeout(): number {
    if (this.#pending.length === 0) return 0;
    if (this.#endsInMode) return MODE_TIMEOUT;
    return this.#segments > 1 || this.#endsInDigit ? NO_MODE_TIMEOUT : SENTENCE_TIMEOUT;
  }

  get pending(): number {
    return this.#pending.length;
  }

  takePending(): Uint8Array {
    return this.#pending.take();
  }

  encode(message: string): Uint8Array {
    return rawEncoder.encode(message);
  }
}
