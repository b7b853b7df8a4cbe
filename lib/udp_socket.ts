// UDP: Python's `sendto` and `recvfrom` on a Deno.DatagramConn. A datagram that can't be sent costs
// one line on stderr, a receive that gives up waiting loses none, and no peer ends the program.

import { Failure } from "./cli.ts";
import { report } from "./console.ts";
import { type Address, addressTuple } from "./repr.ts";
import { endpoint, openSockets, SocketClosed } from "./socket.ts";
import { sleep } from "./time.ts";
import { type DatagramConnection, tracer } from "./trace.ts";

/** Room for any datagram, in bytes: UDP carries 65,507 over IPv4 and 65,527 over IPv6 (RFC 768, 8200). */
const RECEIVE_BUFFER = 64 * 1024;
/** How many datagrams may wait for the kernel to take them; past it they are dropped, as UDP may. */
const SEND_LIMIT = 256;
/** Seconds to wait where receiving failed for a reason of this machine. */
const RECEIVE_PAUSE = 0.1;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A datagram and its sender, as Python's `recvfrom` gives them. */
export type Datagram = [data: Uint8Array, addr: Address];

/** A UDP socket that sends and receives whole datagrams. */
export class UdpSocket {
  readonly #conn: DatagramConnection;
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
    this.#conn = tracer?.datagrams(conn) ?? conn;
    openSockets.add(this);
    if (port === 0) report(`listening on ${endpoint(netAddr(conn.addr))}`);
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
    try {
      await this.#conn.send(encoder.encode(text), { transport: "udp", hostname, port });
      this.#dropping = false;
      return true;
    } catch (error) {
      if (!this.#closed) {
        const reason = error instanceof Error ? error.message : error;
        report(`can't send to ${endpoint({ hostname, port })}: ${reason}`);
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
      openSockets.delete(this);
      this.#conn.close(); // which ends the receive that is under way, and with it the recvfrom
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
        this.#received = [data.slice(), addressTuple(netAddr(addr))];
        this.#failing = false;
      } catch (error) {
        if (!this.#closed) await this.#pause(error);
      }
    }
    this.#receiving = false;
    this.#wake();
  }

  async #pause(error: unknown) {
    const { ConnectionRefused, ConnectionReset } = Deno.errors;
    // A peer that was sent something has gone (ICMP port unreachable): nothing to do with the next one.
    if (error instanceof ConnectionRefused || error instanceof ConnectionReset) return;
    if (!this.#failing) {
      report(`receive failed, trying again: ${error instanceof Error ? error.message : error}`);
    }
    this.#failing = true;
    await sleep(RECEIVE_PAUSE);
  }
}

/** What a peer sent as text. Python's `bytes.decode`. Throws a Failure where it is not UTF-8. */
export function decode(data: Uint8Array, [hostname, port]: Address): string {
  try {
    return decoder.decode(data);
  } catch {
    throw new Failure(`${endpoint({ hostname, port })} sent bytes that are not UTF-8`);
  }
}

/** The address as what it is on a UDP socket: Deno's type allows those of other transports too. */
function netAddr(addr: Deno.Addr): Deno.NetAddr {
  if (addr.transport === "udp") return addr;
  throw new TypeError(`not an address of UDP: ${addr.transport}`);
}
