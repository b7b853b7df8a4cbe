#!/usr/bin/env -S deno run --allow-net
/**
 * Python Socket: 컴퓨터 간 접속상태 확인을 위해 1회 접속처리
 *
 * The server: takes one connection, prints what it says, and ends.
 * Try it: start this, then `deno run --allow-net scripts/soc1_client.ts` in a second terminal.
 */
import { print } from "../lib/console.ts";
import { parseFlags, run } from "../lib/script.ts";
import { MessageListener } from "../lib/socket.ts";

export async function main(args = Deno.args) {
  const flags = await parseFlags(args, "soc1_server", {
    host: "127.0.0.1",
    port: 9999,
    framing: "auto",
  });
  const { host, port } = flags;
  const serverSock = new MessageListener(Deno.listen({ hostname: host, port }), flags);
  print("server service 중 ...");

  const [conn, addr] = await serverSock.accept();
  print("client address: ", addr);
  print("from client message: ", await conn.recv() ?? ""); // null: it said nothing

  await conn.close();
  await serverSock.close();
}

if (import.meta.main) await run(main);
