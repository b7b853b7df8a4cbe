#!/usr/bin/env -S deno run --allow-net
/**
 * 파이썬 소켓 통신 프로그래밍: 채팅 프로그램
 *
 * The client: joins the room of my_server under a nickname; `/q` leaves it.
 * Try it: start my_server first, then this in two more terminals.
 */
import { input, print } from "../lib/console.ts";
import { ask, parseFlags, run } from "../lib/script.ts";
import { ClientSocket, type SocketOptions } from "../lib/socket.ts";
import { Thread } from "../lib/threading.ts";
import { sleep } from "../lib/time.ts";

/** Seconds after which a server that has not answered /q is told again. */
const AGAIN = 3;

interface Flags extends SocketOptions {
  host: string;
  port: number;
  name: string | undefined;
}

class ChatClient {
  soc!: ClientSocket; // `myconnect` makes it
  left = false;

  constructor(readonly flags: Flags) {}

  async myconnect() {
    const { host, port } = this.flags;
    this.soc = new ClientSocket(await Deno.connect({ hostname: host, port }), this.flags);
    print("서버 접속 완료");
  }

  async sendMsg() {
    const name = this.flags.name ?? await ask("name", "닉네임: ", "/q"); // the end of input counts as /q
    this.left = name === "/q";
    await this.soc.send(name);
    while (!this.left) {
      const msg = await input("", "/q");
      this.left = msg === "/q";
      await this.soc.send(msg);
    }
    // In raw framing it may have come in one piece with what was said before: then it is said again.
    while (this.flags.framing === "raw") {
      await sleep(AGAIN);
      await this.soc.send("/q");
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
    await this.close();
  }

  async run() {
    await this.myconnect();
    new Thread(() => this.sendMsg()).start();
    await new Thread(() => this.recvMsg()).start();
  }

  async close() {
    await this.soc.close();
  }
}

export async function main(args = Deno.args) {
  const flags = await parseFlags(args, "my_client", {
    host: "127.0.0.1",
    port: 9999,
    name: undefined,
    framing: "raw",
  });
  const client = new ChatClient(flags);
  await client.run();
}

if (import.meta.main) await run(main);
