// Who is next, where there are many connections: which message is handled, and which write begins.
//
// In one turn of its event loop Deno completes 128 reads and writes (tokio's budget for cooperative
// scheduling). What is more has to wait, and then what was begun last goes first: in a large room
// some would talk while others starve. So here messages are handled one after another, in the order
// in which they came, and no more writes begin in a turn than it can complete.

import { concat } from "@std/bytes/concat";
import { printing } from "../console.ts";

/** Writes that begin in a turn of the event loop: less than 128, since some reads complete in it too. */
const WRITES = 120;
/** Messages that are handled before what they led to is written, in UTF-16 units and overhead. */
const MESSAGES = 256 * 1024;
const OVERHEAD = 64;
/** How long messages wait for slow readers, in milliseconds. */
const PATIENCE = 50;
/** Most handlers are done after so many `await` that wait for nothing outside. */
const AWAITS = 8;
/** So much waits for the console when it is slow, in UTF-16 units. */
const CONSOLE_SLOW = 64 * 1024;

/** Who takes what is sent or printed. */
export interface Reader {
  /** Bytes that wait for it, and bytes that it has taken in all. */
  readonly waiting: number;
  readonly taken: number;
}

/** A message that waits to be handled, of a connection. */
interface Message {
  readonly speaker: object;
  readonly size: number;
  /** Lets the `recv` that waits for it go on. */
  readonly begin: () => void;
}

/** The order in which messages are handled and writes begin. */
export class Turns {
  /** Writes that have begun in this turn of the event loop, and those who wait to begin one. */
  #begun = 0;
  #writers: { beginWrite(): void }[] = [];
  readonly #messages: Message[] = [];
  #running = false;
  /** Whose message is being handled, and what ends that. */
  #speaker: object | undefined;
  #endTurn = () => {};
  /** Readers for whom much waits, and until when they are waited for. */
  readonly #slow = new Set<Reader>();
  #patienceEnds = 0;
  /** What was merged last, while there is something to do: those who follow are sent the same. */
  #queue: readonly Uint8Array[] = [];
  #merged: Uint8Array = new Uint8Array(0);

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
  next(speaker: object, length: number): Promise<void> {
    return new Promise((begin) => {
      this.#messages.push({ speaker, size: length + OVERHEAD, begin });
      if (!this.#running) this.#run();
    });
  }

  /** The speaker's message has been handled: its socket asks for the next one, or is closed. */
  handled(speaker: object): void {
    if (speaker !== this.#speaker) return;
    this.#speaker = undefined;
    this.#endTurn();
  }

  /**
   * Call when a reader's queue is too long: messages wait for it for a moment, and then not again until it
   * has caught up.
   */
  fallsBehind(reader: Reader): void {
    this.#slow.add(reader);
    this.#patienceEnds = performance.now() + PATIENCE;
  }

  /** The reader has taken most of what waited for it, or is gone. */
  caughtUp(reader: Reader): void {
    this.#slow.delete(reader);
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
        if (this.#slow.size > 0) {
          await new Promise((resolve) => setTimeout(resolve, 1));
          this.#begun = 0;
          if (printing.waiting <= CONSOLE_SLOW) this.#slow.delete(printing);
          if (performance.now() > this.#patienceEnds) this.#slow.clear();
          continue;
        }
        if (this.#begun + ledTo > WRITES) await this.#nextTurn();
        let size = 0;
        while (this.#messages.length > 0 && size < MESSAGES && this.#begun + ledTo <= WRITES) {
          if (this.#slow.size > 0) break;
          const message = this.#messages.shift()!;
          size += message.size;
          const before = this.#begun;
          const printed = printing.waiting;
          this.#speaker = message.speaker;
          message.begin();
          await this.#handled(message.speaker);
          ledTo = this.#begun - before;
          if (printing.waiting > CONSOLE_SLOW && printed <= CONSOLE_SLOW) {
            this.fallsBehind(printing);
          }
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

  /** Settles when the message has been handled, or its handler waits for more than promises. */
  async #handled(speaker: object) {
    for (let i = 0; i < AWAITS; i++) {
      await null;
      if (this.#speaker !== speaker) return; // the usual case, in which nothing needs to be made
    }
    await new Promise<void>((resolve) => {
      this.#endTurn = resolve;
      // Whatever waits only for promises has gone on by then; a file or a timer holds up nobody.
      setImmediate(() => this.handled(speaker));
    });
  }

  async #nextTurn() {
    await new Promise((resolve) => setImmediate(resolve));
    this.#begun = 0;
  }
}
