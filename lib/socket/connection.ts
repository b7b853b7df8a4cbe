// A TCP connection that brings whole text messages: bytes in, messages out, and an orderly end. What goes
// out waits in its outbox.

import { type Address, addressTuple, endpoint } from "../address.ts";
import { report } from "../console.ts";
import { stillOpen } from "../ending.ts";
import { ConnectionClosed, explain, FramingError } from "../errors.ts";
import {
  type Ending,
  type FirstFraming,
  type Framing,
  type FramingName,
  framingOf,
  IAC,
  TelnetCommands,
} from "../framing.ts";
import { type FramingEvent, observer, type WireEvent } from "./observer.ts";
import { Outbox, type OutboxOwner } from "./outbox.ts";
import type { Speaker } from "./backpressure.ts";
import type { Turns } from "./turns.ts";

/** Read buffers begin small, since most connections are idle, and grow on need, in bytes. */
const READ_BUFFER = 512;
const READ_BUFFER_LIMIT = 64 * 1024;
/** How long a close waits for the peer, in all and without a byte from it, in milliseconds. */
const CLOSE_LIMIT = 1000;
const CLOSE_SILENCE = 200;

/** The byte order mark in UTF-8, with which Windows programs begin: no text of anybody. */
const UTF8_MARK = [0xef, 0xbb, 0xbf];

const NONE: readonly string[] = [];
const NOTHING = new Uint8Array(0);

/** What a socket takes beside its connection; the flags of a script serve. */
export interface SocketOptions {
  /** How messages are told apart on the wire. */
  framing: FramingName;
  /** What auto framing begins with in this exercise, where a recv is not simply a message. */
  first?: new () => FirstFraming;
  /** The port asked for: where it was 0, a listener says on stderr which one it got. */
  port?: number;
}

/** One connection, with its messages in both directions. */
export class Connection implements OutboxOwner, Speaker {
  /** The peer, as Python's `accept` gives it, and for people: `127.0.0.1:53422`. */
  readonly addr: Address;
  readonly peer: string;
  readonly framing: Framing;
  /** Made when something is sent: most connections are idle. */
  #outbox: Outbox | undefined;

  #buffer = new Uint8Array(READ_BUFFER);
  #nextBufferSize = READ_BUFFER;
  #reading: Promise<number | null> | undefined;
  /** Bytes that were read and are not framed yet, and how many have been read behind those. */
  #unframed = NOTHING;
  #readAhead = 0;
  /** Messages that have come, those before `#next` taken already, and what was wrong behind them. */
  #messages: readonly string[] = NONE;
  #next = 0;
  #mistake: unknown;
  #inputEnded = false;
  #hasBegun = false;
  /** Where the peer may speak Telnet. */
  #telnet: TelnetCommands | undefined;
  #toldOfDamage = false;

  #closing: Promise<void> | undefined;
  #sendingEnded = false;
  #failure: ConnectionClosed | undefined;
  #writeFailure: ConnectionClosed | undefined;
  /** Whether nothing is sent any more, for one of these three reasons: a room looks for each message. */
  #mute = false;

  /**
   * A server gives `turns`, and its connection drops a peer that breaks it, with a line on stderr; the
   * connection of a client throws. `gap` is the outbox's. Throws where the connection is broken already.
   */
  constructor(
    readonly conn: Deno.TcpConn,
    { framing, first }: SocketOptions,
    readonly turns: Turns | undefined,
    readonly gap = 0,
  ) {
    this.framing = framingOf(framing, first && new first());
    this.addr = addressTuple(conn.remoteAddr);
    this.peer = endpoint(conn.remoteAddr);
    conn.setNoDelay(true); // else every second message waits 44 ms for an acknowledgement
    conn.setKeepAlive(true);
    stillOpen.add(this);
    if (turns) this.#tell("accept", "in");
    else this.#tell("connect", "out", () => `from ${endpoint(conn.localAddr)}`);
  }

  /** Whether nothing can be sent or received any more. */
  get closed(): boolean {
    return this.#closing !== undefined || this.#failure !== undefined;
  }

  /** Bytes that have come behind the message that waits for its turn: at least whether there are any. */
  get ahead(): number {
    const whole = this.#messages[this.#next]?.length ?? 0;
    return whole + this.#unframed.length + this.#readAhead;
  }

  get ending(): Ending {
    return this.framing.ending ?? "";
  }

