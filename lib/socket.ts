// Python's `socket` module for TCP, as far as the course uses it, with whole text messages in place of
// bytes. What happens to a message in a server, and who waits for whom:
//
//   kernel -> read -> framing -> turns -> recv ... send -> outbox -> turns -> write -> kernel
//             one at a time      one message after         a queue  120 writes
//             a connection       another, in order         a peer   in one go
//
// Everything goes on at once on one event loop: only an `await` lets others run, so no lock is needed. And
// nobody waits for a client: who does not read what it is sent is dropped (socket/outbox.ts).

import { type Address, endpoint } from "./address.ts";
import { printed, report } from "./console.ts";
import { stillOpen } from "./ending.ts";
import { ConnectionClosed, explain, SocketClosed } from "./errors.ts";
import { Connection, type SocketOptions } from "./socket/connection.ts";
import { observer } from "./socket/observer.ts";
import { Turns } from "./socket/turns.ts";
import { sleep } from "./time.ts";

export type { Address } from "./address.ts";
export { observe, observer } from "./socket/observer.ts";
export type { FramingEvent, Observer, WireEvent } from "./socket/observer.ts";
export type { SocketOptions } from "./socket/connection.ts";

/**
 * How many clients may wait to be accepted: Python's `listen(10)`. It is large because a class of
 * thousands connects in one moment; who finds no place tries again only after a second.
 */
export const BACKLOG = 4096;
/** Milliseconds between two messages of a client in raw framing: only time tells them apart there. */
const RAW_GAP = 20;
/** Seconds to wait where accept failed, for want of file descriptors mostly. */
const ACCEPT_PAUSE = 0.1;
/** What accept fails with where the client has gone already: Linux's and macOS's, and Windows'. */
const GONE = [Deno.errors.NotConnected, Deno.errors.ConnectionReset, Deno.errors.ConnectionAborted];

/** Whose message is handled next, among all clients of this program. */
const turns = new Turns();

/** A TCP connection on which a server sends and receives messages. */
export class MessageSocket {
  readonly #connection: Connection;

  /** Throws where the connection is broken already. */
  constructor(conn: Deno.TcpConn, options: SocketOptions) {
    this.#connection = new Connection(conn, options, turns);
  }

  /** The peer, as Python's `accept` gives it. */
  get addr(): Address {
    return this.#connection.addr;
  }

  /** The peer for people: `127.0.0.1:53422`. */
  get peer(): string {
    return this.#connection.peer;
  }

  /**
   * The next message, or null when there will be none: the peer is done, or was dropped. Where it did
   * not end well (reset, not UTF-8, too long), a line on stderr has said so.
   */
  recv(): Promise<string | null> {
    return this.#connection.receive();
  }

  /**
   * Queues a message for the peer and goes on at once. A peer that does not read is dropped when more
   * than 1 MiB waits for it. On a closed connection nothing happens: `recv` tells of that.
   */
  send(message: string): void {
    this.#connection.send(message);
  }

  /** Closes the connection, when what is queued has been sent and the peer has read it. Never throws. */
  close(): Promise<void> {
    return this.#connection.close();
  }
}

/**
 * A TCP connection of a client to its server. Where the server is gone, it throws.
 *
 * @example
 * ```ts
 * import { ClientSocket } from "./socket.ts";
 *
 * async function greet(port: number): Promise<string> {
 *   const s = new ClientSocket(await Deno.connect({ hostname: "127.0.0.1", port }), { framing: "line" });
 *   await s.send("안녕!");
 *   const answer = await s.recv();
 *   await s.close();
 *   return answer;
 * }
 * ```
 */
export class ClientSocket {
  readonly #connection: Connection;

  constructor(conn: Deno.TcpConn, options: SocketOptions) {
    this.#connection = new Connection(conn, options, undefined, RAW_GAP);
  }

  /**
   * The next message. When the server has ended the connection it gives `atEnd`, or throws a
   * ConnectionClosed where none is given. Throws a SocketClosed once this side has closed it.
   */
  async recv(atEnd?: string): Promise<string> {
    await printed(); // a server that sends faster than this console prints has to wait
    const { closed } = this.#connection;
    const message = closed ? null : await this.#connection.receive();
    if (message !== null) return message;
    if (this.#connection.closed) throw new SocketClosed();
    if (atEnd !== undefined) return atEnd;
    throw new ConnectionClosed(`${this.#connection.peer} closed the connection`);
  }

  /** Sends a message; settles when the kernel has it. Throws a ConnectionClosed where it can't. */
  async send(message: string): Promise<void> {
    if (this.#connection.closed) throw new SocketClosed();
    this.#connection.send(message);
    await this.#connection.sent();
  }

  /** Ends the sending side; receiving goes on. Python's `shutdown(socket.SHUT_WR)`. */
  async closeWrite(): Promise<void> {
    await this.#connection.sent();
    await this.#connection.endSending();
  }

  /** Closes the connection, when what is queued has been sent. Never throws. */
  close(): Promise<void> {
    return this.#connection.close();
  }
}

/**
 * A listening TCP socket whose `accept` gives message sockets, and fails only when it is closed.
 *
 * @example
 * ```ts
 * import { MessageListener } from "./socket.ts";
 *
 * async function echo(port: number): Promise<never> {
 *   const s = new MessageListener(Deno.listen({ port }), { framing: "auto" });
 *   while (true) {
 *     const [c] = await s.accept();
 *     c.send(await c.recv() ?? "");
 *     c.close();
 *   }
 * }
 * ```
 */
export class MessageListener {
  #failing = false;
  #closed = false;

  constructor(readonly listener: Deno.TcpListener, readonly options: SocketOptions) {
    stillOpen.add(this);
    observer?.wire({ what: "listen", way: "here", peer: endpoint(listener.addr) });
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
        if (GONE.some((kind) => error instanceof kind)) continue;
        if (!this.#failing) report(`accept failed, trying again: ${explain(error)}`);
        this.#failing = true;
        await sleep(ACCEPT_PAUSE);
      }
    }
  }

  /** A message socket for the connection; none where its client has left it already. */
  #socket(conn: Deno.TcpConn): MessageSocket | undefined {
    try {
      return new MessageSocket(conn, this.options);
    } catch (error) {
      report(`${endpoint(conn.remoteAddr)} lost: ${explain(error)}`);
      conn.close();
    }
  }

  /** Stops listening. Connections stay. */
  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      stillOpen.delete(this);
      this.listener.close();
    }
    return Promise.resolve();
  }
}
