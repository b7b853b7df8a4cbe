#!/usr/bin/env -S deno run --allow-net
/**
 * 파이썬 소켓 통신 프로그래밍: 채팅 프로그램
 *
 * The client: joins the room of my_server under a nickname; `/q` leaves it.
 * Try it: start my_server first, then this in two more terminals.
 */
import { ask, parseFlags, run } from "../lib/cli.ts";
import { input, print } from "../lib/console.ts";
import { ClientSocket, type SocketOptions } from "../lib/message_socket.ts";
import { Thread } from "../lib/thread.ts";

interface Flags extends SocketOptions {
  host: string;
  port: number;
}

class ChatClient {
  left = false;

  constructor(readonly soc: ClientSocket) {}

  static async myconnect(flags: Flags) {
    const { host, port } = flags;
    const soc = new ClientSocket(await Deno.connect({ hostname: host, port }), flags);
    print("서버 접속 완료");
    return new ChatClient(soc);
  }

  async sendMsg() {
    await this.soc.send(await ask("name", "닉네임: ", "/q")); // the end of input counts as /q
    while (!this.left) {
      const msg = await input("", "/q");
      this.left = msg === "/q";
      await this.soc.send(msg);
    }
  }

  async recvMsg() {
    while (true) {
      const msg = await this.soc.recv();
      if (msg === "/q") break;
      // In raw framing the answer to /q may come in one piece with what was said just before.
      if (this.left && msg.endsWith("/q")) {
        print(msg.slice(0, -2));
        break;
      }
      print(msg);
    }
  }

  async run() {
    new Thread(() => this.sendMsg()).start();
    await this.recvMsg();
    await this.close();
  }

  async close() {
    await this.soc.close();
  }
}

export async function main(args = Deno.args) {
  const flags = parseFlags(args, "my_client", { host: "127.0.0.1", port: 9999, framing: "raw" });
  const client = await ChatClient.myconnect(flags);
  await client.run();
}

if (import.meta.main) await run(main);
