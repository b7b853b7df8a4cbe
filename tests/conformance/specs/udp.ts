// Page 004, exercises 5 to 7: UDP. A datagram arrives whole or not at all, so there is nothing to split
// or to merge; but it may be empty, long, or no text, and an answer may never come.

import { type Exercise, exits, open, receive, send, shows, showsInAnyOrder } from "../spec.ts";
import { INVALID_UTF8, WORDED } from "./texts.ts";

const HELLO = "Hello UDP Client";

export const listener: Exercise = {
  name: "listener",
  script: "listener",
  title: "실습과제 5: UDP 1:1, listener (page 004)",
  role: "server",
  transport: "udp",
  port: 20001,
  up: "UDP server up and listening",
  specs: [
    {
      id: "wording.console",
      title: "the console shows every datagram and its sender",
      cause: `${WORDED} {c} of bytes is their repr.`,
      steps: [
        shows("UDP server up and listening\n"),
        open("A"),
        send("A", "Hello UDP Listener"),
        shows("Message [b'Hello UDP Listener'] from ('{A.host}', {A.port})\n"),
        receive("A", HELLO),
      ],
    },
    {
      id: "course.answer",
      title: "every datagram is answered, to its own sender",
      cause: "sendto takes the address that recvfrom gave.",
      steps: [
        open("A"),
        open("B"),
        send("A", "one"),
        receive("A", HELLO),
        send("B", "two"),
        receive("B", HELLO),
        send("A", "three"),
        receive("A", HELLO),
      ],
    },
    {
      id: "stream.empty",
      title: "an empty datagram is answered, too",
      cause: "Over UDP nothing at all is a message: b'' does not mean that anybody has closed.",
      steps: [open("A"), send("A", ""), receive("A", HELLO)],
    },
    {
      id: "stream.invalid",
      title: "bytes that are not UTF-8 are answered, too",
      cause: "decode raised UnicodeDecodeError, and nothing caught it.",
      steps: [
        open("A"),
        send("A", INVALID_UTF8),
        receive("A", HELLO),
        send("A", "hi"),
        receive("A", HELLO),
      ],
    },
    {
      id: "stream.long",
      title: "the longest datagram is answered, too",
      cause:
        "A datagram can have 65,507 bytes; what the buffer of recvfrom does not hold is lost, the rest is not.",
      steps: [open("A"), send("A", "x".repeat(65507)), receive("A", HELLO)],
    },
    {
      id: "stream.at-once",
      title: "datagrams that arrive together are all answered",
      cause: "Each recvfrom takes one datagram; those that wait must be taken, too.",
      steps: [
        open("A"),
        open("B"),
        send("A", "one", "two", "three"),
        send("B", "four"),
        receive("A", HELLO),
        receive("A", HELLO),
        receive("A", HELLO),
        receive("B", HELLO),
      ],
    },
  ],
};

export const notify: Exercise = {
  name: "notify",
  script: "notify",
  title: "실습과제 5: UDP 1:1, notify (page 004)",
  role: "client",
  transport: "udp",
  port: 20001,
  specs: [
    {
      id: "course.answer",
      title: "it sends its greeting, shows the answer, and ends",
      cause: "recvfrom gives the answer; print it decoded, and end.",
      steps: [
        receive("server", "Hello UDP Listener"),
        send("server", HELLO),
        shows(HELLO),
        exits(0),
      ],
    },
    {
      id: "wording.console",
      title: "how the answer and its sender are shown",
      cause: WORDED,
      steps: [
        receive("server", "Hello UDP Listener"),
        send("server", HELLO),
        shows("Message from Server ('{server.host}', {port})\n"),
        shows(`[Recv Data] ${HELLO}\n`),
      ],
    },
    {
      id: "stream.no-answer",
      title: "without an answer it gives up after five seconds",
      cause: "A datagram may be lost: settimeout, or recvfrom waits for ever.",
      steps: [receive("server", "Hello UDP Listener"), exits()],
    },
    {
      id: "stream.invalid",
      title: "an answer that is not UTF-8 does not keep it",
      cause: "The decoding error must end the program, not hang it.",
      steps: [receive("server", "Hello UDP Listener"), send("server", INVALID_UTF8), exits()],
    },
  ],
};

const BROADCAST = "broadcast message";

export const broadcaster: Exercise = {
  name: "broadcaster",
  script: "broadcaster",
  title: "실습과제 6: UDP broadcast, broadcaster (page 004)",
  role: "client",
  transport: "udp",
  port: 37020,
  host: "127.255.255.255",
  specs: [
    {
      id: "course.broadcast",
      title: "it sends its message every second",
      cause: "sendto in a loop with time.sleep(1); SO_BROADCAST must be set.",
      steps: [receive("server", BROADCAST), receive("server", BROADCAST)],
    },
    {
      id: "wording.console",
      title: "it says what it does, and each time that it has",
      cause: WORDED,
      steps: [
        shows("UDP Broadcast server up and announce message\n"),
        receive("server", BROADCAST),
        shows("Broadcast message\n"),
        receive("server", BROADCAST),
        shows("Broadcast message\n"),
      ],
    },
    {
      id: "stream.answered",
      title: "datagrams that come back do not disturb it",
      cause: "It only sends: what arrives at its socket is nobody's concern.",
      steps: [
        receive("server", BROADCAST),
        send("server", "", INVALID_UTF8),
        receive("server", BROADCAST),
      ],
    },
  ],
};

