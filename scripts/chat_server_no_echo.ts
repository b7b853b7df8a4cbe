#!/usr/bin/env -S deno run --allow-net
/**
 * 도전 과제 4-1: 자신의 메시지는 보이지 않도록 처리
 *
 * The server: every message goes to all other clients; `bye` ends a client.
 * Try it: start this, then `deno run --allow-net scripts/chat_client.ts` in two more terminals.
 */
import { parseFlags, run } from "../lib/cli.ts";
import { print } from "../lib/console.ts";
import { MessageListener, type MessageSocket } from "../lib/message_socket.ts";
import type { Address } from "../lib/repr.ts";
import { Thread } from "../lib/thread.ts";

class ClientThread extends Thread {
  constructor(readonly addr: Address, readonly csocket: MessageSocket) {
    super();
  }

  override async run() {
    print("connection from : ", this.addr);
    while (true) {
      const msg = await this.csocket.recv();
      if (msg === null || msg === "bye") break;
      for (const client of clientSockets) {
        if (client !== this.csocket) client.send(msg);
      }
    }
    print("Client at ", this.addr, " disconnected...");
    clientSockets.delete(this.csocket);
    this.csocket.close();
  }
}

const clientSockets = new Set<MessageSocket>();

export async function main(args = Deno.args) {
  const flags = parseFlags(args, "chat_server_no_echo", {
    host: "0.0.0.0",
    port: 9999,
    framing: "auto",
  });
  const { host, port } = flags;
  const s = new MessageListener(Deno.listen({ hostname: host, port, tcpBacklog: 4096 }), flags);
  print("Chat Server start");
  while (true) {
    const [c, addr] = await s.accept();
    clientSockets.add(c);
    const n = new ClientThread(addr, c);
    n.start();
    print("# of client:", clientSockets.size);
  }
}

if (import.meta.main) await run(main);
