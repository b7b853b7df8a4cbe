// The other end of a conversation over UDP: sends datagrams as they are, and keeps those that come.

import { AssertionError } from "@std/assert";
import { LIMIT, Watch } from "./waiting.ts";

/** A UDP socket. `using peer = new UdpPeer()` closes it with the test. */
export class UdpPeer implements Disposable {
  /** Datagrams that came and that nobody has taken yet. */
  readonly unread: { bytes: Uint8Array; from: Deno.NetAddr }[] = [];
  /** Who sent the latest one. */
  sender: Deno.NetAddr | undefined;
  /** Where it stands: 0.0.0.0 for all of this machine's addresses. */
  readonly host: string;
  readonly port: number;
  readonly #socket: Deno.DatagramConn;
  readonly #watch: Watch;
  readonly #received: Promise<void>;

  /** Throws a Deno.errors.AddrInUse where the port is taken. */
  constructor(hostname = "127.0.0.1", port = 0, watch = new Watch()) {
    this.#socket = Deno.listenDatagram({ transport: "udp", hostname, port });
    this.#watch = watch;
    this.host = hostname;
    this.port = netAddr(this.#socket.addr).port;
    this.#received = this.#receive();
  }

  async send(content: string | Uint8Array, port: number, hostname = "127.0.0.1"): Promise<void> {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await this.#socket.send(bytes, { transport: "udp", hostname, port });
  }

  /** Waits for the next datagram: its text, and the port that it is from. */
  async receive(): Promise<{ text: string; port: number }> {
    const deadline = performance.now() + LIMIT;
    const next = await this.#watch.until(() => this.unread.shift(), deadline);
    if (!next) throw new AssertionError(`waited ${LIMIT / 1000} s for a datagram`);
    return { text: new TextDecoder().decode(next.bytes), port: next.from.port };
  }

  /** Settles when the port is free again: only what still receives there keeps the socket. */
  close(): Promise<void> {
    this.#socket.close();
    return this.#received;
  }

  [Symbol.dispose]() {
    this.close();
  }

  async #receive() {
    for await (const [bytes, sender] of this.#socket) {
      const from = netAddr(sender);
      this.unread.push({ bytes, from });
      this.sender = from;
      this.#watch.notify();
    }
  }
}

/** The address of a UDP socket, which has no other kind. */
export function netAddr(address: Deno.Addr): Deno.NetAddr {
  if (address.transport === "udp") return address;
  throw new Error(`a UDP socket at ${address.transport}`);
}
