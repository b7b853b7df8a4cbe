#!/usr/bin/env -S deno run --allow-net
/**
 * 실습과제 4: TCP 소켓프로그래밍 - chatting
 *
 * The server: every message goes to all clients; `bye` ends a client.
 * Try it: start this, then `deno run --allow-net scripts/chat_client.ts` in two more terminals.
 */
import { print } from "../lib/console.ts";
import { parseFlags, run } from "../lib/script.ts";
import { type Address, BACKLOG, MessageListener, type MessageSocket } from "../lib/socket.ts";
import { Thread } from "../lib/threading.ts";

class ClientThread extends Thread {
  constructor(readonly addr: Address, readonly csocket: MessageSocket) {
    super(csocket);
  }

  override async run() {
    print("connection from : ", this.addr);
    try {
      while (true) {
        const msg = await this.csocket.recv();
        if (msg === null || msg === "bye") break;
        for (const client of clientSockets) client.send(msg);
      }
    } finally {
      print("Client at ", this.addr, " disconnected...");
      clientSockets.delete(this.csocket);
      this.csocket.close();
    }
  }
}

const clientSockets = new Set<MessageSocket>();

export async function main(args = Deno.args) {
  const flags = await parseFlags(args, "chat_server", {
    host: "0.0.0.0",
    port: 9999,
    framing: "auto",
  });
  const { host, port } = flags;
  const s = new MessageListener(Deno.listen({ hostname: host, port, tcpBacklog: BACKLOG }), flags);
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
