#!/usr/bin/env -S deno run --allow-net
/**
 * Python Echo Server
 *
 * The server: answers each client's message with its port number and a greeting.
 * Try it: start this, then `deno run --allow-net scripts/soc2_client.ts` in a second terminal.
 */
import { print } from "../lib/console.ts";
import { Failure } from "../lib/errors.ts";
import { parseFlags, run } from "../lib/script.ts";
import { BACKLOG, MessageListener } from "../lib/socket.ts";
import { Thread } from "../lib/threading.ts";

export async function main(args = Deno.args) {
  // 0.0.0.0 is Python's HOST = ""
  const flags = await parseFlags(args, "soc2_server", {
    host: "0.0.0.0",
    port: 8888,
    framing: "auto",
  });
  const { host, port } = flags;

  try {
    const listener = Deno.listen({ hostname: host, port, tcpBacklog: BACKLOG });
    const serverSock = new MessageListener(listener, flags);
    print("서버 서비스 중입니다.");

    while (true) {
      const [conn, addr] = await serverSock.accept();
      print("client info: ", addr[0], addr[1]);
      // A thread for each client: nobody waits for one that says nothing.
      new Thread(conn, async () => {
        print("from client message: ", await conn.recv() ?? ""); // null: it said nothing

        conn.send("from server: " + addr[1] + "너도 잘 지내라");
        await conn.close();
      }).start();
    }
  } catch (e) {
    throw new Failure("err: ", { cause: e });
  }
}

if (import.meta.main) await run(main);