  /** The next message, or null when there will be none. */
  async receive(): Promise<string | null> {
    this.turns?.handled(this);
    try {
      while (!this.closed) {
        if (this.#next < this.#messages.length) {
          const message = this.#messages[this.#next++]!;
          if (this.turns) await this.turns.next(this, message.length);
          if (!this.closed) return message;
        } else if (this.#mistake !== undefined) {
          throw this.#mistake;
        } else if (this.#unframed.length > 0) {
          this.#frame("bytes");
        } else if (this.#inputEnded) {
          return null;
        } else {
          this.#reading ??= this.conn.read(this.#readBuffer());
          const { timeout } = this.framing;
          if (timeout > 0 && await silentFor(timeout, this.#reading)) {
            this.#frame("silence");
          } else {
            const count = await this.#reading;
            this.#reading = undefined;
            if (!this.closed) this.#take(count);
          }
        }
      }
    } catch (error) {
      if (this.closed) return null;
      const told = error instanceof ConnectionClosed || error instanceof FramingError;
      if (!told) this.#tellFailed("in", error);
      // A server drops such a peer; a client has to be told.
      if (this.turns === undefined) throw this.#connectionClosed(error);
      this.#drop(this.#connectionClosed(error));
    }
    return null;
  }

  /** Begins to read, while a message waits for its turn. */
  readAhead(): void {
    if (this.closed || this.#inputEnded || this.#reading || this.ahead > 0) return;
    this.#reading = this.conn.read(this.#readBuffer());
    // Should it fail, `receive` says so.
    this.#reading.then((count) => this.#readAhead = count ?? 0, () => {});
  }

  /** Queues a message. On a closed connection nothing happens: `receive` tells of that. */
  send(message: string): void {
    if (this.#mute) return;
    this.#outbox ??= new Outbox(this);
    if (this.#outbox.send(message)) return;
    this.#drop(new ConnectionClosed(`${this.peer} dropped: it does not read what it is sent`));
  }

  /** Settles when what was sent so far has been handed to the kernel. Throws where it can't be. */
  async sent(): Promise<void> {
    await this.#outbox?.sent();
    const failure = this.#failure ?? this.#writeFailure;
    if (failure) throw failure;
  }

  /** Tells the peer that no more will come. Where the connection is gone, `receive` says so. */
  async endSending(): Promise<void> {
    try {
      await this.conn.closeWrite();
      if (!this.#sendingEnded) this.#tell("FIN", "out", () => "this side has ended");
      this.#sendingEnded = true;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotConnected)) throw error;
    }
  }

  /**
   * Sends what is queued, ends the sending side, and closes when the peer has ended too, or does not
   * within a second: a close with bytes unread would reset the connection, and what was sent last
   * could be lost (RFC 1122, 4.2.2.13). Never throws.
   */
  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  writeFailed(error: unknown): void {
    if (!stillOpen.has(this)) return; // this program has closed it meanwhile
    this.#tellFailed("out", error);
    // Reading goes on: what the peer sent before it went is still there, and its end is told there.
    this.#writeFailure = this.#connectionClosed(error);
    this.#mute = true;
  }

  /** Where the next read goes. */
  #readBuffer(): Uint8Array {
    if (this.#buffer.length !== this.#nextBufferSize) {
      this.#buffer = new Uint8Array(this.#nextBufferSize);
    }
    return this.#buffer;
  }

  /** Takes what a read has brought: bytes, or the news that nothing comes any more. */
  #take(count: number | null) {
    this.#readAhead = 0;
    if (count === null) {
      this.#inputEnded = true;
      this.#tell("FIN", "in", () => "the peer has ended");
      // Where a write has failed, the kernel has told of the reset there, and reads end quietly.
      if (this.#writeFailure && !isBrokenPipe(this.#writeFailure.cause)) throw this.#writeFailure;
      return this.#frame("end");
    }
    const size = this.#buffer.length;
    let bytes = this.#buffer.subarray(0, count);
    if (count === size) this.#nextBufferSize = Math.min(4 * size, READ_BUFFER_LIMIT);
    else if (count < size / 16) this.#nextBufferSize = Math.max(size / 4, READ_BUFFER);
    observer?.wire({ what: "recv", way: "in", peer: this.peer, data: bytes });
    if (this.#telnet || bytes.includes(IAC)) bytes = this.#withoutTelnet(bytes);
    if (!this.#hasBegun && UTF8_MARK.every((byte, at) => byte === bytes[at])) {
      bytes = bytes.subarray(3);
    }
    this.#hasBegun = true;
    if (bytes.length === 0) return;
    this.#unframed = bytes;
    this.#frame("bytes", count === size);
  }

  #withoutTelnet(bytes: Uint8Array) {
    this.#telnet ??= new TelnetCommands(!this.#hasBegun);
    const commands: string[] = [];
    const text = this.#telnet.takeOut(bytes, commands);
    if (this.#telnet.seen) this.framing.telnet?.();
    if (commands.length > 0) {
      this.#tell("framing", "here", () => `Telnet, not answered: ${commands.join(", ")}`);
    }
    return text;
  }

  /** Lets the framing make messages; a mistake is for when those before it have been received. */
  #frame(cause: FramingEvent["cause"], bufferFull = false) {
    const { framing } = this;
    const before = observer && { name: framing.name, pending: framing.pending };
    const messages: string[] = [];
    try {
      if (cause !== "bytes") framing.flush(cause === "end", messages);
      else {
        const taken = framing.push(this.#unframed, bufferFull, messages);
        this.#unframed = taken < this.#unframed.length ? this.#unframed.subarray(taken) : NOTHING;
      }
    } catch (error) {
      this.#mistake = error;
    }
    if (framing.damaged && !this.#toldOfDamage) {
      this.#toldOfDamage = true;
      report(`${this.peer} sent bytes that are not UTF-8: each is shown as \ufffd`);
    }
    this.#messages = messages;
    this.#next = 0;
    if (before) observer?.framing({ peer: this.peer, framing, before, messages, cause });
  }

  /** Ends the connection at once, with a line on stderr that says why. */
  #drop(error: ConnectionClosed) {
    this.#failure = error;
    this.#mute = true;
    this.#tell("drop", "here", () => error.message.replace(`${this.peer} `, ""));
    report(error.message);
    this.#release();
  }

  async #close() {
    this.#mute = true;
    const limit = timer(CLOSE_LIMIT);
    this.turns?.forget(this);
    try {
      await Promise.race([this.sent(), limit.promise]);
      // Ending the sending side would wait for a write in flight, and so for a peer that never reads.
      if (!this.#outbox?.writing) {
        await this.endSending();
        await this.#readToEnd(limit.promise);
      }
    } catch {
      // The peer was faster: the connection is gone, which is all that a close is for.
    }
    limit.cancel();
    this.#release();
  }

  /** Reads and forgets, until the peer has ended, is silent, or the time is up. */
  async #readToEnd(limit: Promise<void>) {
    while (!this.#inputEnded) {
      this.#reading ??= this.conn.read(this.#buffer);
      const silence = timer(CLOSE_SILENCE);
      const count = await Promise.race([this.#reading, silence.promise, limit]);
      silence.cancel();
      if (count === null) this.#tell("FIN", "in", () => "the peer has ended");
      if (typeof count !== "number") return;
      this.#reading = undefined;
      observer?.wire({
        what: "recv",
        way: "in",
        peer: this.peer,
        data: this.#buffer.subarray(0, count),
      });
    }
  }

  #release() {
    if (!stillOpen.delete(this)) return; // dropped before it was closed
    this.turns?.forget(this);
    this.#outbox?.clear();
    this.conn.close();
    this.#tell("close", "here");
  }

  /** What became of the connection, for people. */
  #connectionClosed(error: unknown): ConnectionClosed {
    if (error instanceof ConnectionClosed) return error;
    const what = error instanceof FramingError
      ? error.message
      : isBrokenPipe(error)
      ? "closed the connection"
      : isReset(error)
      ? "reset the connection"
      : `lost: ${explain(error)}`;
    return new ConnectionClosed(`${this.peer} ${what}`, { cause: error });
  }

  #tell(what: WireEvent["what"], way: WireEvent["way"], text?: () => string) {
    observer?.wire({ what, way, peer: this.peer, text: text?.() ?? "" });
  }

  #tellFailed(way: "in" | "out", error: unknown) {
    if (isReset(error) || isBrokenPipe(error)) {
      this.#tell("RST", "in", () => "the peer broke off the connection");
    } else this.#tell("failed", way, () => explain(error));
  }
}

