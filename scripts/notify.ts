#!/usr/bin/env -S deno run --allow-net
/**
 * 실습과제 5: UDP 소켓프로그래밍
 *
 * The client: sends the listener a datagram and prints its answer; gives up after 5 seconds.
 * Try it: start listener first, then this.
 */
import { repr } from "../lib/builtins.ts";
import { print } from "../lib/console.ts";
import { parseFlags, run } from "../lib/script.ts";
import { anyAddress, decode, UdpSocket } from "../lib/udp.ts";

export async function main(args = Deno.args) {
  const { host, port } = await parseFlags(args, "notify", { host: "127.0.0.1", port: 20001 });

  const conn = Deno.listenDatagram({ transport: "udp", hostname: anyAddress(host), port: 0 });
  const u = new UdpSocket(conn);
  if (!await u.sendto("Hello UDP Listener", [host, port])) return 1;
  const [c, addr] = await u.recvfrom(5.0);
  print(`Message from Server ${repr(addr)}`);
  print(`[Recv Data] ${decode(c, addr)}`);
}

if (import.meta.main) await run(main);
