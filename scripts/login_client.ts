#!/usr/bin/env -S deno run --allow-net
/**
 * 로그인
 *
 * The client, which the page leaves as a heading: sends an id and a password, shows the answer.
 * Try it: start login_server with `--user kim:1234` first, then this.
 */
import { input, inputSecret, print } from "../lib/console.ts";
import { parseFlags, run } from "../lib/script.ts";
import { ClientSocket } from "../lib/socket.ts";

export async function main(args = Deno.args) {
  const flags = await parseFlags(args, "login_client", {
    host: "127.0.0.1",
    port: 12000,
    framing: "line",
  });
  const { host: serverName, port: serverPort } = flags; // 서버 ip 주소와 포트 번호
  const conn = await Deno.connect({ hostname: serverName, port: serverPort }); // TCP 연결을 시도
  const clientSocket = new ClientSocket(conn, flags);
  const id = await input("Input ID : "); // ID 입력
  const password = await inputSecret("Input password : "); // 비밀번호 입력

  // ID와 password를 보낸다
  await clientSocket.send(id);
  await clientSocket.send(password);
  const result = await clientSocket.recv(); // 결과를 수신
  print("Form Server :", result);
  await clientSocket.close();
}

if (import.meta.main) await run(main);