/**
 * Whether the peer had closed its socket before something was sent to it: Linux's EPIPE. A busy server may
 * read that end only after the write has failed.
 */
function isBrokenPipe(error: unknown): boolean {
  return error instanceof Deno.errors.BrokenPipe;
}

function isReset(error: unknown): boolean {
  const { ConnectionAborted, ConnectionReset } = Deno.errors;
  return error instanceof ConnectionAborted || error instanceof ConnectionReset;
}

/** A promise that settles after that many milliseconds, and can be called off. */
function timer(ms: number): { promise: Promise<void>; cancel(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const id = setTimeout(resolve, ms);
  return { promise, cancel: () => clearTimeout(id) };
}

/** Whether a read brings nothing for that many milliseconds. The read stays as it is. */
async function silentFor(ms: number, reading: Promise<unknown>): Promise<boolean> {
  const arrived = reading.then(() => false);
  // Nobody waits for the read until the next look at it; should it fail meanwhile, that look tells.
  reading.catch(() => {});
  const silence = timer(ms);
  // A program that was held up finds its timer due and the bytes there: it looks at these once more.
  const silent = silence.promise.then(() => timer(Math.min(ms, 10)).promise).then(() => true);
  const result = await Promise.race([silent, arrived]);
  silence.cancel();
  return result;
}
