// The checker's ends of connections. TCP goes through node:net, since Deno.connect can neither reset a
// connection nor end one side of it and keep the other.

import net from "node:net";
import { Buffer } from "node:buffer";
import type { Watch } from "./watch.ts";

/** What is kept for a peer that has not been asked yet what it received, in bytes; then TCP must wait. */
const RECEIVE_LIMIT = 4 * 1024 * 1024;

/** A TCP connection. */
export class TcpPeer {
  /** Bytes that came and that no step has taken yet. */
  unread = new Uint8Array(0);
  /** How the other end ended the connection, if it did. */
  end: "closed" | "reset" | undefined;
  /** Whether this end was closed or reset by a step: what comes then does not count. */
  done = false;
  readonly localPort: number;
  readonly remotePort: number;
  readonly #socket: net.Socket;
  readonly #watch: Watch;

  constructor(socket: net.Socket, watch: Watch) {
    this.#socket = socket;
    this.#watch = watch;
    this.localPort = socket.localPort ?? 0;
    this.remotePort = socket.remotePort ?? 0;
    socket.setNoDelay(true);
    socket.on("data", (bytes: Uint8Array) => this.#add(bytes));
    socket.on("end", () => this.#ended("closed"));
    socket.on("error", () => this.#ended("reset"));
    socket.on("close", () => this.#ended("closed"));
  }

  /** Connects. Rejects with node's error, whose `code` is ECONNREFUSED where nobody listens. */
  static connect(host: string, port: number, watch: Watch): Promise<TcpPeer> {
    const { promise, resolve, reject } = Promise.withResolvers<TcpPeer>();
    const socket = net.connect({ host, port, allowHalfOpen: true });
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      resolve(new TcpPeer(socket, watch));
    });
    return promise;
  }

  /** Settles when the kernel has the bytes; a failure shows as the end of the connection. */
  send(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => this.#socket.write(Buffer.from(bytes), () => resolve()));
  }

  /** Takes that many bytes off what came. */
  take(count: number): void {
    this.unread = this.unread.subarray(count);
    if (this.#socket.isPaused() && !this.done) this.#socket.resume();
  }

  halfClose(): void {
    this.#socket.end();
  }

  close(): void {
    // Whoever ends first keeps the port in TIME_WAIT: where that is the program, a reset clears it, so
    // that it can be started again on the same port.
    if (this.end !== undefined) return this.reset();
    this.done = true;
    this.#socket.end();
    this.#socket.resume();
  }

  reset(): void {
    this.done = true;
    this.#socket.resetAndDestroy();
  }

  stall(): void {
    this.done = true;
    this.#socket.pause();
  }

  #add(bytes: Uint8Array) {
    if (this.done) return;
    const all = new Uint8Array(this.unread.length + bytes.length);
    all.set(this.unread);
    all.set(bytes, this.unread.length);
    this.unread = all;
    if (all.length > RECEIVE_LIMIT) this.#socket.pause();
    this.#watch.notify();
  }

  #ended(how: "closed" | "reset") {
    this.end ??= how;
    this.#watch.notify();
  }
}

/** A listening TCP socket that plays the server for a client. */
export class TcpListener {
  readonly #server: net.Server;
  /** Connections that no step has accepted yet. */
  readonly waiting: TcpPeer[] = [];

  private constructor(server: net.Server, watch: Watch) {
    this.#server = server;
    server.on("connection", (socket: net.Socket) => {
      this.waiting.push(new TcpPeer(socket, watch));
      watch.notify();
    });
  }

  /** Rejects with node's error, whose `code` is EADDRINUSE where the port is taken. */
  static listen(host: string, port: number, watch: Watch): Promise<TcpListener> {
    const { promise, resolve, reject } = Promise.withResolvers<TcpListener>();
    const server = net.createServer({ allowHalfOpen: true });
    const listener = new TcpListener(server, watch);
    server.once("error", reject);
    server.listen({ host, port }, () => resolve(listener));
    return promise;
  }

  close(): Promise<void> {
    for (const peer of this.waiting) peer.reset();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

/** A UDP socket. */
export class UdpPeer {
  /** Datagrams that came and that no step has taken yet. */
  readonly unread: Uint8Array[] = [];
  readonly localPort: number;
  /** Who sent the latest one. */
  sender: Deno.NetAddr | undefined;
  readonly #socket: Deno.DatagramConn;

  private constructor(socket: Deno.DatagramConn, readonly watch: Watch) {
    this.#socket = socket;
    this.localPort = (socket.addr as Deno.NetAddr).port; // a UDP socket has no other kind of address
    this.#receive();
  }

  /** Throws a Deno.errors.AddrInUse where the port is taken. */
  static open(hostname: string, port: number, watch: Watch): UdpPeer {
    return new UdpPeer(Deno.listenDatagram({ transport: "udp", hostname, port }), watch);
  }

  async send(bytes: Uint8Array, to: Deno.NetAddr): Promise<void> {
    await this.#socket.send(bytes, to);
  }

  close(): void {
    this.#socket.close();
  }

  async #receive() {
    for await (const [bytes, sender] of this.#socket) {
      this.unread.push(bytes);
      this.sender = sender as Deno.NetAddr; // as above
      this.watch.notify();
    }
  }
}
