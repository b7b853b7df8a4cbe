// Raw framing, what the originals do: what one recv brings is one message.

import { FramingError } from "../errors.ts";
import {
  BATCH,
  decode,
  type FirstFraming,
  MESSAGE_LIMIT,
  nothing,
  PendingBytes,
} from "./message.ts";

/** How many bytes at the end are the beginning of a UTF-8 character that is not complete (RFC 3629, 4). */
function incompleteTail(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue; // in the middle of a character: look further back
    // 0xc0, 0xc1 and 0xf5 to 0xff begin no character: nothing can complete them.
    const length = byte > 0xf4 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

/**
 * A read is a message; so is what NULs end in it, which C programs send behind a text. Only a message that
 * ends inside a character waits until its bytes are complete, and what filled the read buffer until the rest
 * of it is there.
 */
export class RawFraming implements FirstFraming {
  readonly name = "raw";
  readonly mayMerge = false;
  readonly ending = "";
  timeout = 0;
  #pending = new PendingBytes();

  push(bytes: Uint8Array, bufferFull: boolean, messages: string[]): number {
    let start = 0;
    for (let end; (end = bytes.indexOf(0, start)) >= 0; start = end + 1) {
      if (messages.length >= BATCH) return start;
      this.#makeMessages(bytes.subarray(start, end), false, messages);
    }
    const rest = start > 0 ? bytes.subarray(start) : bytes;
    // A full read buffer says that there may be more: 1 ms is enough for what has arrived already.
    this.timeout = bufferFull && this.#pending.length + rest.length < MESSAGE_LIMIT ? 1 : 0;
    if (this.timeout > 0) this.#pending.add(rest);
    else this.#makeMessages(rest, false, messages);
    return bytes.length;
  }

  flush(atEnd: boolean, messages: string[]): void {
    this.timeout = 0;
    this.#makeMessages(nothing, atEnd, messages);
  }

  get pending(): number {
    return this.#pending.length;
  }

  takePending(): Uint8Array {
    this.timeout = 0;
    return this.#pending.take();
  }

  /** Of what is pending and these bytes. */
  #makeMessages(bytes: Uint8Array, atEnd: boolean, messages: string[]) {
    let rest = this.#pending.takeWith(bytes);
    while (rest.length > 0) {
      const most = rest.length > MESSAGE_LIMIT ? rest.subarray(0, MESSAGE_LIMIT) : rest;
      const tail = incompleteTail(most);
      const whole = most.length - tail;
      const text = decode(tail > 0 ? most.subarray(0, whole) : most);
      if (whole === rest.length) return void messages.push(text); // the plain case
      // A character that was cut keeps its whole message waiting, so that it arrives as one.
      if (rest.length < MESSAGE_LIMIT && !atEnd) break;
      if (whole === 0) {
        if (atEnd) throw new FramingError("ended in the middle of a UTF-8 character");
        break;
      }
      messages.push(text);
      rest = rest.subarray(whole);
    }
    this.#pending.add(rest);
  }
}
