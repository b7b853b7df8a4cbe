// What waits to be sent to one peer: its bytes in a queue with a limit, and one write at a time, since two
// writes in flight on one connection could interleave.

import { concat } from "@std/bytes/concat";
import { type Ending, type Framing, MESSAGE_LIMIT } from "../framing.ts";
import { observer } from "./observer.ts";
import type { Reader } from "./backpressure.ts";
import type { Turns } from "./turns.ts";

/** What may wait for a peer that does not read, in bytes; past it the peer is dropped. */
export const HARD_LIMIT = 1024 * 1024;
/** From here on a peer is slow, and down to here it has caught up, in bytes. */
const SOFT_LIMIT = 256 * 1024;
const CAUGHT_UP = 64 * 1024;
/** What a message in the queue costs beside its bytes: an object and a place in an array. */
const OVERHEAD = 64;
/** Raw messages share a write from here on: so much waits only where the kernel's buffer is full. */
const RAW_MERGE_FROM = 16 * 1024;

/** What an outbox belongs to. */
export interface OutboxOwner {
  readonly conn: Pick<Deno.TcpConn, "write">;
  readonly framing: Framing;
  readonly peer: string;
  /** Milliseconds between two writes in raw framing. */
  readonly gap: number;
  /** Who says when a write may begin; undefined for a client, which has one connection. */
  readonly turns: Turns | undefined;
  /** A write has failed; what was queued is forgotten then. */
  writeFailed(error: unknown): void;
}

/** The messages on their way to one peer. */
export class Outbox implements Reader {
  /** Bytes that wait or are in flight, overhead included, and bytes that the kernel has taken in all. */
  waiting = 0;
  taken = 0;
  readonly #owner: OutboxOwner;
  #queue: Uint8Array[] = [];
  #inFlight: Uint8Array | undefined;
  #inFlightCost = 0;
  #slow = false;
  #gapEnd = 0;
  #sent: PromiseWithResolvers<void> | undefined;
  // Made once and when needed: not anew for each write, and not for who is never sent anything.
  #onWritten: ((count: number) => void) | undefined;
  #onFailed: ((error: unknown) => void) | undefined;

  constructor(owner: OutboxOwner) {
    this.#owner = owner;
  }

  /** Queues a message. False where more waits than the limit. */
  send(message: string): boolean {
    const { framing, turns } = this.#owner;
    // A peer that has not spoken yet is sent what the sender sent, its newline included.
    const bytes = encode(message, framing.ending ?? turns?.ending ?? "");
    const { length } = bytes;
    if (length === 0) return true;
    const idle = this.#inFlight === undefined && this.#queue.length === 0;
    this.waiting += length + OVERHEAD;
    if (!idle) {
      this.#queue.push(bytes);
    } else if (framing.mayMerge && turns) {
      this.#queue.push(bytes);
      turns.whenMayWrite(this); // by then there may be more to share the write
    } else {
      this.#inFlight = bytes;
      this.#inFlightCost = this.waiting;
      if (!turns || turns.mayWrite()) this.beginWrite();
      else turns.whenMayWrite(this);
    }
    if (this.waiting > SOFT_LIMIT && turns) {
      this.#slow = true;
      turns.fills(this, length);
    }
    return this.waiting <= HARD_LIMIT;
  }

  /** Settles when what was sent so far has been handed to the kernel, or can't be. */
  async sent(): Promise<void> {
    if (this.#inFlight === undefined && this.#queue.length === 0) return;
    this.#sent ??= Promise.withResolvers();
    await this.#sent.promise;
  }

  /** Whether a write is under way. */
  get writing(): boolean {
    return this.#inFlight !== undefined;
  }

  /** Forgets what waits. */
  clear(): void {
    this.#queue = [];
    this.#inFlight = undefined;
    this.waiting = 0;
    this.#catchUp();
    this.#settle();
  }

  /** Begins the write of what is next; called when it may. */
  beginWrite(): void {
    if (this.#inFlight === undefined) this.#takeQueued();
    const { gap, framing } = this.#owner;
    const pause = gap > 0 && !framing.mayMerge ? this.#gapEnd - performance.now() : 0;
    if (pause > 0) setTimeout(() => this.#write(), pause);
    else this.#write();
  }

  #takeQueued() {
    const { gap, framing, turns } = this.#owner;
    if (this.#queue.length === 0) return; // forgotten meanwhile
    if (framing.mayMerge || gap === 0 && this.waiting > RAW_MERGE_FROM) {
      this.#inFlight = turns ? turns.merge(this.#queue) : concat(this.#queue);
      this.#inFlightCost = this.waiting;
      this.#queue = [];
    } else {
      this.#inFlight = this.#queue.shift();
      this.#inFlightCost = (this.#inFlight?.length ?? 0) + OVERHEAD;
    }
  }

  #write() {
    if (this.#inFlight === undefined) return; // forgotten meanwhile
    this.#onWritten ??= (count) => this.#written(count);
    this.#onFailed ??= (error) => {
      this.clear();
      this.#owner.writeFailed(error);
    };
    this.#owner.conn.write(this.#inFlight).then(this.#onWritten, this.#onFailed);
  }

  #written(count: number) {
    const { peer, gap, turns } = this.#owner;
    const bytes = this.#inFlight;
    if (bytes === undefined) return; // forgotten meanwhile
    this.taken += count;
    const all = count === bytes.length;
    observer?.wire({
      what: "send",
      way: "out",
      peer,
      data: bytes.subarray(0, count),
      text: all ? "" : `, of ${bytes.length}: the kernel takes no more now`,
    });
    if (!all) {
      this.#inFlight = bytes.subarray(count);
      return this.#write();
    }
    this.#inFlight = undefined;
    this.waiting -= this.#inFlightCost;
    if (this.#slow && this.waiting <= CAUGHT_UP) this.#catchUp();
    if (gap > 0) this.#gapEnd = performance.now() + gap;
    if (this.#queue.length === 0) this.#settle();
    else if (turns) turns.whenMayWrite(this);
    else this.beginWrite();
  }

  #catchUp() {
    if (!this.#slow) return;
    this.#slow = false;
    this.#owner.turns?.caughtUp(this);
  }

  /** Lets those go on who wait for all to be sent. */
  #settle() {
    this.#sent?.resolve();
    this.#sent = undefined;
  }
}

const encoder = new TextEncoder();

/** Turns text into bytes, and remembers the last: a room is sent the same text many times over. */
class Encoder {
  #text: string | undefined;
  #bytes = new Uint8Array(0);

  /** `limit`: of longer texts only the first so many bytes are encoded, whole characters of them. */
  constructor(readonly ending: string, readonly limit = Infinity) {}

  encode(text: string): Uint8Array {
    if (text !== this.#text) {
      this.#text = text;
      this.#bytes = encoder.encode(text + this.ending);
      if (this.#bytes.length - this.ending.length > this.limit) {
        const { read } = encoder.encodeInto(text, new Uint8Array(this.limit));
        this.#bytes = encoder.encode(text.slice(0, read) + this.ending);
      }
    }
    return this.#bytes;
  }
}

const plain = new Encoder("");
const newline = new Encoder("\n", MESSAGE_LIMIT);
const returnAndNewline = new Encoder("\r\n", MESSAGE_LIMIT);

/** Text as bytes, and the ending. A line is cut where its peer would refuse it. */
export function encode(text: string, ending: Ending): Uint8Array {
  if (ending === "\n") return newline.encode(text);
  return ending === "" ? plain.encode(text) : returnAndNewline.encode(text);
}
