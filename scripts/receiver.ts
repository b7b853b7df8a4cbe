#!/usr/bin/env -S deno run --allow-net
/**
 * 실습과제 6: UDP 브로드캐스팅 소켓프로그래밍
 *
 * The client: prints every datagram that arrives, whole. Several receivers on one machine share the port
 * (SO_REUSEADDR, which the original does not set).
 * Try it: start this on a few machines, then `deno run --allow-net scripts/broadcaster.ts` on one more.
 */
import { repr } from "../lib/builtins.ts";
import { print } from "../lib/console.ts";
import { parseFlags, run } from "../lib/script.ts";
import { UdpSocket } from "../lib/udp.ts";

export async function main(args = Deno.args) {
  const { host, port } = await parseFlags(args, "receiver", { host: "0.0.0.0", port: 37020 });
  const conn = Deno.listenDatagram({ transport: "udp", hostname: host, port, reuseAddress: true });
  const u = new UdpSocket(conn, port);
  print("Broadcast receiver start");
  while (true) {
    const [c, addr] = await u.recvfrom();
    print(`Message [${repr(c)}] from Server ${repr(addr)}`);
  }
}

if (import.meta.main) await run(main);
