#!/usr/bin/env -S deno run --allow-net
/**
 * 도전 과제 4-3: 자신의 이름(별명)을 붙여서 보내기
 *
 * The client, which puts the user's nickname before every message.
 * Try it: start chat_server first, then this in two more terminals.
 */
import { input, print } from "../lib/console.ts";
import { ask, parseFlags, run } from "../lib/script.ts";
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
  const flags = await parseFlags(args, "chat_client_nickname", {
    host: "127.0.0.1",
    port: 9999,
    name: undefined,
    framing: "raw",
  });
  const { host, port } = flags;
  const name = flags.name ?? await ask("name", "name : ", "bye"); // the end of input counts as bye
  const s = new ClientSocket(await Deno.connect({ hostname: host, port }), flags);
  print("chat client start");

  const n = new ChatThread(s);
  n.start();

  while (true) {
    const message = await input("", "bye");
    if (message === "bye") {
      await s.send(message); // bare: the server knows it only so
      break;
    }
    await s.send(`[${name}] ${message}`);
  }
  await s.close();
}

if (import.meta.main) await run(main);
