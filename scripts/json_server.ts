#!/usr/bin/env -S deno run --allow-net
/**
 * 더 알아보기 과제 4-4: 딕셔너리(dictionary) 데이터 전송
 *
 * The server: answers each JSON text with the same value, ten times.
 * Try it: start this, then `deno run --allow-net scripts/json_client.ts` in a second terminal.
 */
import { print } from "../lib/console.ts";
import { dumps, loads } from "../lib/json.ts";
import { parseFlags, run } from "../lib/script.ts";
import { BACKLOG, MessageListener } from "../lib/socket.ts";
import { Thread } from "../lib/threading.ts";

export async function main(args = Deno.args) {
  const flags = await parseFlags(args, "json_server", {
    host: "0.0.0.0",
    port: 9000,
    framing: "json",
  });
  const { host, port } = flags;
  const s = new MessageListener(Deno.listen({ hostname: host, port, tcpBacklog: BACKLOG }), flags);

  while (true) {
    const [c, addr] = await s.accept();
    print("Got connection from", addr);
    new Thread(c, async () => {
      for (let i = 0; i < 10; i++) {
        const data = await c.recv();
        if (data === null) break;
        const rData = loads(data);
        print("r_data :", rData);
        const sData = dumps(rData);
        c.send(sData);
      }
      print("client at", addr, "disconnected...");
      c.close();
    }).start();
  }
}

if (import.meta.main) await run(main);
