// Page 000, report 1: cinema reservation. One program, server or client as its first prompt is answered.

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
  type Spec,
  type Step,
  type,
} from "../spec.ts";
import { otherClientsSpecs } from "./other_clients.ts";
import { cutInside, WORDED } from "./texts.ts";

const NAME = "동양시네마";
const BOOKED = "예약 성공";
const TAKEN = "예약 실패 : 이미 예약됨";

/** A peer connects, and is greeted with the cinema's name. */
function arrives(peer: string): Step[] {
  return [connect(peer), receive(peer, NAME)];
}

function asks(peer: string, message: string, answer: string): Step[] {
  return [send(peer, message), receive(peer, answer)];
}

/** A seat that there is not. */
function outOfRange(id: Spec["id"], seat: string, title: string): Spec {
  return {
    id,
    title,
    cause:
      "`value < 5 or value >= 0` is true for every number: it takes `and`. And int() raises where the text is no number.",
    steps: [
      ...arrives("A"),
      ...asks("A", "Q영화 A", "SUCCESS"),
      ...asks("A", `R${seat}`, "out of index"),
      ...asks("A", "R4", BOOKED),
    ],
  };
}

export const cinemaServer: Exercise = {
  name: "cinema_server",
  script: "cinema",
  title: "과제 1: 영화관 예약 시스템, server (page 000)",
  role: "server",
  transport: "tcp",
  port: undefined,
  answers: ["server", "{host}", "{port}", NAME],
  specs: [
    {
      id: "wording.prompts",
      title: "it asks for role, address, port and name",
      cause: WORDED,
      steps: [
        shows("Input <server> OR <client> : "),
        shows("서버 IP 주소를 입력하시오 : "),
        shows("포트 번호를 입력하시오 : "),
        shows("영화관 이름을 입력하시오 : "),
        ...arrives("A"),
      ],
    },
    {
      id: "wording.console",
      title: "the console shows every message and what became of it",
      cause: WORDED,
      steps: [
        ...arrives("A"),
        shows("클라이언트가 연결되었습니다 : ('{A.host}', {A.port})\n"),
        ...asks("A", "Q영화 Z", "FAIL"),
        shows("전달받은 메시지 : Q영화 Z\n"),
        shows("영화를 조회합니다.\n"),
        shows("없는 영화\n"),
        ...asks("A", "Q영화 A", "SUCCESS"),
        shows("전달받은 메시지 : Q영화 A\n"),
        shows("영화를 조회합니다.\n"),
        shows("있는 영화\n"),
        ...asks("A", "R3", BOOKED),
        shows("전달받은 메시지 : R3\n"),
        shows("영화 A:3 예약을 확인합니다.\n"),
        shows("예약 성공\n"),
        ...asks("A", "R3", TAKEN),
        shows("이미 예약된 좌석\n"),
        send("A", "E"),
        shows("전달받은 메시지 : E\n"),
        shows("클라이언트 연결이 종료되었습니다.\n"),
      ],
    },
    {
      id: "course.films",
      title: "the five films are found, others are not",
      cause: "The name is looked up as it comes, without the Q.",
      steps: [
        ...arrives("A"),
        ...["A", "B", "C", "D", "E"].flatMap((film) => asks("A", `Q영화 ${film}`, "SUCCESS")),
        ...asks("A", "Q영화 F", "FAIL"),
        ...asks("A", "Q", "FAIL"),
      ],
    },
    {
      id: "course.seats",
      title: "each of the five seats is booked once",
      cause: "Seats go from 0 to 4; one that is taken stays taken.",
      steps: [
        ...arrives("A"),
        ...asks("A", "Q영화 B", "SUCCESS"),
        ...["0", "1", "2", "3", "4"].flatMap((seat) => asks("A", `R${seat}`, BOOKED)),
        ...asks("A", "R0", TAKEN),
        ...asks("A", "R4", TAKEN),
      ],
    },
    {
      id: "course.next",
      title: "after E comes the next client, and the seat is still taken",
      cause:
        "Reservations belong to the server, not to the connection; accept must be called again.",
      steps: [
        ...arrives("A"),
        ...asks("A", "Q영화 C", "SUCCESS"),
        ...asks("A", "R2", BOOKED),
        send("A", "E"),
        ...arrives("B"),
        ...asks("B", "Q영화 C", "SUCCESS"),
        ...asks("B", "R2", TAKEN),
        ...asks("B", "Q영화 D", "SUCCESS"),
        ...asks("B", "R2", BOOKED),
      ],
    },
    outOfRange("stream.seat-7", "7", "seat 7 is out of index, and the server goes on"),
    outOfRange("stream.seat-negative", "-1", "seat -1 is out of index, and not seat 4"),
    outOfRange("stream.seat-no-number", "x", "seat x is out of index, and the server goes on"),
    {
      id: "stream.no-film",
      title: "R before Q is answered, and the server goes on",
      cause: "No film is chosen yet: looking it up raises KeyError.",
      steps: [
        ...arrives("A"),
        send("A", "R1"),
        answered("A"),
        ...asks("A", "Q영화 A", "SUCCESS"),
        ...asks("A", "R1", BOOKED),
      ],
    },
    {
      id: "stream.own-film",
      title: "of two clients each books in the film that it chose",
      cause:
        "The chosen film was kept in one variable for all clients: it belongs to the connection.",
      steps: [
        ...arrives("A"),
        ...arrives("B"),
        ...asks("A", "Q영화 A", "SUCCESS"),
        ...asks("B", "Q영화 B", "SUCCESS"),
        ...asks("A", "R0", BOOKED),
        ...asks("B", "R0", BOOKED),
      ],
    },
    {
      id: "stream.split-character",
      title: "a character cut in two by the segments is taken whole",
      cause: "recv returned half of a UTF-8 character, and decoding it failed.",
      steps: [...arrives("A"), send("A", ...cutInside("Q영화 A")), receive("A", "SUCCESS")],
    },
    {
      id: "stream.half-close",
      title: "a client that has sent all (shutdown) is still answered, then let go",
      cause:
        "An empty recv means that the client sends no more: answer what came before, and close.",
      steps: [
        ...arrives("A"),
        send("A", "Q영화 A"),
        halfClose("A"),
        receive("A", "SUCCESS"),
        ...arrives("B"),
      ],
    },
    ...otherClientsSpecs((peer) => [...arrives(peer), ...asks(peer, "Q영화 A", "SUCCESS")]),
  ],
};

