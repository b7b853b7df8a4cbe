// Who is next, where there are many connections: which message is handled, and which write begins.
//
// In one turn of its event loop Deno completes 128 reads and writes (tokio's budget for cooperative
// scheduling). What is more has to wait, and then what was begun last goes first: in a large room
// some would talk while others starve. So here messages are handled one after another, in the order
// in which they came, and no more writes begin in a turn than it can complete. Who has filled the queue of
// a slow reader waits longer (backpressure.ts).

import { concat } from "@std/bytes/concat";
import type { Ending } from "../framing.ts";
import { Backpressure, type Reader, type Speaker } from "./backpressure.ts";

/** Writes that begin in a turn of the event loop: less than 128, since some reads complete in it too. */
const WRITES = 120;
/** Messages that are handled before what they led to is written, in UTF-16 units and overhead. */
const MESSAGES = 256 * 1024;
const OVERHEAD = 64;
/** Most handlers are done after so many `await` that wait for nothing outside. */
const AWAITS = 8;

/** A message that waits to be handled. */
interface Message {
  readonly speaker: Speaker;
  readonly size: number;
  /** Lets the `recv` that waits for it go on. */
  readonly begin: () => void;
}

/** The order in which messages are handled and writes begin. */
export class Turns {
  /** Writes that have begun in this turn of the event loop, and those who wait to begin one. */
  #begun = 0;
  #writers: { beginWrite(): void }[] = [];
  /** Messages that wait to be handled, their size in all, and those that wait for a slow reader. */
  readonly #messages: Message[] = [];
  #size = 0;
  #held: Message[] = [];
  #running = false;
  /** Whose message is being handled, and what ends that. */
  #speaker: Speaker | undefined;
  #endTurn = () => {};
  readonly #backpressure = new Backpressure(() => this.#lookAgain());
  /** What was merged last, while there is something to do: those who follow are sent the same. */
  #queue: readonly Uint8Array[] = [];
  #merged: Uint8Array = new Uint8Array(0);

  /** How those end their messages whose message is being handled: a newline, or nothing. */
  get ending(): Ending {
    return this.#speaker?.ending ?? "";
  }

  /** Whether a write may begin in this turn of the event loop; if so, it is counted. */
  mayWrite(): boolean {
    if (this.#begun >= WRITES) return false;
    this.#begun++;
    return true;
  }

  /** Lets `writer` begin a write when it may, after those that asked before. */
  whenMayWrite(writer: { beginWrite(): void }): void {
    this.#writers.push(writer);
    if (!this.#running) this.#run();
  }

  /** Settles when a message of that length, in UTF-16 units, is the next to be handled. */
  next(speaker: Speaker, length: number): Promise<void> {
    return new Promise((begin) => {
      const size = length + OVERHEAD;
      this.#messages.push({ speaker, size, begin });
      this.#size += size;
      if (!this.#running) this.#run();
    });
  }

  /** The speaker's message has been handled: its socket asks for the next one, or is closed. */
  handled(speaker: Speaker): void {
    if (speaker !== this.#speaker) return;
    this.#speaker = undefined;
    this.#endTurn();
  }

  /** The speaker's connection is closed: its message waits no longer. */
  forget(speaker: Speaker): void {
    this.handled(speaker);
    this.#backpressure.forget(speaker);
    for (const message of this.#held) if (message.speaker === speaker) message.begin();
    this.#held = this.#held.filter((message) => message.speaker !== speaker);
  }

  /** Call when a reader's queue is long: a message of that many bytes was added to it. */
  fills(reader: Reader, bytes: number): void {
    this.#backpressure.fills(this.#speaker, reader, bytes);
  }

  /** The reader has taken most of what waited for it, or is gone. */
  caughtUp(reader: Reader): void {
    this.#backpressure.caughtUp(reader);
    this.#lookAgain();
  }

  /** Queued messages as one run of bytes. In a room everyone is sent the same: then they share it. */
  merge(queue: readonly Uint8Array[]): Uint8Array {
    if (queue.length === 1) return queue[0]!;
    const same = queue.length === this.#queue.length &&
      queue.every((bytes, i) => bytes === this.#queue[i]);
    if (!same) {
      this.#queue = queue;
      this.#merged = concat(queue);
    }
    return this.#merged;
  }

  async #run() {
    this.#running = true;
    try {
      this.#begun = 0; // something has come: a new turn, but for a read that completed at once
      let ledTo = 0; // writes that the last message led to, and so probably the next
      await null; // whoever has news in the same moment comes along
      while (this.#writers.length > 0 || this.#messages.length > 0) {
        await this.#beginWrites();
        const { someAreNew } = this.#backpressure;
        if (this.#begun + ledTo > WRITES || someAreNew) await this.#nextTurn();
        let size = 0;
        while (this.#messages.length > 0 && size < MESSAGES && this.#begun + ledTo <= WRITES) {
          const message = this.#messages.shift()!;
          this.#size -= message.size;
          if (this.#backpressure.holds(message.speaker, this.#size > MESSAGES)) {
            this.#held.push(message);
            continue;
          }
          const before = this.#begun;
          this.#speaker = message.speaker;
          message.begin();
          for (let i = 0; i < AWAITS && this.#speaker === message.speaker; i++) await null;
          if (this.#speaker === message.speaker) await this.#ofTurn(message.speaker);
          this.#backpressure.turnEnded(message.speaker, message.size);
          ledTo = this.#begun - before;
          // Who has become slow just now gets a turn of the event loop after each message.
          size += this.#backpressure.someAreNew ? MESSAGES : message.size;
        }
      }
    } finally {
      this.#running = false;
      this.#queue = [];
      this.#merged = new Uint8Array(0);
    }
  }

  async #beginWrites() {
    const writers = this.#writers;
    this.#writers = [];
    for (const writer of writers) {
      if (this.#begun >= WRITES) await this.#nextTurn();
      this.#begun++;
      try {
        writer.beginWrite();
      } catch (error) {
        reportError(error); // the others write all the same
      }
    }
  }

  /** Settles when the turn has ended: a handler that waits for a file or a timer holds up nobody. */
  #ofTurn(speaker: Speaker): Promise<void> {
    return new Promise((resolve) => {
      this.#endTurn = resolve;
      setImmediate(() => this.handled(speaker)); // whatever waits only for promises has gone on by then
    });
  }

  /** Lets the messages that were held be looked at again, before all others. */
  #lookAgain() {
    if (this.#held.length === 0) return;
    for (const { size } of this.#held) this.#size += size;
    this.#messages.unshift(...this.#held);
    this.#held = [];
    if (!this.#running) this.#run();
  }

  async #nextTurn() {
    await new Promise((resolve) => setImmediate(resolve));
    this.#begun = 0;
  }
}
