// A framing used as a connection uses it: messages one after another, and a mistake when those before it
// have been taken.

import type { Ending, FirstFraming, Framing, FramingName } from "../../lib/framing.ts";
import { framingOf } from "../../lib/framing.ts";
import { encode } from "../../lib/socket/outbox.ts";

/** A framing, and the messages that it has made. */
export class Framed {
  readonly framing: Framing;
  #messages: string[] = [];
  #mistake: unknown;

  constructor(name: FramingName, raw?: FirstFraming) {
    this.framing = framingOf(name, raw);
  }

  get name(): FramingName {
    return this.framing.name;
  }

  get timeout(): number {
    return this.framing.timeout;
  }

  get mayMerge(): boolean {
    return this.framing.mayMerge;
  }

  push(bytes: Uint8Array, bufferFull: boolean): void {
    this.#make((messages) => {
      while (bytes.length > 0) {
        const batch: string[] = [];
        try {
          bytes = bytes.subarray(this.framing.push(bytes, bufferFull, batch));
        } finally {
          messages.push(...batch);
        }
      }
    });
  }

  flush(atEnd: boolean): void {
    this.#make((messages) => this.framing.flush(atEnd, messages));
  }

  /** `sender`: what the one who has made this program send it ends messages with. */
  encode(message: string, sender: Ending = ""): Uint8Array {
    return encode(message, this.framing.ending ?? sender);
  }

  /** The next message, or undefined where more bytes are needed. Throws what the framing has thrown. */
  next(): string | undefined {
    const message = this.#messages.shift();
    if (message === undefined && this.#mistake !== undefined) throw this.#mistake;
    return message;
  }

  #make(make: (messages: string[]) => void) {
    try {
      make(this.#messages);
    } catch (error) {
      this.#mistake = error;
    }
  }
}
