#!/usr/bin/env -S deno run --allow-net
/**
 * 추가 과제 4-2: 서버 IP 주소와 port 번호를 입력
 *
 * The client, which takes the server's address from the command line.
 * Try it: start chat_server first, then `deno run --allow-net scripts/chat_client_args.ts 127.0.0.1 9999`
 * in two more terminals.
 */
import { input, print } from "../lib/console.ts";
import { argument, command, parseFlags, run } from "../lib/script.ts";
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
  const flags = await parseFlags(args, "chat_client_args", { framing: "raw" }, "ip# port#");
  const [ip, portNumber, ...rest] = flags._;
  if (ip === undefined || portNumber === undefined || rest.length > 0) {
    print(`usage : ${command("chat_client_args")} ip# port#`);
    return 2;
  }
  const host = await argument("host", ip, "ip#");
  const port = await argument("port", portNumber, "port#");

  const s = new ClientSocket(await Deno.connect({ hostname: host, port }), flags);
  print("chat client start");

  const n = new ChatThread(s);
  n.start();

  while (true) {
    const message = await input("", "bye"); // the end of input counts as bye
    if (message === "bye") {
      await s.send(message);
      break;
    }
    await s.send(message);
  }
  await s.close();
}

if (import.meta.main) await run(main);
