// Page 000, report 2: sign-up and login. One program, server or client as its first prompt is answered.

import {
  accept,
  answered,
  close,
  connect,
  ended,
  type Exercise,
  exits,
  halfClose,
  receive,
  reset,
  send,
  shows,
  type Step,
  type,
} from "../spec.ts";
import { otherClientsSpecs } from "./other_clients.ts";
import { cutInside, WORDED } from "./texts.ts";

const SIGNED_UP = "가입 성공";
const EXISTS = "가입 실패 : 기 가입자";
const LOGGED_IN = "로그인 성공";
const WRONG_PASSWORD = "로그인 실패 : 패스워드 오류";
const UNKNOWN = "로그인 실패 : 미 가입자";

function asks(peer: string, message: string, answer: string): Step[] {
  return [send(peer, message), receive(peer, answer)];
}

export const membershipServer: Exercise = {
  name: "membership_server",
  script: "membership",
  title: "과제 2: 회원가입/로그인 시스템, server (page 000)",
  role: "server",
  transport: "tcp",
  port: undefined,
  answers: ["server", "{host}", "{port}"],
  specs: [
    {
      id: "wording.prompts",
      title: "it asks for role, address and port",
      cause: WORDED,
      steps: [
        shows("Input <server> OR <client> : "),
        shows("서버 IP 주소를 입력하시오 : "),
        shows("포트 번호를 입력하시오 : "),
        connect("A"),
        ...asks("A", "Rkim,1234", SIGNED_UP),
      ],
    },
    {
      id: "wording.console",
      title: "the console shows who connects, every message, and the end",
      cause: WORDED,
      steps: [
        connect("A"),
        shows("클라이언트가 연결되었습니다 : ('{A.host}', {A.port})\n"),
        ...asks("A", "Rkim,1234", SIGNED_UP),
        shows("전달받은 메시지 : Rkim,1234\n"),
        send("A", "E"),
        shows("전달받은 메시지 : E\n"),
        shows("클라이언트 연결이 종료되었습니다.\n"),
      ],
    },
    {
      id: "course.sign-up",
      title: "an id signs up once",
      cause: "Look the id up before it is added.",
      steps: [
        connect("A"),
        ...asks("A", "Rkim,1234", SIGNED_UP),
        ...asks("A", "Rkim,5678", EXISTS),
        ...asks("A", "R이영희,비밀", SIGNED_UP),
      ],
    },
    {
      id: "course.login",
      title: "the right password logs in, another does not, nor an id that nobody has",
      cause: "Three answers: for the right password, for a wrong one, and for an unknown id.",
      steps: [
        connect("A"),
        ...asks("A", "Rkim,1234", SIGNED_UP),
        ...asks("A", "Lkim,1234", LOGGED_IN),
        ...asks("A", "Lkim,12345", WRONG_PASSWORD),
        ...asks("A", "Llee,1234", UNKNOWN),
      ],
    },
    {
      id: "course.next",
      title: "after E comes the next client, and the account is still there",
      cause: "Accounts belong to the server, not to the connection; accept must be called again.",
      steps: [
        connect("A"),
        ...asks("A", "Rkim,1234", SIGNED_UP),
        send("A", "E"),
        connect("B"),
        ...asks("B", "Lkim,1234", LOGGED_IN),
      ],
    },
    {
      id: "stream.comma",
      title: "a password may hold commas",
      cause:
        '`id, password = value.split(",")` raises where there are three parts: split(",", 1) makes two.',
      steps: [
        connect("A"),
        ...asks("A", "Rkim,12,34", SIGNED_UP),
        ...asks("A", "Lkim,12,34", LOGGED_IN),
        ...asks("A", "Lkim,12", WRONG_PASSWORD),
      ],
    },
    {
      id: "stream.no-comma",
      title: "a message without a comma is answered, and the server goes on",
      cause: '`id, password = value.split(",")` raises where there is one part.',
      steps: [
        connect("A"),
        send("A", "Rkim"),
        answered("A"),
        send("A", "Lkim"),
        answered("A"),
        ...asks("A", "Rkim,1234", SIGNED_UP),
      ],
    },
    {
      id: "stream.split-character",
      title: "a character cut in two by the segments is taken whole",
      cause: "recv returned half of a UTF-8 character, and decoding it failed.",
      steps: [
        connect("A"),
        send("A", ...cutInside("R김,1234")),
        receive("A", SIGNED_UP),
        ...asks("A", "L김,1234", LOGGED_IN),
      ],
    },
    {
      id: "stream.half-close",
      title: "a client that has sent all (shutdown) is still answered, then let go",
      cause:
        "An empty recv means that the client sends no more: answer what came before, and close.",
      steps: [
        connect("A"),
        send("A", "Rkim,1234"),
        halfClose("A"),
        receive("A", SIGNED_UP),
        connect("B"),
        ...asks("B", "Lkim,1234", LOGGED_IN),
      ],
    },
    ...otherClientsSpecs((peer) => [connect(peer), ...asks(peer, "Rlee,1234", SIGNED_UP)]),
  ],
};

