#!/usr/bin/env -S deno run --allow-net
/**
 * 로그인
 *
 * The server, which the page leaves as a heading: takes an id and a password, each a line, and answers
 * whether they belong together.
 * Try it: start this with `--user kim:1234`, then `deno run --allow-net scripts/login_client.ts` in a
 * second terminal.
 */
import { askAccount, UserTable } from "../lib/accounts.ts";
import { print, report } from "../lib/console.ts";
import { parseFlags, run } from "../lib/script.ts";
import { BACKLOG, MessageListener } from "../lib/socket.ts";
import { Thread } from "../lib/threading.ts";

export async function main(args = Deno.args) {
  const flags = await parseFlags(args, "login_server", {
    host: "127.0.0.1",
    port: 12000,
    framing: "line",
    user: undefined,
    data: undefined,
  });
  const { host: serverName, port: serverPort } = flags; // 서버 ip 주소와 포트 번호
  const userTable = await UserTable.open(flags.data);
  // Without --user and --data nobody could log in: an account is asked for.
  const users = flags.user ?? (flags.data ? [] : [await askAccount()]);
  for (const user of users) {
    if (!await userTable.add(user)) report(`${user.id} has an account, which stays as it is`);
  }

  const listener = Deno.listen({ hostname: serverName, port: serverPort, tcpBacklog: BACKLOG });
  const serverSocket = new MessageListener(listener, flags);
  print("The server is ready to receive");

  while (true) {
    const [connectionSocket] = await serverSocket.accept(); // 클라이언트의 연결 요청을 기다린다
    new Thread(connectionSocket, async () => {
      // ID와 password 수신: line framing keeps the two apart, however TCP cuts or merges them
      const id = await connectionSocket.recv();
      const password = await connectionSocket.recv();

      if (id !== null && password !== null) { // null: the client has gone
        let result = "Unknown ID";
        const matches = await userTable.check({ id, password });
        if (matches === true) result = "Login success";
        else if (matches === false) result = "Wrong password";

        connectionSocket.send(result);
      }
      connectionSocket.close(); // 클라이언트 연결 소켓을 닫는다
    }).start();
  }
}

if (import.meta.main) await run(main);
