// Backpressure: who sends more than a reader takes has to wait, and nobody else.
//
// A reader (a peer, or the console) for whom much waits is slow. Who has sent something to a slow reader
// waits with its next message until the reader has caught up. How long at most, depends on the sender:
//   - who floods, that is, says more without waiting to be heard, or makes much out of little (a long
//     nickname): as long as the reader takes something;
//   - everybody else: 40 ms, once. That is how long it takes to see who is who.
// Then the reader has stalled: nobody waits for it until it has caught up, and past the limit of its queue
// it is dropped (outbox.ts). Redis has soft and hard limits of this kind ("Client-side output buffers").
//
// Time is counted in ticks of a timer and not by the clock: while the machine is busy with something else,
// or this program is stopped, nobody grows slow by it.

import { printing } from "../console.ts";
import type { Ending } from "../framing.ts";

/** Milliseconds between two ticks. */
const TICK = 10;
/** For so many ticks a reader is newly slow, and a speaker is watched who has sent it something. */
const NEW = 4;
/**
 * A reader has stalled when it takes less than so many bytes in so many ticks. At first nobody knows whether
 * it reads at all: the kernel's buffers are full, and Linux says so only when a third of them is free again.
 */
const FIRST = { bytes: 64 * 1024, ticks: 300 };
/** Once it has been seen to read, it has to take 100 KB a second. */
const LATER = { bytes: 1024 * 1024, ticks: 1000 };
/** It was seen to read when it took something after so many ticks without. */
const PAUSE = 3;
/** Who has so many bytes waiting behind its message does not wait to be heard. */
const AHEAD = 4096;
/** A message makes much out of little that adds so many times its size, and so many bytes, to a queue. */
const AMPLIFIED = 4; // of UTF-16 units, of which each may be three bytes
const AMPLIFIED_FROM = 4096;
/** So much may wait for the console before it is slow, and until it has caught up, in UTF-16 units. */
const CONSOLE_SLOW = 256 * 1024;
const CONSOLE_CAUGHT_UP = 64 * 1024;

/** Who takes what is sent or printed. */
export interface Reader {
  /** Bytes that wait for it, and bytes that it has taken in all. */
  readonly waiting: number;
  readonly taken: number;
}

/** Whose messages are handled. */
export interface Speaker {
  /** Bytes that have come from it behind the message that waits. */
  readonly ahead: number;
  /** What it ends its messages with. */
  readonly ending: Ending;
  /** Looks whether more comes. */
  readAhead(): void;
}

/** How long one slow reader is waited for. */
class Patience {
  #ticks = 0;
  #taken: number;
  /** Ticks since it took enough, and what is enough. */
  #still = 0;
  #enough = FIRST;

  constructor(readonly reader: Reader) {
    this.#taken = reader.taken;
  }

  tick(): void {
    this.#ticks++;
    this.#still++;
    if (this.reader.taken - this.#taken < this.#enough.bytes) return;
    if (this.#still > PAUSE) this.#enough = LATER;
    this.#taken = this.reader.taken;
    this.#still = 0;
  }

  get isNew(): boolean {
    return this.#ticks < NEW;
  }

  get stalled(): boolean {
    return this.#still > this.#enough.ticks;
  }
}

/** What is known of a speaker who has sent something to slow readers. */
interface Filling {
  readonly readers: Set<Reader>;
  /** The most that its last message has added to what waits for one of them, in bytes. */
  added: number;
  amplifies: boolean;
  /** Until which tick it is watched: does it say more without waiting to be heard? */
  watchedUntil: number;
}

/** Which messages wait for slow readers. */
export class Backpressure {
  readonly #slow = new Map<Reader, Patience>();
  readonly #filling = new Map<Speaker, Filling>();
  #ticks = 0;
  #ticking = false;
  /** Whether a message was held since the last tick. */
  #holding = false;
  readonly #lookAgain: () => void;

  /** `lookAgain` is called when messages that were held may not have to be any more. */
  constructor(lookAgain: () => void) {
    this.#lookAgain = lookAgain;
  }

  /** Whether a reader has become slow just now. */
  get someAreNew(): boolean {
    return this.#slow.size > 0 && this.#slow.values().some((patience) => patience.isNew);
  }

  /** A message of the speaker has added that many bytes to the long queue of a reader. */
  fills(speaker: Speaker | undefined, reader: Reader, bytes: number): void {
    if (!this.#slow.has(reader)) this.#slow.set(reader, new Patience(reader));
    this.#tick();
    if (speaker === undefined) return;
    let filling = this.#filling.get(speaker);
    if (!filling) {
      const watchedUntil = this.#ticks + NEW;
      filling = { readers: new Set(), added: 0, amplifies: false, watchedUntil };
      this.#filling.set(speaker, filling);
    }
    filling.readers.add(reader);
    filling.added = Math.max(filling.added, bytes);
  }

  /** The reader has taken most of what waited for it, or is gone. */
  caughtUp(reader: Reader): void {
    this.#slow.delete(reader);
  }

  /** The speaker's message of that size has been handled. */
  turnEnded(speaker: Speaker, size: number): void {
    if (printing.waiting > CONSOLE_SLOW) this.fills(speaker, printing, 0);
    const filling = this.#filling.size > 0 ? this.#filling.get(speaker) : undefined;
    if (!filling) return;
    if (filling.added > AMPLIFIED * size + AMPLIFIED_FROM) filling.amplifies = true;
    filling.added = 0;
  }

  forget(speaker: Speaker): void {
    this.#filling.delete(speaker);
  }

  /** Whether the speaker's next message has to wait. `crowd`: so many speak at once that all flood. */
  holds(speaker: Speaker, crowd: boolean): boolean {
    if (this.#slow.size === 0) return false; // the usual case
    const filling = this.#filling.get(speaker);
    if (!filling && !crowd) return false;
    const floods = crowd || filling?.amplifies === true || speaker.ahead > AHEAD;
    const watched = filling !== undefined && this.#ticks < filling.watchedUntil;
    for (const reader of crowd ? this.#slow.keys() : filling?.readers ?? []) {
      const patience = this.#patienceWith(reader);
      if (patience === undefined) filling?.readers.delete(reader);
      else if (!patience.stalled && (floods || watched)) return this.#hold(speaker);
    }
    if (filling?.readers.size === 0) this.#filling.delete(speaker);
    return false;
  }

  #hold(speaker: Speaker): true {
    speaker.readAhead();
    this.#holding = true;
    this.#tick();
    return true;
  }

  #patienceWith(reader: Reader): Patience | undefined {
    // Peers say when they have caught up; the console does not.
    if (reader === printing && reader.waiting <= CONSOLE_CAUGHT_UP) this.#slow.delete(reader);
    return this.#slow.get(reader);
  }

  /** Ticks for as long as somebody waits, or a reader is newly slow. */
  #tick() {
    if (this.#ticking) return;
    this.#ticking = true;
    setTimeout(() => {
      this.#ticking = false;
      this.#ticks++;
      for (const patience of this.#slow.values()) patience.tick();
      if (this.#holding || this.someAreNew) this.#tick();
      this.#holding = false; // who has to wait on is held again
      this.#lookAgain();
    }, TICK);
  }
}
