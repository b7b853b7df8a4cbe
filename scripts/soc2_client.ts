#!/usr/bin/env -S deno run --allow-net
/**
 * Python Echo Server
 *
 * The client: sends one message and prints the answer.
 * Try it: start soc2_server first, then this.
 */
import { print } from "../lib/console.ts";
import { parseFlags, run } from "../lib/script.ts";
import { ClientSocket } from "../lib/socket.ts";

export async function main(args = Deno.args) {
  const flags = await parseFlags(args, "soc2_client", {
    host: "127.0.0.1",
    port: 8888,
    framing: "raw",
  });
  const { host, port } = flags;
  const clientSock = new ClientSocket(await Deno.connect({ hostname: host, port }), flags);
  await clientSock.send("스승의 은혜는 하늘 같아서 . . .");

  const reMessage = await clientSock.recv();
  print("수신자료: ", reMessage);

  await clientSock.close();
}

if (import.meta.main) await run(main);
