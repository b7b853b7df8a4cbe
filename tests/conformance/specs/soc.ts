// Page 002: one connection, and the echo server.

import {
  accept,
  close,
  connect,
  ended,
  type Exercise,
  exits,
  halfClose,
  receive,
  reset,
  rests,
  send,
  shows,
  type Step,
} from "../spec.ts";
import { otherClientsSpecs } from "./other_clients.ts";
import { cutInside, INVALID_UTF8, WORDED } from "./texts.ts";

export const soc1Server: Exercise = {
  name: "soc1_server",
  script: "soc1_server",
  title: "컴퓨터 간 접속상태 확인을 위해 1회 접속처리 (page 002)",
  role: "server",
  transport: "tcp",
  port: 9999,
  specs: [
    {
      id: "course.message",
      title: "it takes one connection, prints what it says, and ends",
      cause: "Decode what came as UTF-8 and print it; after the one client the program ends.",
      steps: [connect("A"), send("A", "안녕!"), shows("안녕!"), ended("A"), exits(0)],
    },
    {
      id: "wording.console",
      title: "it says that it is ready, who connects, and what came",
      cause: WORDED,
      steps: [
        shows("server service 중 ...\n"),
        connect("A"),
        send("A", "안녕!"),
        shows("client address:  ('{A.host}', {A.port})\n"),
        shows("from client message:  안녕!\n"),
        exits(),
      ],
    },
    {
      id: "stream.split-character",
      title: "a character cut in two by the segments is shown whole",
      cause: "recv returned half of a UTF-8 character, and decoding it failed.",
      steps: [
        connect("A"),
        send("A", ...cutInside("안!")),
        shows("안!"),
        exits(0),
      ],
    },
    {
      id: "stream.close",
      title: "a client that says nothing and closes ends it, too",
      cause: "An empty recv means that the client has closed: nothing more will come.",
      steps: [connect("A"), rests(), close("A"), exits()],
    },
    {
      id: "stream.reset",
      title: "a client that is reset ends it, too",
      cause: "recv raises ConnectionResetError: nothing more will come.",
      steps: [connect("A"), rests(), reset("A"), exits()],
    },
  ],
};

export const soc1Client: Exercise = {
  name: "soc1_client",
  script: "soc1_client",
  title: "컴퓨터 간 접속상태 확인, client (page 002)",
  role: "client",
  transport: "tcp",
  port: 9999,
  specs: [
    {
      id: "course.message",
      title: "it sends its greeting, closes, and ends",
      cause: "Send exactly `안녕!` in UTF-8, then close the socket.",
      steps: [accept("S"), receive("S", "안녕!"), ended("S"), exits(0)],
    },
    {
      id: "stream.reset",
      title: "a server that breaks off does not keep it",
      cause: "Sending or closing may raise: the program should end all the same.",
      steps: [accept("S"), reset("S"), exits()],
    },
  ],
};

const GREETING = "스승의 은혜는 하늘 같아서 . . .";

function echoed(peer: string): Step[] {
  return [
    connect(peer),
    send(peer, GREETING),
    receive(peer, `from server: {${peer}.port}너도 잘 지내라`),
  ];
}

export const soc2Server: Exercise = {
  name: "soc2_server",
  script: "soc2_server",
  title: "Python Echo Server (page 002)",
  role: "server",
  transport: "tcp",
  port: 8888,
  specs: [
    {
      id: "wording.console",
      title: "the console shows who wrote what",
      cause: WORDED,
      steps: [
        shows("서버 서비스 중입니다.\n"),
        ...echoed("A"),
        shows("client info:  {A.host} {A.port}\n"),
        shows(`from client message:  ${GREETING}\n`),
      ],
    },
    {
      id: "course.answer",
      title: "a client is answered with its port number and the greeting",
      cause: "The number is that of addr[1]; the answer goes out in UTF-8.",
      steps: echoed("A"),
    },
    {
      id: "course.next",
      title: "after one client comes the next",
      cause: "accept must be called again, in a loop.",
      steps: [...echoed("A"), ...echoed("B"), ...echoed("C")],
    },
    {
      id: "stream.split-character",
      title: "a character cut in two by the segments does no harm",
      cause: "recv returned half of a UTF-8 character, and decoding it failed.",
      steps: [
        connect("A"),
        send("A", ...cutInside("안!")),
        receive("A", "from server: {A.port}너도 잘 지내라"),
        ...echoed("B"),
      ],
    },
    {
      id: "stream.half-close",
      title: "a client that has sent all (shutdown) is still answered",
      cause: "The end of what the client sends is not the end of the connection.",
      steps: [
        connect("A"),
        send("A", "hi"),
        halfClose("A"),
        receive("A", "from server: {A.port}너도 잘 지내라"),
      ],
    },
    ...otherClientsSpecs(echoed),
  ],
};

const ANSWER = "from server: 53422너도 잘 지내라";

export const soc2Client: Exercise = {
  name: "soc2_client",
  script: "soc2_client",
  title: "Python Echo Server, client (page 002)",
  role: "client",
  transport: "tcp",
  port: 8888,
  specs: [
    {
      id: "course.answer",
      title: "it sends its message, shows the answer, and ends",
      cause: "One recv, decoded as UTF-8, is the answer; then the socket is closed.",
      steps: [
        accept("S"),
        receive("S", GREETING),
        send("S", ANSWER),
        shows(ANSWER),
        ended("S"),
        exits(0),
      ],
    },
    {
      id: "wording.console",
      title: "how the answer is shown",
      cause: WORDED,
      steps: [
        accept("S"),
        receive("S", GREETING),
        send("S", ANSWER),
        shows(`수신자료:  ${ANSWER}\n`),
      ],
    },
    {
      id: "stream.split-character",
      title: "a character cut in two by the segments is shown whole",
      cause: "recv returned half of a UTF-8 character, and decoding it failed.",
      steps: [
        accept("S"),
        receive("S", GREETING),
        send("S", ...cutInside("너")),
        shows("너"),
      ],
    },
    {
      id: "stream.invalid",
      title: "bytes that are not UTF-8 do not keep it",
      cause: "The decoding error must end the program, not hang it.",
      steps: [accept("S"), receive("S", GREETING), send("S", INVALID_UTF8), exits()],
    },
    {
      id: "stream.close",
      title: "a server that closes without an answer does not keep it",
      cause: "An empty recv means that the server has closed: no answer will come.",
      steps: [accept("S"), receive("S", GREETING), close("S"), exits()],
    },
    {
      id: "stream.reset",
      title: "a server that breaks off does not keep it",
      cause: "recv raises ConnectionResetError: no answer will come.",
      steps: [accept("S"), receive("S", GREETING), reset("S"), exits()],
    },
  ],
};
