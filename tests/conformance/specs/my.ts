// Page 003: the chat room with nicknames. The page has no code; originals/README.md says what its
// programs do.

import {
  accept,
  close,
  connect,
  ended,
  endOfInput,
  type Exercise,
  exits,
  halfClose,
  hears,
  idle,
  ignore,
  interrupt,
  mayHear,
  receive,
  receiveInAnyOrder,
  reset,
  rests,
  send,
  shows,
  stall,
  type Step,
  taken,
  type,
} from "../spec.ts";
import { cutInside, INVALID_UTF8, WORDED } from "./texts.ts";

const enters = (id: string) => `${id}님이 입장하셨습니다.`;
const leaves = (id: string) => `${id}님이 퇴장하셨습니다.`;

/**
 * Peers connect one after the other, each with its name as nickname; all hear of each. A client is in
 * the room from its accept on: who connects while another's entry is being told may hear of that, too.
 */
function room(...peers: string[]): Step[] {
  return peers.flatMap((peer, i) => [
    connect(peer),
    mayHear(peer, ...peers.slice(0, i).map(enters)),
    send(peer, peer),
    ...peers.slice(0, i + 1).map((each) => receive(each, enters(peer))),
  ]);
}

/** What a peer says arrives at all of these, itself among them. */
function says(peer: string, all: string[], text: string): Step[] {
  return [send(peer, text), ...all.map((each) => receive(each, `${peer}: ${text}`))];
}

export const myServer: Exercise = {
  name: "my_server",
  script: "my_server",
  title: "채팅 프로그램, my_server.py (page 003)",
  role: "server",
  transport: "tcp",
  port: 9999,
  specs: [
    {
      id: "wording.console",
      title: "the console shows who connects, and what is said, /q among it",
      cause: WORDED,
      steps: [
        shows("채팅 서버를 시작합니다.\n"),
        connect("kim"),
        shows("Connencted by ('{kim.host}', {kim.port})\n"),
        send("kim", "kim"),
        receive("kim", enters("kim")),
        ...says("kim", ["kim"], "안녕하세요"),
        shows("kim :  안녕하세요\n"),
        send("kim", "/q"),
        shows("kim :  /q\n"),
        receive("kim", "/q"),
        ended("kim"),
      ],
    },
    {
      id: "course.enter",
      title: "the first message is the nickname, and everyone hears who came",
      cause: "Put the newcomer on the list before the greeting goes to all on it.",
      steps: room("kim", "lee", "park"),
    },
    {
      id: "course.relay",
      title: "a message goes to everyone, with its sender's nickname",
      cause: "The text is `{id}: {msg}`, and the sender is sent it too.",
      steps: [
        ...room("kim", "lee"),
        ...says("kim", ["kim", "lee"], "hello"),
        ...says("lee", ["kim", "lee"], "반가워요"),
      ],
    },
    {
      id: "course.quit",
      title: "/q is sent back, ends the connection, and the others hear of it",
      cause: "Send /q to that client alone, take it off the list, close it, then tell the rest.",
      steps: [
        ...room("kim", "lee"),
        send("kim", "/q"),
        receive("kim", "/q"),
        ended("kim"),
        receive("lee", leaves("kim")),
        ...says("lee", ["lee"], "alone"),
      ],
    },
    {
      id: "course.interrupt",
      title: "Ctrl+C ends it only when nobody is connected",
      cause: "The handler of SIGINT looks at the list of clients; sys.exit only where it is empty.",
      steps: [
        ...room("kim"),
        interrupt(),
        rests(),
        ...says("kim", ["kim"], "still here"),
        send("kim", "/q"),
        receive("kim", "/q"),
        ended("kim"),
        rests(),
        interrupt(),
        exits(0),
      ],
    },
    {
      id: "wording.interrupt",
      title: "what it says on Ctrl+C",
      cause: WORDED,
      steps: [
        ...room("kim"),
        interrupt(),
        shows("채팅 서버를 종료할 수 없습니다.\n"),
        send("kim", "/q"),
        receive("kim", "/q"),
        ended("kim"),
        rests(),
        interrupt(),
        shows("채팅 서버를 종료합니다.\n"),
        exits(),
      ],
    },
    {
      id: "stream.split-character",
      title: "a character cut in two by the segments arrives whole",
      cause:
        "recv returned half of a UTF-8 character, and decoding it failed: keep the bytes until the rest has come.",
      steps: [
        ...room("kim", "lee"),
        send("kim", ...cutInside("안")),
        receive("kim", "kim: 안"),
        receive("lee", "kim: 안"),
      ],
    },
    {
      id: "stream.silent",
      title: "a client that gives no nickname holds up nobody",
      cause: "Wait for the nickname in the client's own thread, not between two accepts.",
      steps: [connect("A"), stall("A"), ...room("lee"), ...says("lee", ["lee"], "hello")],
    },
    {
      id: "stream.invalid",
      title: "bytes that are not UTF-8 do not disturb the others",
      cause: "The decoding error of one client ended more than that client's thread.",
      steps: [
        ...room("kim", "lee"),
        stall("kim"),
        send("kim", INVALID_UTF8),
        taken("kim"),
        send("lee", "hello"),
        hears("lee", "lee: hello"),
      ],
    },
    {
      id: "stream.at-once",
      title: "messages sent at the same time all arrive",
      cause:
        "Several threads send to one socket: each message must go out in one piece, and none be lost.",
      steps: [
        ...room("kim", "lee"),
        send("kim", "one"),
        send("lee", "two"),
        receiveInAnyOrder("kim", "kim: one", "lee: two"),
        receiveInAnyOrder("lee", "kim: one", "lee: two"),
      ],
    },
    {
      id: "stream.close",
      title: "a client that closes without /q is let go",
      cause:
        "An empty recv means that the client has closed. Without a check for it the loop goes round for ever, at 100 % of a core.",
      steps: [
        ...room("kim", "lee", "park"),
        close("kim"),
        send("lee", "hello"),
        hears("park", "lee: hello"),
        hears("lee", "lee: hello"),
        // They read on: a server that sends without end must not come to rest because nobody does.
        ignore("park"),
        ignore("lee"),
        idle(),
      ],
    },
    {
      id: "stream.half-close",
      title: "a client that has sent all (shutdown) is let go, too",
      cause: "An empty recv means that the client sends no more: close its socket.",
      steps: [
        ...room("kim"),
        send("kim", "last words"),
        halfClose("kim"),
        receive("kim", "kim: last words"),
        ignore("kim"),
        idle(),
      ],
    },
    {
      id: "stream.reset",
      title: "a client that is reset costs nobody else a message",
      cause:
        "A client that vanished stayed on the list: the next send to it raised in the thread of whoever spoke. Take it off in a finally.",
      steps: [
        ...room("kim", "lee", "park"),
        reset("kim"),
        rests(), // it has noticed
        send("lee", "hello"),
        hears("park", "lee: hello"),
        hears("lee", "lee: hello"),
        send("park", "hello to you"),
        hears("lee", "park: hello to you"),
        hears("park", "park: hello to you"),
        stall("park"),
        stall("lee"),
      ],
    },
    {
      id: "stream.slow-reader",
      title: "a client that does not read holds up nobody",
      cause:
        "send waits when the receiver's buffers are full, and with it everybody who speaks. Give each client a queue of its own with a limit, or drop who does not read.",
      steps: [
        ...room("kim", "lee", "park"),
        stall("kim"),
        // Past what the kernel holds for a connection: 4 MiB at the sender, by Linux's defaults (tcp(7)).
        ...Array.from({ length: 32 }, (_, i) => [
          send("lee", "x".repeat(262144), `[${i}]`),
          hears("park", `[${i}]`),
          hears("lee", `[${i}]`),
        ]).flat(),
      ],
    },
  ],
};

