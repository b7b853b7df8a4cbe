#!/usr/bin/env -S deno run --allow-net
/**
 * 실습과제 6: UDP 브로드캐스팅 소켓프로그래밍
 *
 * The server: sends everyone on the local network a datagram, every second. (Deno sets SO_BROADCAST
 * itself.)
 * Try it: start receiver on a few machines, then this on one more.
 */
import { print } from "../lib/console.ts";
import { parseFlags, run } from "../lib/script.ts";
import { sleep } from "../lib/time.ts";
import { anyAddress, UdpSocket } from "../lib/udp.ts";

export async function main(args = Deno.args) {
  const defaults = { host: "255.255.255.255", port: 37020, count: Infinity, interval: 1 };
  const { host, port, count, interval } = await parseFlags(args, "broadcaster", defaults);
  const conn = Deno.listenDatagram({ transport: "udp", hostname: anyAddress(host), port: 0 });
  const u = new UdpSocket(conn);
  print("UDP Broadcast server up and announce message");
  for (let time = 1; time <= count; time++) {
    if (await u.sendto("broadcast message", [host, port])) print("Broadcast message");
    if (time < count) await sleep(interval);
  }
  return u.sent > 0 ? 0 : 1;
}

if (import.meta.main) await run(main);
