// What every framing has in common: its interface, the limit on a message, and how bytes become text.

import { FramingError, NotUtf8 } from "../errors.ts";

/** The names that `--framing` takes. */
export const FRAMINGS = ["auto", "raw", "line", "json"] as const;
/** One of these names. */
export type FramingName = typeof FRAMINGS[number];

/**
 * The longest message, in bytes. What comes and is longer is cut (raw) or refused (line, json). What is
 * to be sent in line framing is cut, since the peer would refuse it.
 */
export const MESSAGE_LIMIT = 64 * 1024;

/**
 * So many messages are made at a time: the 65,536 empty lines that a peer may send in one go would take
 * half a megabyte otherwise, before the first is handled.
 */
export const BATCH = 256;

/** What ends a message: nothing, a newline, or the newline of Windows and of the internet's protocols. */
export type Ending = "" | "\n" | "\r\n";

/** Bytes in, messages out. One for each connection. */
export interface Framing {
  /** How messages are told apart now; `auto` begins as raw and may become line. */
  readonly name: FramingName;
  /**
   * Takes the bytes of one read, and adds the messages that are whole now to `messages`. `bufferFull`
   * says that they filled the read buffer, so that more may be waiting. Gives how many bytes it has taken:
   * not all of them where there are more messages than a batch; the rest is for another call. Throws a
   * FramingError; what was whole before the mistake has been added.
   */
  push(bytes: Uint8Array, bufferFull: boolean, messages: string[]): number;
  /**
   * Milliseconds of silence after which the pending bytes count as whole, for a framing that can tell by
   * nothing else; 0 when only more bytes, or the end, can complete them.
   */
  readonly timeout: number;
  /** That silence is over, or nothing comes any more (`atEnd`): the pending bytes count as whole. */
  flush(atEnd: boolean, messages: string[]): void;
  /** The peer has shown that it speaks Telnet. */
  telnet?(): void;
  /** How many bytes have come that are part of no message yet. */
  readonly pending: number;
  /** Whether bytes that are not UTF-8 have been replaced (U+FFFD). */
  readonly damaged?: boolean;
  /** What the peer ends its messages with, and is sent them with; undefined where that is not known yet. */
  readonly ending: Ending | undefined;
  /** Whether messages sent may share a write, because the peer can tell them apart. */
  readonly mayMerge: boolean;
}

/** A framing that `auto` can begin with: at the first newline it hands over the pending bytes. */
export interface FirstFraming extends Framing {
  /** The pending bytes, which are pending here no longer. */
  takePending(): Uint8Array;
}

/** What to throw for a message above the limit. */
export function tooLong(): FramingError {
  return new FramingError(`sent a message longer than ${MESSAGE_LIMIT} bytes`);
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text that the bytes are in UTF-8, a byte order mark included. Throws NotUtf8. */
export function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new NotUtf8();
  }
}

/** As `decode`; each byte that is not UTF-8 becomes the replacement character U+FFFD. */
export function decodeDamaged(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes); // rare: not while a program starts
}

/** No bytes. */
export const nothing = new Uint8Array(0);

/** So many bytes are kept for what is pending next: to allocate them anew takes longer than to copy. */
const KEPT = 1024;

/** A growing run of bytes, for what has arrived and is not whole yet. */
export class PendingBytes {
  #bytes = nothing;
  length = 0;

  add(more: Uint8Array): void {
    const needed = this.length + more.length;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, this.length));
      this.#bytes = larger;
    }
    this.#bytes.set(more, this.length);
    this.length = needed;
  }

  /** All of them and these behind, as `take` gives them. Nothing is copied where none are pending. */
  takeWith(more: Uint8Array): Uint8Array {
    if (this.length === 0) return more;
    this.add(more);
    return this.take();
  }

  /** All of them, to be used before any are added; none are pending afterwards. */
  take(): Uint8Array {
    const all = this.#bytes.subarray(0, this.length);
    if (this.#bytes.length > KEPT) this.#bytes = nothing;
    this.length = 0;
    return all;
  }
}