export const membershipClient: Exercise = {
  name: "membership_client",
  script: "membership",
  title: "과제 2: 회원가입/로그인 시스템, client (page 000)",
  role: "client",
  transport: "tcp",
  port: undefined,
  answers: ["client", "{host}", "{port}"],
  specs: [
    {
      id: "course.menu",
      title: "3 ends it with E",
      cause: "Send E alone, then close the socket, and end.",
      steps: [accept("S"), type("3"), receive("S", "E"), ended("S"), exits(0)],
    },
    {
      id: "wording.console",
      title: "the menu, and the prompts for id and password",
      cause: WORDED,
      steps: [
        accept("S"),
        shows("1. 회원가입\n"),
        shows("2. 로그인\n"),
        shows("3. 종료\n"),
        shows("메뉴를 선택하시오 : "),
        type("1", "kim", "1234"),
        shows("ID 입력 : "),
        shows("PASSWORD 입력 : "),
        receive("S", "Rkim,1234"),
        send("S", SIGNED_UP),
        shows(`${SIGNED_UP}\n`),
      ],
    },
    {
      id: "course.sign-up",
      title: "1 asks for id and password, sends them with R, and shows the answer",
      cause: "R stands before the id, and one comma between id and password, without spaces.",
      steps: [
        accept("S"),
        type("1", "kim", "1234"),
        receive("S", "Rkim,1234"),
        send("S", SIGNED_UP),
        shows(SIGNED_UP),
        type("3"),
        receive("S", "E"),
        exits(0),
      ],
    },
    {
      id: "course.login",
      title: "2 asks for id and password, sends them with L, and shows the answer",
      cause: "L stands before the id, and one comma between id and password, without spaces.",
      steps: [
        accept("S"),
        type("2", "이영희", "비밀"),
        receive("S", "L이영희,비밀"),
        send("S", WRONG_PASSWORD),
        shows(WRONG_PASSWORD),
        type("3"),
        receive("S", "E"),
        exits(0),
      ],
    },
    {
      id: "stream.split-character",
      title: "a character cut in two by the segments is shown whole",
      cause: "recv returned half of a UTF-8 character, and decoding it failed.",
      steps: [
        accept("S"),
        type("1", "kim", "1234"),
        receive("S", "Rkim,1234"),
        send("S", ...cutInside("가")),
        shows("가"),
        type("3"),
        receive("S", "E"),
      ],
    },
    {
      id: "stream.close",
      title: "a server that goes away does not keep it",
      cause: "An empty recv means that the server has closed: no answer will come.",
      steps: [
        accept("S"),
        type("1", "kim", "1234", "3"),
        receive("S", "Rkim,1234"),
        close("S"),
        exits(),
      ],
    },
    {
      id: "stream.reset",
      title: "a server that breaks off does not keep it",
      cause: "recv raises ConnectionResetError: no answer will come.",
      steps: [
        accept("S"),
        type("1", "kim", "1234", "3"),
        receive("S", "Rkim,1234"),
        reset("S"),
        exits(),
      ],
    },
  ],
};
