#!/usr/bin/env -S deno run --allow-net
/**
 * Python Socket: 컴퓨터 간 접속상태 확인을 위해 1회 접속처리
 *
 * The client: connects, says hello, and ends.
 * Try it: start soc1_server first, then this.
 */
import { parseFlags, run } from "../lib/script.ts";
import { ClientSocket } from "../lib/socket.ts";

export async function main(args = Deno.args) {
  const flags = await parseFlags(args, "soc1_client", {
    host: "127.0.0.1",
    port: 9999,
    framing: "raw",
  });
  const { host, port } = flags;
  const clientSock = new ClientSocket(await Deno.connect({ hostname: host, port }), flags);
  await clientSock.send("안녕!");
  await clientSock.close();
}

if (import.meta.main) await run(main);
