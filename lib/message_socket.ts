// TCP connections that send and receive whole text messages. `MessageListener` and `MessageSocket`
// are for servers: a peer that breaks costs its own connection and one line on stderr.
// `ClientSocket` is for clients: where the server is gone, it throws.

import { printed, report } from "./console.ts";
import {
  type Beginning,
  type Framing,
  FramingError,
  type FramingName,
  framingOf,
} from "./framing.ts";
import { type Address, addressTuple } from "./repr.ts";
import { endpoint, openSockets, SocketClosed } from "./socket.ts";
import { type Connection, type Origin, tracer } from "./trace.ts";
import { catchesUp, fallsBehind, mayWrite, whenMayHandle, whenMayWrite } from "./turns.ts";

/** What may wait for a peer that does not read, in bytes; past it the peer is dropped. */
const QUEUE_LIMIT = 1024 * 1024;
/** From here on a peer is behind, and up to here it has caught up, in bytes. */
const QUEUE_BEHIND = 512 * 1024;
const QUEUE_CAUGHT_UP = 64 * 1024;
/** What a message in the queue costs beside its bytes: an object and a place in an array. */
const QUEUE_OVERHEAD = 64;
/** Raw messages share a write from here on: so much waits only where the kernel's buffer is full. */
const RAW_MERGE_FROM = 16 * 1024;
/** Read buffers begin small, since most connections are idle, and grow on need, in bytes. */
const READ_BUFFER = 1024;
const READ_BUFFER_LIMIT = 64 * 1024;
/** How long a close waits for the peer, in all and without a byte from it, in milliseconds. */
const CLOSE_LIMIT = 1000;
const CLOSE_QUIET = 200;
/** Milliseconds between two messages of a client in raw framing: only time tells them apart there. */
const RAW_GAP = 20;
/** Milliseconds to wait where accept failed, for want of file descriptors mostly. */
const ACCEPT_PAUSE = 100;

/** The peer ended, reset or broke the connection; the message names it and says how. */
export class ConnectionClosed extends Error {
  override name = "ConnectionClosed";
}

/** What a socket takes beside its connection; the flags of a script serve. */
export interface SocketOptions {
  /** How messages are told apart on the wire. */
  framing: FramingName;
  /** What raw framing is for this exercise, where a recv is not simply a message. */
  raw?: new () => Beginning;
  /** The port asked for: where it was 0, a listener says on stderr which one it got. */
  port?: number;
}

/** A TCP connection on which a server sends and receives messages. */
export class MessageSocket {
  /** The peer, as Python's `accept` gives it. */
  readonly addr: Address;
  /** The peer for people: `127.0.0.1:53422`. */
  readonly peer: string;
  /** Milliseconds that lie between two writes in raw framing. */
  protected readonly gap: number = 0;
  readonly #conn: Connection;
  readonly #framing: Framing;

  #buffer = new Uint8Array(READ_BUFFER);
  #nextBufferSize = READ_BUFFER;
  #reading: Promise<number | null> | undefined;
  #ended = false;

  #queue: Uint8Array[] = [];
  /** Bytes and overhead of what is queued or in flight. */
  #waiting = 0;
  #behind = false;
  #inFlight: Uint8Array | undefined;
  #inFlightCost = 0;
  #gapEnd = 0;
  #drained: PromiseWithResolvers<void> | undefined;

  #closing: Promise<void> | undefined;
  #failure: ConnectionClosed | undefined;
  #writeFailure: ConnectionClosed | undefined;

  /** Throws where the connection is broken already. */
  constructor(conn: Deno.TcpConn, { framing, raw }: SocketOptions, origin: Origin = "accept") {
    const untraced = framingOf(framing, raw && new raw());
    const traced = tracer?.connection(conn, untraced, origin);
    this.#conn = traced ?? conn;
    this.#framing = traced?.framing ?? untraced;
    this.addr = addressTuple(conn.remoteAddr);
    this.peer = endpoint(conn.remoteAddr);
    conn.setNoDelay(true);
    conn.setKeepAlive(true);
    openSockets.add(this);
  }

