// The other end of UDP, for tests: sends bytes as they are, and gives what comes datagram by datagram.

import { assert } from "@std/assert";
import { LIMIT, within } from "./program.ts";

/** A plain UDP socket at the test's end of a conversation. */
export class UdpPeer {
  readonly #conn = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  readonly port = netAddr(this.#conn.addr).port;

  async send(data: string | Uint8Array, port: number, hostname = "127.0.0.1"): Promise<void> {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    await this.#conn.send(bytes, { transport: "udp", hostname, port });
  }

  async receive(): Promise<{ text: string; port: number }> {
    const [data, addr] = await within(LIMIT, "a datagram", () => this.#conn.receive());
    return { text: new TextDecoder().decode(data), port: netAddr(addr).port };
  }

  [Symbol.dispose]() {
    this.#conn.close();
  }
}

export function netAddr(addr: Deno.Addr): Deno.NetAddr {
  assert(addr.transport === "udp");
  return addr;
}