export const receiver: Exercise = {
  name: "receiver",
  script: "receiver",
  title: "실습과제 6: UDP broadcast, receiver (page 004)",
  role: "server",
  transport: "udp",
  port: 37020,
  up: "Broadcast receiver start",
  specs: [
    {
      id: "course.shows",
      title: "every datagram is shown, whoever sent it",
      cause: "bind to all addresses, and print what recvfrom gives, in a loop.",
      steps: [
        open("A"),
        send("A", "good morning"),
        shows("good morning"),
        open("B"),
        send("B", "good evening"),
        shows("good evening"),
      ],
    },
    {
      id: "wording.console",
      title: "the console shows every datagram and its sender",
      cause: `${WORDED} {c} of bytes is their repr.`,
      steps: [
        shows("Broadcast receiver start\n"),
        open("A"),
        send("A", BROADCAST),
        shows("Message [b'broadcast message'] from Server ('{A.host}', {A.port})\n"),
        open("B"),
        send("B", BROADCAST),
        shows("Message [b'broadcast message'] from Server ('{B.host}', {B.port})\n"),
      ],
    },
    {
      id: "stream.empty",
      title: "an empty datagram is shown, too",
      cause: "Over UDP nothing at all is a message: b'' does not mean that anybody has closed.",
      steps: [
        open("A"),
        send("A", "", BROADCAST),
        shows("{A.port}"),
        shows("{A.port}"),
      ],
    },
    {
      id: "stream.invalid",
      title: "bytes that are not UTF-8 are shown, too",
      cause: "decode raised UnicodeDecodeError, and nothing caught it.",
      steps: [
        open("A"),
        send("A", INVALID_UTF8, BROADCAST),
        shows("{A.port}"),
        shows("{A.port}"),
      ],
    },
  ],
};

export const caller: Exercise = {
  name: "caller",
  script: "caller",
  title: "실습과제 7: caller (page 004)",
  role: "client",
  transport: "udp",
  port: 37021,
  host: "127.255.255.255",
  specs: [
    {
      id: "course.answers",
      title: "it calls, and shows who answers",
      cause: "Print the address that recvfrom gives beside the answer.",
      steps: [
        open("A"),
        receive("server", BROADCAST),
        send("A", "receive message"),
        shows("{A.port}"),
      ],
    },
    {
      id: "wording.console",
      title: "it says what it does, when it has called, and who answers",
      cause: WORDED,
      steps: [
        shows("UDP Broadcast to check devices\n"),
        receive("server", BROADCAST),
        shows("Braodcast message\n"),
        send("server", "receive message"),
        shows("Message from client ('{server.host}', {port})\n"),
      ],
    },
    {
      id: "course.several",
      title: "of several that answer it shows all",
      cause: "recvfrom must be called again and again, until the time is over.",
      steps: [
        open("A"),
        open("B"),
        receive("server", BROADCAST),
        send("A", "receive message"),
        send("B", "receive message"),
        send("server", "receive message"),
        showsInAnyOrder("{A.port}", "{B.port}", "{port}"),
      ],
    },
    {
      id: "course.again",
      title: "when nobody answers it calls again",
      cause: "The timeout of recvfrom ends the round, not the program.",
      steps: [
        receive("server", BROADCAST),
        receive("server", BROADCAST),
      ],
    },
    {
      id: "stream.odd-answers",
      title: "an empty answer and one that is not UTF-8 count like any other",
      cause: "What the answer says does not matter, only whom it is from.",
      steps: [
        open("A"),
        open("B"),
        receive("server", BROADCAST),
        send("A", ""),
        send("B", INVALID_UTF8),
        showsInAnyOrder("{A.port}", "{B.port}"),
      ],
    },
  ],
};

export const callee: Exercise = {
  name: "callee",
  script: "callee",
  title: "실습과제 7: callee (page 004)",
  role: "server",
  transport: "udp",
  port: 37021,
  up: "Answer to caller",
  specs: [
    {
      id: "course.answer",
      title: "every call is answered",
      cause: "sendto takes the address that recvfrom gave.",
      steps: [
        open("A"),
        send("A", BROADCAST),
        receive("A", "receive message"),
        open("B"),
        send("B", BROADCAST),
        receive("B", "receive message"),
      ],
    },
    {
      id: "wording.console",
      title: "it says what it does, and who calls",
      cause: WORDED,
      steps: [
        shows("Answer to caller\n"),
        open("A"),
        send("A", BROADCAST),
        shows("Call from Server ('{A.host}', {A.port})\n"),
        receive("A", "receive message"),
        open("B"),
        send("B", BROADCAST),
        shows("Call from Server ('{B.host}', {B.port})\n"),
        receive("B", "receive message"),
      ],
    },
    {
      id: "stream.odd-calls",
      title: "an empty call and one that is not UTF-8 are answered, too",
      cause: "What the call says does not matter, only whom it is from.",
      steps: [
        open("A"),
        send("A", ""),
        receive("A", "receive message"),
        send("A", INVALID_UTF8),
        receive("A", "receive message"),
      ],
    },
  ],
};