  /**
   * The next message, or null when there will be none: the peer is done, or was dropped. Where it did
   * not end well (reset, not UTF-8, too long), a line on stderr has said so.
   */
  async recv(): Promise<string | null> {
    try {
      while (!this.closed) {
        const message = this.#framing.next();
        if (message !== undefined) {
          await whenMayHandle(message.length);
          return message;
        }
        if (this.#ended) return null;
        this.#reading ??= this.#conn.read(this.#readBuffer());
        const { quiet } = this.#framing;
        if (quiet > 0 && await silentFor(quiet, this.#reading)) {
          this.#framing.flush(false);
        } else {
          const count = await this.#reading;
          this.#reading = undefined;
          if (!this.closed) this.#take(count);
        }
      }
    } catch (error) {
      if (!this.closed) this.broken(this.#connectionClosed(error));
    }
    return null;
  }

  /** What `recv` does about a connection that did not end well: a server drops it. */
  protected broken(error: ConnectionClosed): void {
    this.#drop(error);
  }

  /**
   * Queues a message for the peer and goes on at once. A peer that does not read is dropped when more
   * than 1 MiB waits for it. On a closed connection nothing happens: `recv` tells of that.
   */
  send(message: string): void {
    if (this.closed || this.#writeFailure) return;
    const bytes = this.#framing.encode(message);
    if (bytes.length === 0) return;
    const idle = this.#inFlight === undefined && this.#queue.length === 0;
    this.#waiting += bytes.length + QUEUE_OVERHEAD;
    if (!idle) {
      this.#queue.push(bytes);
    } else if (this.#framing.merges) {
      this.#queue.push(bytes);
      whenMayWrite(this.#writeNext);
    } else {
      this.#inFlight = bytes;
      this.#inFlightCost = this.#waiting;
      if (mayWrite()) this.#writeNext();
      else whenMayWrite(this.#writeNext);
    }
    if (this.#waiting > QUEUE_BEHIND && !this.#behind) {
      this.#behind = true;
      fallsBehind(this);
    }
    if (this.#waiting > QUEUE_LIMIT) {
      this.#drop(new ConnectionClosed(`${this.peer} dropped: it does not read what it is sent`));
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

  /** Whether nothing can be sent or received any more. */
  protected get closed(): boolean {
    return this.#closing !== undefined || this.#failure !== undefined;
  }

  /** Settles when what was sent so far has been handed to the kernel. Throws where it can't be. */
  protected async sent(): Promise<void> {
    if (this.#inFlight !== undefined || this.#queue.length > 0) {
      this.#drained ??= Promise.withResolvers();
      await this.#drained.promise;
    }
    const failure = this.#failure ?? this.#writeFailure;
    if (failure) throw failure;
  }

  /** Tells the peer that no more will come. Where the connection is gone, `recv` says so. */
  protected async endSending(): Promise<void> {
    try {
      await this.#conn.closeWrite();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotConnected)) throw error;
    }
  }

  /** Where the next read goes. */
  #readBuffer(): Uint8Array {
    if (this.#buffer.length !== this.#nextBufferSize) {
      this.#buffer = new Uint8Array(this.#nextBufferSize);
    }
    return this.#buffer;
  }

  /** Hands the framing what a read has brought, or tells it that nothing comes any more. */
  #take(count: number | null) {
    if (count === null) {
      this.#ended = true;
      // Where a write has failed, the kernel has told of the reset there, and reads end quietly.
      if (this.#writeFailure) throw this.#writeFailure;
      return this.#framing.flush(true);
    }
    const size = this.#buffer.length;
    if (count === size) this.#nextBufferSize = Math.min(4 * size, READ_BUFFER_LIMIT);
    else if (count < size / 16) this.#nextBufferSize = Math.max(size / 4, READ_BUFFER);
    this.#framing.push(this.#buffer.subarray(0, count), count === size);
  }

  /** Begins the write of what is next: one at a time, since two could interleave. */
  readonly #writeNext = (): void => {
    if (this.#inFlight === undefined) this.#takeQueued();
    const pause = this.gap > 0 && !this.#framing.merges ? this.#gapEnd - performance.now() : 0;
    if (pause > 0) setTimeout(() => this.#write(), pause);
    else this.#write();
  };

  #takeQueued() {
    if (this.#framing.merges || this.gap === 0 && this.#waiting > RAW_MERGE_FROM) {
      this.#inFlight = concatenated(this.#queue);
      this.#inFlightCost = this.#waiting;
      this.#queue = [];
    } else {
      this.#inFlight = this.#queue.shift();
      this.#inFlightCost = (this.#inFlight?.length ?? 0) + QUEUE_OVERHEAD;
    }
  }

  #write() {
    if (this.#inFlight !== undefined) {
      this.#conn.write(this.#inFlight).then(this.#written, this.#notWritten);
    }
  }

  readonly #written = (count: number): void => {
    if (this.#inFlight === undefined) return; // dropped meanwhile
    if (count < this.#inFlight.length) {
      this.#inFlight = this.#inFlight.subarray(count);
      return this.#write();
    }
    this.#inFlight = undefined;
    this.#waiting -= this.#inFlightCost;
    if (this.#behind && this.#waiting <= QUEUE_CAUGHT_UP) this.#catchUp();
    if (this.gap > 0) this.#gapEnd = performance.now() + this.gap;
    if (this.#queue.length > 0) whenMayWrite(this.#writeNext);
    else this.#settle();
  };

  readonly #notWritten = (error: unknown): void => {
    // Reading goes on: what the peer sent before it went is still there, and its end is told there.
    this.#writeFailure = this.#connectionClosed(error);
    this.#forgetQueue();
  };

  #forgetQueue() {
    this.#queue = [];
    this.#inFlight = undefined;
    this.#waiting = 0;
    if (this.#behind) this.#catchUp();
    this.#settle();
  }

  #catchUp() {
    this.#behind = false;
    catchesUp(this);
  }

  /** Lets those go on who wait for all to be sent. */
  #settle() {
    this.#drained?.resolve();
    this.#drained = undefined;
  }

  async #close() {
    const limit = timer(CLOSE_LIMIT);
    try {
      await Promise.race([this.sent(), limit.promise]);
      // Ending the sending side would wait for a write in flight, and so for a peer that never reads.
      if (this.#inFlight === undefined) {
        await this.#conn.closeWrite();
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
    while (!this.#ended) {
      this.#reading ??= this.#conn.read(this.#buffer);
      const silence = timer(CLOSE_QUIET);
      const count = await Promise.race([this.#reading, silence.promise, limit]);
      silence.cancel();
      if (typeof count !== "number") return;
      this.#reading = undefined;
    }
  }

  /** Ends the connection at once, with a line on stderr that says why. */
  #drop(error: ConnectionClosed) {
    this.#failure = error;
    tracer?.dropped(this.peer, error.message);
    report(error.message);
    this.#release();
  }

  #release() {
    if (!openSockets.delete(this)) return; // dropped before it was closed
    this.#forgetQueue();
    this.#conn.close();
  }

  /** What became of the connection, for people. */
  #connectionClosed(error: unknown): ConnectionClosed {
    if (error instanceof ConnectionClosed) return error;
    const what = error instanceof FramingError
      ? error.message
      : error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BrokenPipe
      ? "reset the connection"
      : `lost: ${error instanceof Error ? error.message : error}`;
    return new ConnectionClosed(`${this.peer} ${what}`, { cause: error });
  }
}

/** A TCP connection of a client to its server. Where the server is gone, it throws. */
export class ClientSocket extends MessageSocket {
  protected override readonly gap = RAW_GAP;

  constructor(conn: Deno.TcpConn, options: SocketOptions) {
    super(conn, options, "connect");
  }

  /**
   * The next message. When the server has ended the connection it gives `atEnd`, or throws a
   * ConnectionClosed where none is given.
   */
  override async recv(atEnd?: string): Promise<string> {
    await printed(); // a server that sends faster than this console prints has to wait
    const message = await super.recv() ?? (this.closed ? undefined : atEnd);
    if (message !== undefined) return message;
    throw this.closed
      ? new SocketClosed()
      : new ConnectionClosed(`${this.peer} closed the connection`);
  }

  protected override broken(error: ConnectionClosed): void {
    throw error;
  }

  /** Sends a message; settles when the kernel has it. Throws a ConnectionClosed where it can't. */
  override async send(message: string): Promise<void> {
    if (this.closed) throw new SocketClosed();
    super.send(message);
    await this.sent();
  }

  /** Ends the sending side; receiving goes on. Python's `shutdown(socket.SHUT_WR)`. */
  async closeWrite(): Promise<void> {
    await this.sent();
    await this.endSending();
  }
}

/** A listening TCP socket whose `accept` gives message sockets, and fails only when it is closed. */
export class MessageListener {
  #failing = false;
  #closed = false;

  constructor(readonly listener: Deno.TcpListener, readonly options: SocketOptions) {
    openSockets.add(this);
    tracer?.listening(listener.addr);
    if (options.port === 0) report(`listening on ${endpoint(listener.addr)}`);
  }

  /** Waits for the next client. Throws a SocketClosed once the listener is closed. */
  async accept(): Promise<[socket: MessageSocket, addr: Address]> {
    while (true) {
      try {
        const conn = await this.listener.accept();
        this.#failing = false;
        const socket = this.#socket(conn);
        if (socket) return [socket, socket.addr];
      } catch (error) {
        if (this.#closed) throw new SocketClosed();
        // A client that was reset before it was accepted; the next one need not wait for it.
        if (error instanceof Deno.errors.NotConnected) continue;
        await this.#pause(error);
      }
    }
  }

  /** A message socket for the connection; none where its client has left it already. */
  #socket(conn: Deno.TcpConn): MessageSocket | undefined {
    try {
      return new MessageSocket(conn, this.options);
    } catch (error) {
      report(
        `${endpoint(conn.remoteAddr)} lost: ${error instanceof Error ? error.message : error}`,
      );
      conn.close();
    }
  }

  /** Stops listening. Connections stay. */
  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      openSockets.delete(this);
      this.listener.close();
    }
    return Promise.resolve();
  }

  /** Accept fails while the process may open no more files; those who wait are served later. */
  async #pause(error: unknown) {
    if (!this.#failing) {
      report(`accept failed, trying again: ${error instanceof Error ? error.message : error}`);
    }
    this.#failing = true;
    await timer(ACCEPT_PAUSE).promise;
  }
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
  // Nobody waits for the read until the next call of recv; should it fail meanwhile, recv says so.
  reading.catch(() => {});
  const silence = timer(ms);
  // A program that was held up finds its timer due and the bytes there: it looks at these once more.
  const silent = silence.promise.then(() => timer(Math.min(ms, 10)).promise).then(() => true);
  const result = await Promise.race([silent, arrived]);
  silence.cancel();
  return result;
}

// In a room everyone is sent the same messages: sockets that follow one another in the same write
// share its bytes.
let lastQueue: Uint8Array[] = [];
let lastBytes = new Uint8Array(0);

/** The queued messages as one run of bytes. */
function concatenated(queue: Uint8Array[]): Uint8Array | undefined {
  if (queue.length <= 1) return queue[0];
  if (queue.length === lastQueue.length && queue.every((bytes, i) => bytes === lastQueue[i])) {
    return lastBytes;
  }
  const length = queue.reduce((sum, bytes) => sum + bytes.length, 0);
  const all = new Uint8Array(length);
  let at = 0;
  for (const bytes of queue) {
    all.set(bytes, at);
    at += bytes.length;
  }
  lastQueue = queue;
  lastBytes = all;
  return all;
}
