// Page 001: upper and lower case. The client sends a sentence and then `1` or `2`, and nothing on the
// wire says where the one ends: a course spec leaves time between them, a stream spec does not.

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
  type,
} from "../spec.ts";
import { otherClientsSpecs } from "./other_clients.ts";
import { cutInside, INVALID_UTF8, WORDED } from "./texts.ts";

/** A peer sends a sentence and a mode, in these pieces, and is answered. */
function converted(peer: string, pieces: string[], answer: string): Step[] {
  return [connect(peer), send(peer, ...pieces), receive(peer, answer), ended(peer)];
}

const MERGED =
  "Two of the client's sends arrived in one recv (`hi` and `1` as `hi1`): TCP keeps no message boundaries. The second recv then waits for what has come already.";

export const caseServer: Exercise = {
  name: "case_server",
  script: "case_server",
  title: "대소문자 변환, Server.py (page 001)",
  role: "server",
  transport: "tcp",
  port: 12000,
  specs: [
    {
      id: "wording.console",
      title: "the console says when the server is ready",
      cause: WORDED,
      steps: [shows("The server is ready to receive\n"), ...converted("A", ["hi", "1"], "HI")],
    },
    {
      id: "course.upper",
      title: "mode 1 answers in upper case, and closes",
      cause: "Answer with the sentence alone, without the mode, then close the connection.",
      steps: converted("A", ["Hello, world", "1"], "HELLO, WORLD"),
    },
    {
      id: "course.lower",
      title: "mode 2 answers in lower case, and closes",
      cause: "Answer with the sentence alone, without the mode, then close the connection.",
      steps: converted("A", ["Hello, WORLD", "2"], "hello, world"),
    },
    {
      id: "course.korean",
      title: "Korean text stays as it is",
      cause: "Decode as UTF-8 before the case is changed, and encode after.",
      steps: converted("A", ["안녕 hello", "1"], "안녕 HELLO"),
    },
    {
      id: "course.error",
      title: "another mode is answered with Error",
      cause: "The mode is compared with '1' and '2', and there is an else.",
      steps: converted("A", ["hello", "9"], "Error"),
    },
    {
      id: "course.next",
      title: "after one client comes the next",
      cause: "accept must be called again, in a loop.",
      steps: [
        ...converted("A", ["one", "1"], "ONE"),
        ...converted("B", ["TWO", "2"], "two"),
        ...converted("C", ["three", "1"], "THREE"),
      ],
    },
    {
      id: "stream.merged",
      title: "sentence and mode in one segment are told apart",
      cause: MERGED,
      steps: [
        ...converted("A", ["hi1"], "HI"),
        ...converted("B", ["HELLO2"], "hello"),
      ],
    },
    {
      id: "stream.merged-digit",
      title: "a sentence that ends in a digit, merged with its mode, keeps it",
      cause: "Only the last byte is the mode; what comes before belongs to the sentence.",
      steps: converted("A", ["Route 12"], "route 1"),
    },
    {
      id: "stream.split",
      title: "a sentence in two segments is taken whole",
      cause:
        "One recv may bring a part of what one send carried: the second recv was not the mode.",
      steps: converted("A", ["hel", "lo", "1"], "HELLO"),
    },
    {
      id: "stream.split-character",
      title: "a character cut in two by the segments is taken whole",
      cause: "recv returned half of a UTF-8 character, and decoding it failed.",
      steps: [connect("A"), send("A", ...cutInside("é1")), receive("A", "É"), ended("A")],
    },
    {
      id: "stream.half-close",
      title: "a client that has sent all (shutdown) is still answered",
      cause: MERGED,
      steps: [connect("A"), send("A", "hi1"), halfClose("A"), receive("A", "HI"), ended("A")],
    },
    ...otherClientsSpecs((peer) => converted(peer, ["hello", "1"], "HELLO")),
  ],
};

export const caseClient: Exercise = {
  name: "case_client",
  script: "case_client",
  title: "대소문자 변환, Client.py (page 001)",
  role: "client",
  transport: "tcp",
  port: 12000,
  specs: [
    {
      id: "course.lower",
      title: "a sentence in lower case goes out with mode 1, and the answer is shown",
      cause: "islower() chooses mode 1; nothing is asked then.",
      steps: [
        accept("S"),
        type("hi"),
        receive("S", "hi1"),
        send("S", "HI"),
        close("S"),
        shows("HI"),
        exits(0),
      ],
    },
    {
      id: "course.upper",
      title: "a sentence in upper case goes out with mode 2",
      cause: "isupper() chooses mode 2; nothing is asked then.",
      steps: [
        accept("S"),
        type("HI, THERE"),
        receive("S", "HI, THERE2"),
        send("S", "hi, there"),
        close("S"),
        shows("hi, there"),
        exits(0),
      ],
    },
    {
      id: "course.mixed",
      title: "a sentence of both asks for the mode",
      cause: "Where neither isupper() nor islower() holds, the mode is asked for.",
      steps: [
        accept("S"),
        type("Hi, There", "2"),
        receive("S", "Hi, There2"),
        send("S", "hi, there"),
        close("S"),
        shows("hi, there"),
        exits(0),
      ],
    },
    {
      id: "course.korean",
      title: "Korean has no case, so the mode is asked for",
      cause: "'안녕'.isupper() and '안녕'.islower() are both False.",
      steps: [
        accept("S"),
        type("안녕", "1"),
        receive("S", "안녕1"),
        send("S", "안녕"),
        close("S"),
        shows("안녕"),
        exits(0),
      ],
    },
    {
      id: "wording.console",
      title: "the prompts, and how the answer is shown",
      cause: WORDED,
      steps: [
        accept("S"),
        shows("Input sentence : "),
        type("Hi"),
        shows("1. To upper case\n"),
        shows("2. To Lower case\n"),
        shows("Input number : "),
        type("2"),
        receive("S", "Hi2"),
        send("S", "hi"),
        close("S"),
        shows("Form Server : hi\n"),
      ],
    },
    {
      id: "stream.split-character",
      title: "a character cut in two by the segments is shown whole",
      cause: "recv returned half of a UTF-8 character, and decoding it failed.",
      steps: [
        accept("S"),
        type("hi"),
        receive("S", "hi1"),
        send("S", ...cutInside("안")),
        close("S"),
        shows("안"),
      ],
    },
    {
      id: "stream.invalid",
      title: "bytes that are not UTF-8 do not keep it",
      cause: "The decoding error must end the program, not hang it.",
      steps: [
        accept("S"),
        type("hi"),
        receive("S", "hi1"),
        send("S", INVALID_UTF8),
        close("S"),
        exits(),
      ],
    },
    {
      id: "stream.close",
      title: "a server that closes without an answer does not keep it",
      cause: "An empty recv means that the server has closed: no answer will come.",
      steps: [accept("S"), type("hi"), receive("S", "hi1"), close("S"), exits()],
    },
    {
      id: "stream.reset",
      title: "a server that breaks off does not keep it",
      cause: "recv raises ConnectionResetError: no answer will come.",
      steps: [accept("S"), type("hi"), receive("S", "hi1"), reset("S"), exits()],
    },
  ],
};
