#!/usr/bin/env -S deno run --allow-net
/**
 * 대소문자 변환
 *
 * The server: takes a sentence and a mode, and answers the sentence in upper case (mode 1) or lower
 * case (mode 2).
 * Try it: start this, then `deno run --allow-net scripts/case_client.ts` in a second terminal.
 */
import { print } from "../lib/console.ts";
import { parseFlags, run } from "../lib/script.ts";
import { SentenceFraming } from "../lib/sentence_framing.ts";
import { BACKLOG, MessageListener } from "../lib/socket.ts";
import { Thread } from "../lib/threading.ts";

export async function main(args = Deno.args) {
  const defaults = { host: "127.0.0.1", port: 12000 };
  const flags = await parseFlags(args, "case_server", { ...defaults, framing: "auto" });
  const { host: serverName, port: serverPort } = flags; // 서버 ip 주소와 포트 번호
  const listener = Deno.listen({ hostname: serverName, port: serverPort, tcpBacklog: BACKLOG });
  // SentenceFraming: the client's two sends may arrive as one, or in pieces.
  const serverSocket = new MessageListener(listener, { ...flags, first: SentenceFraming });
  print("The server is ready to receive");

  while (true) {
    const [connectionSocket] = await serverSocket.accept(); // 클라이언트의 연결 요청을 기다린다
    new Thread(connectionSocket, async () => {
      // 문장과 modeNum 수신
      const sentence = await connectionSocket.recv() ?? "";
      const modeNum = await connectionSocket.recv();

      // modeNum에 따라 문장의 대소문자 변경
      let modifiedSentence = "Error";
      if (modeNum === "1") modifiedSentence = sentence.toUpperCase();
      else if (modeNum === "2") modifiedSentence = sentence.toLowerCase();

      connectionSocket.send(modifiedSentence);
      connectionSocket.close(); // 클라이언트 연결 소켓을 닫는다
    }).start();
  }
}

if (import.meta.main) await run(main);
