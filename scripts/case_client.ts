#!/usr/bin/env -S deno run --allow-net
/**
 * 대소문자 변환
 *
 * The client: sends a sentence, and the mode that turns its case over: 1 for upper case, 2 for lower
 * case. Asks for the mode where the sentence has both.
 * Try it: start case_server first, then this.
 */
import { isLower, isUpper } from "../lib/builtins.ts";
import { input, print } from "../lib/console.ts";
import { ask, parseFlags, run } from "../lib/script.ts";
import { ClientSocket } from "../lib/socket.ts";

export async function main(args = Deno.args) {
  const flags = await parseFlags(args, "case_client", {
    host: "127.0.0.1",
    port: 12000,
    mode: undefined,
    framing: "raw",
  });
  const { host: serverName, port: serverPort } = flags; // 서버 ip 주소와 포트 번호
  const conn = await Deno.connect({ hostname: serverName, port: serverPort }); // TCP 연결을 시도
  const clientSocket = new ClientSocket(conn, flags);
  const sentence = await input("Input sentence : "); // 문장 입력

  // modeNum의 1번은 대문자 변환, 2번은 소문자 변환
  let modeNum = flags.mode;
  if (isUpper(sentence)) modeNum = "2"; // 문장이 전부 대문자인 경우
  else if (isLower(sentence)) modeNum = "1"; // 문장이 전부 소문자인 경우
  else modeNum ??= await ask("mode", "1. To upper case\n2. To Lower case\nInput number : ");

  // 문장과 modeNum을 보낸다
  await clientSocket.send(sentence);
  await clientSocket.send(modeNum);
  await clientSocket.closeWrite(); // no more will come: the server need not guess
  const modifiedSentence = await clientSocket.recv(""); // 수정된 문장을 수신
  print("Form Server :", modifiedSentence);
  await clientSocket.close();
}

if (import.meta.main) await run(main);
