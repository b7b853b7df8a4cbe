#!/usr/bin/env -S deno run --allow-net
/**
 * 실습과제 5: UDP 소켓프로그래밍
 *
 * The server: prints every datagram that arrives, whole, and answers it. (The original's `recvfrom(1024)`
 * cuts off what is longer.)
 * Try it: start this, then `deno run --allow-net scripts/notify.ts` in a second terminal.
 */
import { repr } from "../lib/builtins.ts";
import { print } from "../lib/console.ts";
import { parseFlags, run } from "../lib/script.ts";
import { UdpSocket } from "../lib/udp.ts";

export async function main(args = Deno.args) {
  const { host, port } = await parseFlags(args, "listener", { host: "0.0.0.0", port: 20001 });

  const u = new UdpSocket(Deno.listenDatagram({ transport: "udp", hostname: host, port }), port);
  print("UDP server up and listening");
  while (true) {
    const [c, addr] = await u.recvfrom();
    print(`Message [${repr(c)}] from ${repr(addr)}`);
    u.sendto("Hello UDP Client", addr);
  }
}

if (import.meta.main) await run(main);
