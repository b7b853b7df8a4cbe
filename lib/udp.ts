// UDP: Python's `sendto` and `recvfrom` on a Deno.DatagramConn. A datagram that can't be sent costs
// one line on stderr, a receive that gives up waiting loses none, and no peer ends the program.

import { type Address, addressTuple, checkAllowed, endpoint, namedEndpoint } from "./address.ts";
import { report } from "./console.ts";
import { stillOpen } from "./ending.ts";
import { explain, Failure, SocketClosed } from "./errors.ts";
import { decode as decodeUtf8 } from "./framing.ts";
import { observer } from "./socket.ts";
import { sleep } from "./time.ts";

/** Room for any datagram, in bytes: UDP carries 65,507 over IPv4 and 65,527 over IPv6 (RFC 768, 8200). */
const RECEIVE_BUFFER = 64 * 1024;
/** How many datagrams may wait for the kernel to take them; past it they are dropped, as UDP may. */
const SEND_LIMIT = 256;
/** Seconds to wait where receiving failed for a reason of this machine. */
const RECEIVE_PAUSE = 0.1;

const encoder = new TextEncoder();

/** A datagram and its sender, as Python's `recvfrom` gives them. */
export type Datagram = [data: Uint8Array, addr: Address];

/** A UDP socket that sends and receives whole datagrams. */
export class UdpSocket {
  /** How many datagrams this machine has sent. */
  sent = 0;
  readonly #conn: Deno.DatagramConn;
  readonly #buffer = new Uint8Array(RECEIVE_BUFFER);
  #receiving = false;
  /** What has been received and not been taken yet. */
  #received: Datagram | undefined;
  /** Lets the `recvfrom` that waits go on. */
  #wake = () => {};
  #sending = 0;
  #dropping = false;
  #failing = false;
  #closed = false;

  /** `port` is the one asked for: where it was 0, a line on stderr says which one it became. */
  constructor(conn: Deno.DatagramConn, port?: number) {
    this.#conn = conn;
    stillOpen.add(this);
    const address = endpoint(netAddr(conn.addr));
    observer?.wire({ what: "listen", way: "here", peer: address });
    if (port === 0) report(`listening on ${address}`);
  }

  /**
   * Sends the text in one datagram, and gives whether this machine has sent it: nobody knows whether it
   * arrives. Where it could not be sent (no route, unknown host), a line on stderr says so. Never
   * throws. A server need not await it, so that no client waits for the datagram of another.
   */
  async sendto(text: string, [hostname, port]: Address): Promise<boolean> {
    if (this.#sending >= SEND_LIMIT) {
      if (!this.#dropping) report("too many datagrams wait to be sent: dropping the next ones");
      this.#dropping = true;
      return false;
    }
    this.#sending++;
    const peer = endpoint({ hostname, port });
    const data = encoder.encode(text);
    try {
      await this.#conn.send(data, { transport: "udp", hostname, port });
      observer?.wire({ what: "send", way: "out", peer, data, datagram: true });
      this.#dropping = false;
      this.sent++;
      return true;
    } catch (error) {
      if (!this.#closed) {
        observer?.wire({ what: "failed", way: "out", peer, text: explain(error) });
        const to = namedEndpoint(hostname, port);
        const line = explain(error, { address: to });
        report(`can't send to ${line.startsWith(to) ? line : `${to}: ${line}`}`);
      }
      return false;
    } finally {
      this.#sending--;
    }
  }

  /**
   * The next datagram, whole, and its sender. Waits that many seconds, or as long as it takes, and
   * throws a Deno.errors.TimedOut when none came; one that comes later is for the next call. Throws a
   * SocketClosed once the socket is closed. One call at a time.
   */
  async recvfrom(timeout = Infinity): Promise<Datagram> {
    if (!this.#receiving) this.#receive();
    if (this.#received === undefined && !this.#closed) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = timeout < Infinity ? setTimeout(resolve, timeout * 1000) : undefined;
      await promise;
      clearTimeout(timer);
    }
    if (this.#closed) throw new SocketClosed();
    const datagram = this.#received;
    if (datagram === undefined) throw new Deno.errors.TimedOut(`nothing came in ${timeout} s`);
    this.#received = undefined;
    return datagram;
  }

  /** Stops sending and receiving. */
  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      stillOpen.delete(this);
      const peer = endpoint(netAddr(this.#conn.addr));
      this.#conn.close(); // which ends the receive that is under way, and with it the recvfrom
      observer?.wire({ what: "close", way: "here", peer });
    }
    return Promise.resolve();
  }

  /**
   * Receives one datagram for the next `recvfrom`, whoever calls that and when: a receive that is
   * given up would swallow the datagram that ends it.
   */
  async #receive() {
    this.#receiving = true;
    while (!this.#closed && this.#received === undefined) {
      try {
        const [data, addr] = await this.#conn.receive(this.#buffer);
        const from = netAddr(addr);
        observer?.wire({ what: "recv", way: "in", peer: endpoint(from), data, datagram: true });
        this.#received = [data.slice(), addressTuple(from)];
        this.#failing = false;
      } catch (error) {
        if (!this.#closed) await this.#pause(error);
      }
    }
    this.#receiving = false;
    this.#wake();
  }

  async #pause(error: unknown) {
    observer?.wire({ what: "failed", way: "in", peer: "", text: explain(error) });
    const { ConnectionRefused, ConnectionReset } = Deno.errors;
    // A peer that was sent something has gone (ICMP port unreachable): nothing to do with the next one.
    if (error instanceof ConnectionRefused || error instanceof ConnectionReset) return;
    if (!this.#failing) report(`receive failed, trying again: ${explain(error)}`);
    this.#failing = true;
    await sleep(RECEIVE_PAUSE);
  }
}

/**
 * Any address of this machine, as Python gives it to a socket that is not bound: of the family that the host
 * is of. Throws where it may not be used.
 */
export function anyAddress(host: string): string {
  const address = host.includes(":") ? "::" : "0.0.0.0";
  checkAllowed(address, 0);
  return address;
}

/** What a peer sent as text. Python's `bytes.decode`. Throws a Failure where it is not UTF-8. */
export function decode(data: Uint8Array, [hostname, port]: Address): string {
  try {
    return decodeUtf8(data).replace(/\0+$/, "");
  } catch (error) {
    throw new Failure(`${endpoint({ hostname, port })} ${explain(error)}`);
  }
}

/** The address as what it is on a UDP socket: Deno's type allows those of other transports too. */
function netAddr(addr: Deno.Addr): Deno.NetAddr {
  if (addr.transport === "udp") return addr;
  throw new TypeError(`not an address of UDP: ${addr.transport}`);
}
