// Auto framing, for servers that meet both kinds of clients: raw until the client sends a newline, lines
// from then on, both ways.

import { LineFraming } from "./line.ts";
import type { FirstFraming, Framing, FramingName } from "./message.ts";

/** Begins as the framing that it is given, and becomes line framing at the first newline. */
export class AutoFraming implements Framing {
  #first: FirstFraming | undefined;
  #now: Framing;

  constructor(first: FirstFraming) {
    this.#first = this.#now = first;
  }

  push(bytes: Uint8Array, bufferFull: boolean, messages: string[]): number {
    if (this.#first && bytes.includes(10)) {
      const pending = this.#first.takePending();
      this.#first = undefined;
      this.#now = new LineFraming();
      this.#now.push(pending, false, messages);
    }
    return this.#now.push(bytes, bufferFull, messages);
  }

  flush(atEnd: boolean, messages: string[]): void {
    this.#now.flush(atEnd, messages);
  }

  encode(message: string): Uint8Array {
    return this.#now.encode(message);
  }

  get name(): FramingName {
    return this.#now.name;
  }

  get timeout(): number {
    return this.#now.timeout;
  }

  get pending(): number {
    return this.#now.pending;
  }

  get mayMerge(): boolean {
    return this.#now.mayMerge;
  }
}
