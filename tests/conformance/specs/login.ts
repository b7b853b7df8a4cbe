// Page 001: login. The page has the heading only; these specs ask for what our own completion does: id
// and password a line each, the answer a line, then the connection ends.

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
  send,
  shows,
  type Step,
} from "../spec.ts";
import { otherClientsSpecs } from "./other_clients.ts";
import { cutInside, WORDED } from "./texts.ts";

function answeredWith(peer: string, pieces: string[], answer: string): Step[] {
  return [connect(peer), send(peer, ...pieces), receive(peer, `${answer}\n`), ended(peer)];
}

export const loginServer: Exercise = {
  name: "login_server",
  script: "login_server",
  title: "로그인, Server.py (page 001)",
  role: "server",
  transport: "tcp",
  port: 12000,
  answers: ["kim", "1234"],
  specs: [
    {
      id: "wording.console",
      title: "it asks for an account, and says when it is ready",
      cause: WORDED,
      steps: [
        shows("Input ID : "),
        shows("Input password : "),
        shows("The server is ready to receive\n"),
      ],
    },
    {
      id: "course.success",
      title: "the right password is answered with Login success",
      cause: "Two lines come, the id and the password; the newlines belong to neither.",
      steps: answeredWith("A", ["kim\n", "1234\n"], "Login success"),
    },
    {
      id: "course.password",
      title: "another password is answered with Wrong password",
      cause: "Compare the whole password.",
      steps: answeredWith("A", ["kim\n", "12345\n"], "Wrong password"),
    },
    {
      id: "course.id",
      title: "an id that nobody has is answered with Unknown ID",
      cause: "Look the id up before the password is compared.",
      steps: answeredWith("A", ["lee\n", "1234\n"], "Unknown ID"),
    },
    {
      id: "stream.merged",
      title: "id and password in one segment are told apart",
      cause: "Both lines arrived in one recv: TCP keeps no message boundaries, the newlines do.",
      steps: answeredWith("A", ["kim\n1234\n"], "Login success"),
    },
    {
      id: "stream.split",
      title: "lines in many segments are put together",
      cause: "One recv may bring a part of a line: read on until its newline has come.",
      steps: answeredWith("A", ["k", "im", "\n12", "34", "\n"], "Login success"),
    },
    {
      id: "stream.split-character",
      title: "a character cut in two by the segments is taken whole",
      cause: "recv returned half of a UTF-8 character, and decoding it failed.",
      steps: [
        connect("A"),
        send("A", ...cutInside("김\n1234\n")),
        receive("A", "Unknown ID\n"),
        ended("A"),
      ],
    },
    {
      id: "stream.half-close",
      title: "a client that has sent all (shutdown) is still answered",
      cause: "The end of what the client sends is not the end of the connection.",
      steps: [
        connect("A"),
        send("A", "kim\n1234\n"),
        halfClose("A"),
        receive("A", "Login success\n"),
        ended("A"),
      ],
    },
    ...otherClientsSpecs((peer) => answeredWith(peer, ["kim\n", "1234\n"], "Login success")),
  ],
};

export const loginClient: Exercise = {
  name: "login_client",
  script: "login_client",
  title: "로그인, Client.py (page 001)",
  role: "client",
  transport: "tcp",
  port: 12000,
  answers: ["kim", "1234"],
  specs: [
    {
      id: "course.answer",
      title: "it asks for id and password, sends a line each, and shows the answer",
      cause: "Id and password go out as two lines, each with its newline.",
      steps: [
        accept("S"),
        receive("S", "kim\n1234\n"),
        send("S", "Login success\n"),
        close("S"),
        shows("Login success"),
        exits(0),
      ],
    },
    {
      id: "wording.console",
      title: "the prompts, and how the answer is shown",
      cause: WORDED,
      steps: [
        accept("S"),
        shows("Input ID : "),
        shows("Input password : "),
        receive("S", "kim\n1234\n"),
        send("S", "Login success\n"),
        close("S"),
        shows("Form Server : Login success\n"),
      ],
    },
    {
      id: "stream.split",
      title: "an answer in two segments is shown whole",
      cause: "One recv may bring a part of a line: read on until its newline has come.",
      steps: [
        accept("S"),
        receive("S", "kim\n1234\n"),
        send("S", "Login", " success\n"),
        shows("Login success"),
        exits(0),
      ],
    },
    {
      id: "stream.close",
      title: "a server that closes without an answer does not keep it",
      cause: "An empty recv means that the server has closed: no answer will come.",
      steps: [accept("S"), receive("S", "kim\n1234\n"), close("S"), exits()],
    },
    {
      id: "stream.reset",
      title: "a server that breaks off does not keep it",
      cause: "recv raises ConnectionResetError: no answer will come.",
      steps: [accept("S"), receive("S", "kim\n1234\n"), reset("S"), exits()],
    },
  ],
};
