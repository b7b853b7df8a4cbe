// Line framing: a newline ends a message, `\r\n` too. The simplest way to say where a message ends.

import {
  BATCH,
  decode,
  Encoder,
  type Framing,
  MESSAGE_LIMIT,
  PendingBytes,
  tooLong,
} from "./message.ts";

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

const lineEncoder = new Encoder("\n", MESSAGE_LIMIT);

/** Each line is a message. What follows the last newline counts as one when the stream ends. */
export class LineFraming implements Framing {
  readonly name = "line";
  readonly mayMerge = true;
  readonly timeout = 0;
  #pending = new PendingBytes();

  push(bytes: Uint8Array, _bufferFull: boolean, messages: string[]): number {
    let start = 0;
    for (let end; (end = bytes.indexOf(NEWLINE, start)) >= 0; start = end + 1) {
      if (messages.length === BATCH) return start;
      messages.push(this.#line(bytes.subarray(start, end)));
    }
    const rest = bytes.subarray(start);
    // One more than a message may have: it could be the `\r` of its end.
    if (this.#pending.length + rest.length > MESSAGE_LIMIT + 1) throw tooLong();
    if (rest.length > 0) this.#pending.add(rest);
    return bytes.length;
  }

  flush(atEnd: boolean, messages: string[]): void {
    if (atEnd && this.#pending.length > 0) this.push(Uint8Array.of(NEWLINE), false, messages);
  }

  get pending(): number {
    return this.#pending.length;
  }

  encode(message: string): Uint8Array {
    return lineEncoder.encode(message);
  }

  #line(line: Uint8Array): string {
    if (this.#pending.length > 0) {
      this.#pending.add(line);
      line = this.#pending.take();
    }
    if (line[line.length - 1] === CARRIAGE_RETURN) line = line.subarray(0, -1);
    if (line.length > MESSAGE_LIMIT) throw tooLong();
    return decode(line);
  }
}
