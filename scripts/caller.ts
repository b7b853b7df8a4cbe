#!/usr/bin/env -S deno run --allow-net
/**
 * 실습과제 7: UDP 브로드캐스팅 소켓프로그래밍 확장
 *
 * The server: calls everyone on the local network and prints who answers within 3 seconds, again and
 * again. Later answers are printed in the next round.
 * Try it: start callee on a few machines, then this on one more.
 */
import { repr } from "../lib/builtins.ts";
import { print } from "../lib/console.ts";
import { parseFlags, run } from "../lib/script.ts";
import { sleep } from "../lib/time.ts";
import { anyAddress, UdpSocket } from "../lib/udp.ts";

export async function main(args = Deno.args) {
  const defaults = { host: "255.255.255.255", port: 37021, count: Infinity, interval: 1 };
  const { host, port, count, interval } = await parseFlags(args, "caller", defaults);
  const conn = Deno.listenDatagram({ transport: "udp", hostname: anyAddress(host), port: 0 });
  const u = new UdpSocket(conn);
  print("UDP Broadcast to check devices");
  for (let round = 1; round <= count; round++) {
    if (await u.sendto("broadcast message", [host, port])) print("Braodcast message");
    const end = performance.now() + 3000; // of the round, however many answer
    try {
      while (true) {
        const [_, addr] = await u.recvfrom((end - performance.now()) / 1000);
        print(`Message from client ${repr(addr)}`);
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.TimedOut)) throw error;
    }
    if (round < count) await sleep(interval);
  }
  return u.sent > 0 ? 0 : 1;
}

if (import.meta.main) await run(main);
