#!/usr/bin/env -S deno run --allow-net
/**
 * 실습과제 4: TCP 소켓프로그래밍 - chatting
 *
 * The client: sends each line typed, shows what others send; `bye` ends it.
 * Try it: start chat_server first, then this in two more terminals.
 */
import { input, print } from "../lib/console.ts";
import { parseFlags, run } from "../lib/script.ts";
import { ClientSocket } from "../lib/socket.ts";
import { Thread } from "../lib/threading.ts";

class ChatThread extends Thread {
  constructor(readonly csocket: ClientSocket) {
    super();
  }

  override async run() {
    while (true) {
      const data = await this.csocket.recv();
      print("receive : ", data);
    }
  }
}

export async function main(args = Deno.args) {
  const flags = await parseFlags(args, "chat_client", {
    host: "127.0.0.1",
    port: 9999,
    framing: "raw",
  });
  const { host, port } = flags;
  const s = new ClientSocket(await Deno.connect({ hostname: host, port }), flags);
  print("chat client start");

  const n = new ChatThread(s);
  n.start();

  while (true) {
    const message = await input("", "bye"); // the end of input counts as bye
    await s.send(message);
    if (message === "bye") break;
  }

  await s.close();
}

if (import.meta.main) await run(main);
