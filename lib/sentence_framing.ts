// The case converter's messages: a sentence, then `1` or `2`, with nothing between them on the wire.
// Where TCP merges or cuts the two, this framing tells them apart by what a recv can't see alone.

import { decode, type FirstFraming, MESSAGE_LIMIT, PendingBytes, tooLong } from "./framing.ts";

/**
 * Milliseconds of silence after which a digit at the end is the mode, or was meant as one, and not the
 * sentence's own last letter; and after which pieces that end in none have no mode.
 */
const MODE_TIMEOUT = 1500;
/** The same where a space is before the digit, as in `room 1`: nearly always the sentence's own. */
const OWN_DIGIT_TIMEOUT = 10_000;
/** The same for a sentence alone: some clients ask for the mode only now. */
const SENTENCE_TIMEOUT = 60_000;

const SPACE = 0x20;
const MODES = new Set([0x31, 0x32]);

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
  readonly ending = "";
  #pending = new PendingBytes();
  #segments = 0;
  #firstLength = 0;
  #bufferFull = false;
  #last = 0;
  #lastButOne = 0;

  push(received: Uint8Array, bufferFull: boolean, messages: string[]): number {
    const bytes = received.filter((byte) => byte !== 0); // C programs send NULs behind a text
    if (bytes.length === 0) return received.length;
    if (this.#pending.length + bytes.length > MESSAGE_LIMIT) throw tooLong();
    this.#pending.add(bytes);
    this.#lastButOne = bytes.at(-2) ?? this.#last;
    this.#last = bytes.at(-1)!;
    // What comes after a full read buffer belongs to the same segment.
    if (!this.#bufferFull) this.#segments++;
    this.#bufferFull = bufferFull;
    if (this.#segments === 1) this.#firstLength = this.#pending.length;
    const plain = this.#segments === 2 && bytes.length === 1 && this.#firstLength >= 2;
    if (plain && this.#endsInMode) this.flush(false, messages);
    return received.length;
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
    const isDigit = this.#last >= 0x30 && this.#last <= 0x39;
    if (isDigit && this.#lastButOne === SPACE) return OWN_DIGIT_TIMEOUT;
    return isDigit || this.#segments > 1 ? MODE_TIMEOUT : SENTENCE_TIMEOUT;
  }

  get #endsInMode(): boolean {
    return MODES.has(this.#last);
  }

  get pending(): number {
    return this.#pending.length;
  }

  takePending(): Uint8Array {
    return this.#pending.take();
  }
}
