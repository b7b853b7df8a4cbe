// Line framing: a newline ends a message, `\r\n` too. The simplest way to say where a message ends.

import {
  BATCH,
  decode,
  decodeDamaged,
  type Ending,
  type Framing,
  MESSAGE_LIMIT,
  PendingBytes,
  tooLong,
} from "./message.ts";

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

/**
 * Each line is a message. What follows the last newline counts as one when the stream ends. NULs around a
 * line are padding: C programs send them behind a text. What is sent ends as the peer's last line did.
 */
export class LineFraming implements Framing {
  readonly name = "line";
  readonly mayMerge = true;
  readonly timeout = 0;
  damaged = false;
  ending: Ending = "\n";
  #pending = new PendingBytes();

  /**
   * `repairing`: of a line in which bytes of UTF-8 are missing, only what is left of their characters is
   * replaced. Debian's telnet swallows some of Hangul.
   */
  constructor(readonly repairing = false) {}

  push(bytes: Uint8Array, _bufferFull: boolean, messages: string[]): number {
    let start = 0;
    for (let end; (end = bytes.indexOf(NEWLINE, start)) >= 0; start = end + 1) {
      if (messages.length >= BATCH) return start;
      const line = this.#pending.takeWith(bytes.subarray(start, end));
      messages.push(this.#text(line, this.repairing));
    }
    while (this.#pending.length === 0 && bytes[start] === 0) start++;
    // One more than a message may have: it could be the `\r` of its end.
    if (this.#pending.length + bytes.length - start > MESSAGE_LIMIT + 1) throw tooLong();
    if (start < bytes.length) this.#pending.add(bytes.subarray(start));
    return bytes.length;
  }

  flush(atEnd: boolean, messages: string[]): void {
    if (!atEnd || this.#pending.length === 0) return;
    const { ending } = this;
    messages.push(this.#text(this.#pending.take(), false));
    this.ending = ending;
  }

  get pending(): number {
    return this.#pending.length;
  }

  #text(line: Uint8Array, repairing: boolean): string {
    const hasReturn = line[line.length - 1] === CARRIAGE_RETURN;
    this.ending = hasReturn ? "\r\n" : "\n";
    if (hasReturn) line = line.subarray(0, -1);
    if (line.length > MESSAGE_LIMIT) throw tooLong();
    const text = repairing ? this.#repair(line) : decode(line);
    return text.includes("\0") ? text.replace(/^\0+|\0+$/g, "") : text;
  }

  #repair(line: Uint8Array): string {
    try {
      return decode(line);
    } catch (error) {
      // Bytes that no character has (RFC 3629, 4): it was not UTF-8 before something was lost either.
      if (line.some((byte) => byte === 0xc0 || byte === 0xc1 || byte > 0xf4)) throw error;
      this.damaged = true;
      return decodeDamaged(line);
    }
  }
}
