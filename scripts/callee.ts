#!/usr/bin/env -S deno run --allow-net
/**
 * 실습과제 7: UDP 브로드캐스팅 소켓프로그래밍 확장
 *
 * The client: answers every call of the caller. Several callees on one machine share the port
 * (SO_REUSEADDR, which the original does not set).
 * Try it: start this on a few machines, then `deno run --allow-net scripts/caller.ts` on one more.
 */
import { repr } from "../lib/builtins.ts";
import { print } from "../lib/console.ts";
import { parseFlags, run } from "../lib/script.ts";
import { UdpSocket } from "../lib/udp.ts";

export async function main(args = Deno.args) {
  const { host, port } = await parseFlags(args, "callee", { host: "0.0.0.0", port: 37021 });
  const conn = Deno.listenDatagram({ transport: "udp", hostname: host, port, reuseAddress: true });
  const u = new UdpSocket(conn, port);
  print("Answer to caller");
  while (true) {
    const [_, addr] = await u.recvfrom();
    print(`Call from Server ${repr(addr)}`);
    u.sendto("receive message", addr);
  }
}

if (import.meta.main) await run(main);