/** A client asks for a film that there is not. */
const NO_FILM: Step[] = [
  accept("S"),
  send("S", NAME),
  type("영화 Z"),
  receive("S", "Q영화 Z"),
  send("S", "FAIL"),
];

export const cinemaClient: Exercise = {
  name: "cinema_client",
  script: "cinema",
  title: "과제 1: 영화관 예약 시스템, client (page 000)",
  role: "client",
  transport: "tcp",
  port: undefined,
  answers: ["client", "{host}", "{port}"],
  specs: [
    {
      id: "course.reserve",
      title: "film and seat are asked for and sent, the answer is shown, and E ends it",
      cause: "Q and R stand before what was typed, without a space.",
      steps: [
        accept("S"),
        send("S", NAME),
        shows(NAME),
        type("영화 A"),
        receive("S", "Q영화 A"),
        send("S", "SUCCESS"),
        type("3"),
        receive("S", "R3"),
        send("S", BOOKED),
        shows(BOOKED),
        receive("S", "E"),
        ended("S"),
        exits(0),
      ],
    },
    {
      id: "wording.console",
      title: "the prompts, and how the answers are shown",
      cause: WORDED,
      steps: [
        accept("S"),
        send("S", NAME),
        shows(`${NAME} 영화관에 어서오세요\n`),
        shows("조회 할 영화 이름을 입력하시오 : "),
        type("영화 A"),
        receive("S", "Q영화 A"),
        send("S", "SUCCESS"),
        shows("예약 할 좌석 번호를 입력하시오 : "),
        type("3"),
        receive("S", "R3"),
        send("S", BOOKED),
        shows(`예약 상태 ${BOOKED}\n`),
        receive("S", "E"),
      ],
    },
    {
      id: "wording.no-film",
      title: "how it says that there is no seat",
      cause: WORDED,
      steps: [
        ...NO_FILM,
        shows("좌석이 없습니다.\n"),
        receive("S", "E"),
      ],
    },
    {
      id: "course.no-film",
      title: "a film that there is not ends it, without asking for a seat",
      cause: "Anything but SUCCESS means that there is no seat.",
      steps: [
        ...NO_FILM,
        receive("S", "E"),
        ended("S"),
        exits(0),
      ],
    },
    {
      id: "stream.split-character",
      title: "a character cut in two by the segments is shown whole",
      cause: "recv returned half of a UTF-8 character, and decoding it failed.",
      steps: [accept("S"), send("S", ...cutInside("동")), shows("동")],
    },
    {
      id: "stream.close",
      title: "a server that goes away does not keep it",
      cause: "An empty recv means that the server has closed: no answer will come.",
      steps: [
        accept("S"),
        send("S", NAME),
        type("영화 A", "3"),
        receive("S", "Q영화 A"),
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
        send("S", NAME),
        type("영화 A", "3"),
        receive("S", "Q영화 A"),
        reset("S"),
        exits(),
      ],
    },
  ],
};
