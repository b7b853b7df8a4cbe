#!/usr/bin/env -S deno run --allow-net
/**
 * 과제 2 : 회원가입/로그인 시스템
 *
 * Sign-up and login, server and client in one file.
 * Try it: `deno run --allow-net scripts/membership.ts` in two terminals, `server` in one, `client` in
 * the other, with address 127.0.0.1 and port 9999 in both.
 */
import { parseAccount } from "../lib/account.ts";
import { UserTable } from "../lib/accounts.ts";
import { capitalize } from "../lib/builtins.ts";
import { input, inputInt, inputSecret, masked, print } from "../lib/console.ts";
import { UsageError } from "../lib/errors.ts";
import { ask, parseFlags, run } from "../lib/script.ts";
import { BACKLOG, ClientSocket, MessageListener, type SocketOptions } from "../lib/socket.ts";
import { Thread } from "../lib/threading.ts";

/** What the server takes beside its address. */
type ServerOptions = SocketOptions & { data?: string };

async function ClientMain(server: string, port: number, flags: SocketOptions) {
  const s = new ClientSocket(await Deno.connect({ hostname: server, port }), flags);

  while (true) {
    print("1. 회원가입");
    print("2. 로그인");
    print("3. 종료");
    const index = await inputInt("메뉴를 선택하시오 : ");

    if (index === 1) {
      const id = await input("ID 입력 : ");
      const password = await inputSecret("PASSWORD 입력 : ");

      await s.send(`R${id},${password}`);

      const result = await s.recv();
      print(`${result}`);
    } else if (index === 2) {
      const id = await input("ID 입력 : ");
      const password = await inputSecret("PASSWORD 입력 : ");

      await s.send(`L${id},${password}`);

      const result = await s.recv();
      print(`${result}`);
    } else if (index === 3) {
      await s.send("E");
      break;
    }
  }

  await s.close();
}

async function ServerMain(host: string, port: number, flags: ServerOptions) {
  const userTable = await UserTable.open(flags.data);

  const s = new MessageListener(Deno.listen({ hostname: host, port, tcpBacklog: BACKLOG }), flags);

  while (true) {
    const [clientSocket, clientAddr] = await s.accept();

    print("클라이언트가 연결되었습니다 :", clientAddr);

    new Thread(clientSocket, async () => {
      while (true) {
        const recv = await clientSocket.recv();
        if (recv === null) break; // gone without an E

        const command = recv.slice(0, 1);
        const value = recv.slice(1);

        print(`전달받은 메시지 : ${masked(recv, ",")}`);

        if (command === "R") {
          const account = parseAccount(value, ",");

          if (!account) {
            clientSocket.send("가입 실패 : ID,PASSWORD 형식이 아님");
          } else if (!await userTable.add(account)) {
            clientSocket.send("가입 실패 : 기 가입자");
          } else {
            clientSocket.send("가입 성공");
          }
        } else if (command === "L") {
          const account = parseAccount(value, ",");
          const matches = account && await userTable.check(account);

          if (!account) {
            clientSocket.send("로그인 실패 : ID,PASSWORD 형식이 아님");
          } else if (matches !== undefined) {
            if (matches) {
              clientSocket.send("로그인 성공");
            } else {
              clientSocket.send("로그인 실패 : 패스워드 오류");
            }
          } else {
            clientSocket.send("로그인 실패 : 미 가입자");
          }
        } else if (command === "E") {
          break;
        } else {
          clientSocket.send("알 수 없는 명령");
        }
      }
      print("클라이언트 연결이 종료되었습니다.");
      clientSocket.close();
    }).start();
  }
}

export async function main(args = Deno.args) {
  const flags = await parseFlags(args, "membership", {
    role: undefined,
    host: undefined,
    port: undefined,
    framing: "auto",
    data: undefined,
  });
  const programType = flags.role ?? await input("Input <server> OR <client> : ");
  const host = flags.host ?? await ask("host", "서버 IP 주소를 입력하시오 : ");
  const port = flags.port ?? await ask("port", "포트 번호를 입력하시오 : ");

  if (capitalize(programType) === capitalize("server")) {
    await ServerMain(host, port, { ...flags, port });
  } else if (capitalize(programType) === capitalize("client")) {
    if (flags.data) throw new UsageError("--data is for the server");
    await ClientMain(host, port, flags);
  } else {
    print("Wrong program type");
    throw new UsageError(`"${programType}" is neither server nor client`);
  }
}

if (import.meta.main) await run(main);
