// The other end of a TCP connection: sends bytes as they are, keeps all that comes, and ends the
// connection in whatever way. It goes through node:net, since Deno.connect can't reset a connection.

import { AssertionError } from "@std/assert";
import { Buffer } from "node:buffer";
import net from "node:net";
import { LIMIT, sleep, Watch } from "./waiting.ts";

const HOST = "127.0.0.1";
/** After so many bytes sent others have their turn. */
const TURN = 64 * 1024;

/** How a peer behaves, where that is not as usual. */
export interface PeerOptions {
  /** Who is told of all that happens to it, beside those who wait for it itself. */
  readonly watch?: Watch;
  /** Whether it reads at all. One that does not is deaf: closing it resets the connection. */
  readonly reads?: boolean;
  /** What it keeps unread, in bytes; then TCP must wait. */
  readonly keeps?: number;
  /** Takes what comes, in place of `unread`. */
  readonly receive?: (bytes: Uint8Array) => void;
}

/** A TCP connection. `using peer = await Peer.connect(port)` closes it with the test. */
export class Peer implements Disposable {
  /** How the other end ended the connection, if it did. */
  end: "closed" | "reset" | undefined;
  /** Settles when the other end has ended the connection. */
  readonly whenEnded: Promise<void>;
  /** Whether this end was closed, reset or stalled: what comes then does not count. */
  done = false;
  readonly localHost: string;
  readonly localPort: number;
  readonly remotePort: number;
  readonly #ending = Promise.withResolvers<void>();
  readonly #socket: net.Socket;
  readonly #watch: Watch;
  readonly #keeps: number;
  /** What came and nobody has taken, from `#from` to `#to`; there is room behind for more. */
  #buffer = new Uint8Array(0);
  #from = 0;
  #to = 0;
  /** What was sent since others had their turn. */
  #sent = 0;
  /** It is open only as long as the other end is. */
  #left = false;
  /** `text`, until more comes. */
  #text: string | undefined;

