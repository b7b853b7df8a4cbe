#!/usr/bin/env -S deno run --allow-net
/**
 * 더 알아보기 과제 4-4: 딕셔너리(dictionary) 데이터 전송
 *
 * The client: sends a dictionary as JSON, shows what comes back.
 * Try it: start json_server first, then this.
 */
import { print } from "../lib/console.ts";
import { dumps, loads } from "../lib/json.ts";
import { parseFlags, run } from "../lib/script.ts";
import { ClientSocket } from "../lib/socket.ts";
import { sleep } from "../lib/time.ts";

export async function main(args = Deno.args) {
  const defaults = { host: "127.0.0.1", port: 9000, count: 10, interval: 3 };
  const flags = await parseFlags(args, "json_client", { ...defaults, framing: "json" });
  const { host, port } = flags;

  const s = new ClientSocket(await Deno.connect({ hostname: host, port }), flags);
  const data: Record<string, unknown> = {};
  data["name"] = "jung";
  for (let count = 0; count < flags.count; count++) {
    data["count"] = count;
    const body = dumps(data);
    print("send message: ", new TextEncoder().encode(body));
    await s.send(body);

    const inData = await s.recv();
    const rData = loads(inData);
    print("From Server: ", rData);
    await sleep(flags.interval);
  }

  await s.close();
}

if (import.meta.main) await run(main);
