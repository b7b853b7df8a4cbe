#!/usr/bin/env -S deno run --allow-net
/**
 * 파이썬 소켓 통신 프로그래밍: 채팅 프로그램
 *
 * The server: a chat room whose members have nicknames; `/q` leaves it.
 * Try it: start this, then `deno run --allow-net scripts/my_client.ts` in two more terminals.
 * Ctrl+C ends it when nobody is connected.
 */
import { print } from "../lib/console.ts";
import { exit, onInterrupt } from "../lib/ending.ts";
import { parseFlags, run } from "../lib/script.ts";
import { BACKLOG, MessageListener, type MessageSocket, type SocketOptions } from "../lib/socket.ts";
import { Thread } from "../lib/threading.ts";

interface Flags extends SocketOptions {
  host: string;
  port: number;
}

class ChatRoom {
  readonly clients = new Set<ChatClient>();

  addClient(c: ChatClient) {
    this.clients.add(c);
  }

  delClient(c: ChatClient) {
    this.clients.delete(c);
  }

  sendMsgAll(msg: string) {
    for (const c of this.clients) c.sendMsg(msg);
  }
}

class ChatClient {
  id = "";

  constructor(readonly room: ChatRoom, readonly soc: MessageSocket) {}

  async readMsg() {
    let entered = false;
    try {
      this.id = await this.soc.recv() ?? "/q"; // a client that vanished has left as well
      if (this.id === "/q") return;
      entered = true;
      this.room.sendMsgAll(`${this.id}님이 입장하셨습니다.`);
      while (true) {
        const msg = await this.soc.recv();
        if (msg === null) break;
        print(this.id, ": ", msg);
        if (msg === "/q") break;
        this.room.sendMsgAll(`${this.id}: ${msg}`);
      }
    } finally {
      this.sendMsg("/q");
      this.room.delClient(this);
      this.soc.close();
      if (entered) this.room.sendMsgAll(`${this.id}님이 퇴장하셨습니다.`);
    }
  }

  sendMsg(msg: string) {
    this.soc.send(msg);
  }
}

class ChatServer {
  readonly room = new ChatRoom();
  serverSoc!: MessageListener; // `open` makes it

  constructor(readonly flags: Flags) {}

  open() {
    const { host, port } = this.flags;
    const listener = Deno.listen({ hostname: host, port, tcpBacklog: BACKLOG });
    this.serverSoc = new MessageListener(listener, this.flags);
  }

  sigintHandler() {
    if (this.room.clients.size > 0) {
      print("채팅 서버를 종료할 수 없습니다.");
    } else {
      this.serverSoc.close();
      print("채팅 서버를 종료합니다.");
      exit(0);
    }
  }

  async run() {
    this.open();
    print("채팅 서버를 시작합니다.");
    onInterrupt(() => this.sigintHandler());
    while (true) {
      const [soc, addr] = await this.serverSoc.accept();
      print("Connencted by", addr);
      const c = new ChatClient(this.room, soc);
      this.room.addClient(c);
      new Thread(soc, () => c.readMsg()).start();
    }
  }
}

export async function main(args = Deno.args) {
  const flags = await parseFlags(args, "my_server", {
    host: "127.0.0.1",
    port: 9999,
    framing: "auto",
  });
  const server = new ChatServer(flags);
  await server.run();
}

if (import.meta.main) await run(main);