  constructor(socket: net.Socket, options: PeerOptions = {}) {
    const { watch = new Watch(), reads = true, keeps = Infinity, receive } = options;
    this.whenEnded = this.#ending.promise;
    this.#socket = socket;
    this.#watch = watch;
    this.#keeps = keeps;
    this.localHost = socket.localAddress ?? "";
    this.localPort = socket.localPort ?? 0;
    this.remotePort = socket.remotePort ?? 0;
    socket.setNoDelay(true);
    if (reads) {
      socket.on("data", (bytes: Uint8Array) => {
        if (this.done) return;
        if (receive) receive(bytes);
        else this.#add(bytes);
        watch.notify();
      });
    } else this.done = true;
    socket.on("end", () => this.#ended("closed"));
    socket.on("error", () => this.#ended("reset"));
    socket.on("close", () => this.#ended("closed"));
  }

  /** Connects. Rejects with node's error, whose `code` is ECONNREFUSED where nobody listens. */
  static connect(port: number, options: PeerOptions & { host?: string } = {}): Promise<Peer> {
    const { promise, resolve, reject } = Promise.withResolvers<Peer>();
    const socket = net.connect({ host: options.host ?? HOST, port, allowHalfOpen: true });
    if (options.reads === false) socket.pause();
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      resolve(new Peer(socket, options));
    });
    return promise;
  }

  /** One that reads nothing: closing it resets the connection where something came. */
  static deaf(port: number): Promise<Peer> {
    return Peer.connect(port, { reads: false });
  }

  /** This end's address, as the program under test sees it. */
  get address(): string {
    return `${HOST}:${this.localPort}`;
  }

  /** Bytes that came and that nobody has taken yet. */
  get unread(): Uint8Array {
    return this.#buffer.subarray(this.#from, this.#to);
  }

  /** The same as text, without a character at its end that is not whole yet. */
  get text(): string {
    return this.#text ??= new TextDecoder().decode(this.unread, { stream: true });
  }

  /** Sends bytes; settles when the kernel has them. Rejects where the connection has ended. */
  async send(content: string | Uint8Array): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const bytes = typeof content === "string"
      ? Buffer.from(content)
      : Buffer.from(content.buffer, content.byteOffset, content.length);
    this.#socket.write(bytes, (error) => error ? reject(error) : resolve());
    await promise;
    // What the kernel takes at once lets nothing else happen meanwhile: one who sends and sends would
    // hear nothing.
    this.#sent += bytes.length;
    if (this.#sent < TURN) return;
    this.#sent = 0;
    await sleep(0);
  }

  /** Takes that many bytes off what came; without a number, all. */
  take(count = this.#to - this.#from): void {
    this.#from += count;
    this.#text = undefined;
    if (this.#socket.isPaused() && !this.done) this.#socket.resume();
  }

  /** Waits until what came matches. */
  says(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#until(`${pattern}`, () => pattern.exec(this.text) ?? undefined);
  }

  /** Waits until the other end has ended the connection: all that came. */
  async ended(): Promise<string> {
    await this.#until("the end of the connection", () => this.end);
    return this.text;
  }

  /** Ends this side of the connection and goes on receiving: `shutdown(SHUT_WR)`. */
  halfClose(): Promise<void> {
    return new Promise((resolve) => this.#socket.end(() => resolve()));
  }

  /** Closes this end when all is sent, as close() does: where something is unread, that is a reset. */
  close(): void {
    this.done = true;
    this.#socket.destroySoon();
  }

  /** Says goodbye, and lets come what still comes: nothing that is sent to it now is answered by a reset. */
  leave(): void {
    this.done = true;
    this.#left = true;
    this.#socket.end();
    this.#socket.resume();
  }

  /** Breaks the connection off, as a crash does. */
  reset(): void {
    this.done = true;
    this.#socket.resetAndDestroy();
  }

  /** Reads on, but what comes does not count any more. */
  ignore(): void {
    this.done = true;
    this.#socket.resume();
  }

  /** Reads nothing from now on. */
  stall(): void {
    this.done = true;
    this.#socket.pause();
  }

  [Symbol.dispose]() {
    if (!this.#left) this.close();
  }

  #add(bytes: Uint8Array) {
    if (this.#to + bytes.length > this.#buffer.length) {
      const unread = this.unread;
      const buffer = new Uint8Array(Math.max(2 * (unread.length + bytes.length), 1024));
      buffer.set(unread);
      this.#buffer = buffer;
      this.#to = unread.length;
      this.#from = 0;
    }
    this.#buffer.set(bytes, this.#to);
    this.#to += bytes.length;
    this.#text = undefined;
    if (this.#to - this.#from > this.#keeps) this.#socket.pause();
  }

  #ended(how: "closed" | "reset") {
    this.end ??= how;
    this.#ending.resolve();
    this.#watch.notify();
  }

  async #until<T>(what: string, look: () => T | undefined): Promise<T> {
    const found = await this.#watch.until(() => {
      const found = look();
      if (found === undefined && this.end) {
        throw new AssertionError(`${this.end} without ${what}: ${this.text}`);
      }
      return found;
    }, performance.now() + LIMIT);
    if (found !== undefined) return found;
    throw new AssertionError(`waited ${LIMIT / 1000} s for ${what}, but there is: ${this.text}`);
  }
}

/** A listening socket that plays the server for a client, and does only what it is told. */
export class PeerListener implements Disposable {
  /** Connections that nobody has accepted yet. */
  readonly waiting: Peer[] = [];
  readonly #server: net.Server;
  readonly #watch: Watch;

  private constructor(server: net.Server, options: PeerOptions) {
    const { watch = new Watch() } = options;
    this.#server = server;
    this.#watch = watch;
    server.on("connection", (socket: net.Socket) => {
      this.waiting.push(new Peer(socket, options));
      watch.notify();
    });
  }

  /** Rejects with node's error, whose `code` is EADDRINUSE where the port is taken. */
  static listen(
    options: PeerOptions & { host?: string; port?: number } = {},
  ): Promise<PeerListener> {
    const { host = HOST, port = 0 } = options;
    const { promise, resolve, reject } = Promise.withResolvers<PeerListener>();
    const server = net.createServer({ allowHalfOpen: true });
    const listener = new PeerListener(server, options);
    server.once("error", reject);
    server.listen({ host, port }, () => resolve(listener));
    return promise;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address ? address.port : 0;
  }

  async accept(): Promise<Peer> {
    const deadline = performance.now() + LIMIT;
    const peer = await this.#watch.until(() => this.waiting.shift(), deadline);
    if (peer) return peer;
    throw new AssertionError(`waited ${LIMIT / 1000} s for a client`);
  }

  /** Listens no more; who was not accepted is reset. Settles when the port is free. */
  async close(): Promise<void> {
    for (const peer of this.waiting) peer.reset();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  [Symbol.dispose]() {
    this.close();
  }
}