/** The client has connected, and has given its nickname. */
const joined: Step[] = [accept("S"), type("kim"), receive("S", "kim")];

const SERVER_GONE =
  "An empty recv means that the server has closed: without a check for it the receiving loop prints empty messages for ever.";

export const myClient: Exercise = {
  name: "my_client",
  script: "my_client",
  title: "채팅 프로그램, my_client.py (page 003)",
  role: "client",
  transport: "tcp",
  port: 9999,
  specs: [
    {
      id: "course.nickname",
      title: "it asks for the nickname and sends it",
      cause: "The first message is the nickname, as it was typed.",
      steps: [accept("S"), type("김철수"), receive("S", "김철수")],
    },
    {
      id: "wording.console",
      title: "it says that it is connected, asks for the nickname, and shows what comes as it is",
      cause: WORDED,
      steps: [
        accept("S"),
        shows("서버 접속 완료\n"),
        shows("닉네임: "),
        type("kim"),
        receive("S", "kim"),
        send("S", enters("kim")),
        shows(`${enters("kim")}\n`),
      ],
    },
    {
      id: "course.chat",
      title: "lines typed are sent, messages received are shown",
      cause: "A thread of its own must wait for messages while the program waits for input.",
      steps: [
        ...joined,
        send("S", enters("kim")),
        shows(enters("kim")),
        type("hello"),
        receive("S", "hello"),
        send("S", "kim: hello"),
        shows("kim: hello"),
        type("안녕하세요"),
        receive("S", "안녕하세요"),
      ],
    },
    {
      id: "course.quit",
      title: "/q is sent, and ends the client when the server sends it back",
      cause: "The receiving thread must end on /q, and then the program.",
      steps: [...joined, type("/q"), receive("S", "/q"), send("S", "/q"), ended("S"), exits(0)],
    },
    {
      id: "stream.split-character",
      title: "a character cut in two by the segments is shown whole",
      cause:
        "recv returned half of a UTF-8 character, and decoding it failed: keep the bytes until the rest has come.",
      steps: [...joined, send("S", ...cutInside("안녕")), shows("안"), shows("녕")],
    },
    {
      id: "stream.invalid",
      title: "bytes that are not UTF-8 do not make it spin or flood",
      cause: "The decoding error must end the client, or cost that one message.",
      steps: [...joined, stall("S"), send("S", INVALID_UTF8), idle()],
    },
    {
      id: "stream.close",
      title: "when the server goes away, the client does not spin",
      cause: SERVER_GONE,
      steps: [...joined, close("S"), idle()],
    },
    {
      id: "stream.reset",
      title: "when the connection is reset, the client does not spin",
      cause: SERVER_GONE,
      steps: [...joined, reset("S"), idle()],
    },
    {
      id: "stream.end-of-input",
      title: "the end of input and of the connection ends the client",
      cause: "input() raises EOFError at the end of input; take it for /q.",
      steps: [...joined, stall("S"), endOfInput(), close("S"), exits()],
    },
  ],
};
