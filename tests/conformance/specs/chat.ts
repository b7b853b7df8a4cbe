// Page 004, exercises 4 to 4-3: the chat servers and clients. A raw peer can't tell two merged messages
// apart, so no spec asks for that: what is relayed is compared as a stream of bytes.

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
  receive,
  receiveInAnyOrder,
  reset,
  rests,
  send,
  shows,
  showsInAnyOrder,
  showsOneOf,
  type Spec,
  stall,
  type Step,
  taken,
  type,
} from "../spec.ts";
import { cutInside, INVALID_UTF8, WORDED } from "./texts.ts";

/** Those peers have connected, and the server knows them. */
function room(...peers: string[]): Step[] {
  return [...peers.map((peer) => connect(peer)), rests()];
}

/** The specs of a chat server: `echo` where the sender receives its own messages too. */
function serverSpecs(echo: boolean): Spec[] {
  /** What `sender` sent arrives at the others; at itself too where the server echoes. */
  const relayed = (sender: string, others: string[], text: string): Step[] =>
    [...(echo ? [sender] : []), ...others].map((peer) => receive(peer, text));
  const says = (sender: string, others: string[], text: string): Step[] => [
    send(sender, text),
    ...relayed(sender, others, text),
  ];

  return [
    {
      id: "wording.console",
      title: "the console tells who comes and goes, and how many there are",
      cause: WORDED,
      steps: [
        shows("Chat Server start\n"),
        connect("A"),
        showsInAnyOrder("connection from :  ('{A.host}', {A.port})\n", "# of client: 1\n"),
        connect("B"),
        showsInAnyOrder("connection from :  ('{B.host}', {B.port})\n", "# of client: 2\n"),
        stall("B"),
        send("A", "bye"),
        shows("Client at  ('{A.host}', {A.port})  disconnected...\n"),
      ],
    },
    {
      id: "wording.count",
      title: "a client that left is not counted any more",
      cause: "Take the client off the list when its connection ends.",
      steps: [
        connect("A"),
        shows("# of client: 1\n"),
        connect("B"),
        shows("# of client: 2\n"),
        stall("B"),
        send("A", "bye"),
        ended("A"),
        rests(),
        connect("C"),
        shows("# of client: 2\n"),
      ],
    },
    {
      id: "course.relay",
      title: echo
        ? "a message goes to every client, its sender included"
        : "a message goes to every client but its sender",
      cause: echo
        ? "The loop over the clients must send to each of them, the sender too."
        : "The loop over the clients must leave out the socket that the message came from.",
      steps: [
        ...room("A", "B", "C"),
        ...says("A", ["B", "C"], "Hi I am Jung"),
        ...says("C", ["A", "B"], "hello"),
        ...says("A", ["B", "C"], "how are you?"),
      ],
    },
    {
      id: "course.korean",
      title: "Korean text arrives as it was sent",
      cause:
        "Encode and decode as UTF-8, and send the bytes that came, not a buffer of fixed size.",
      steps: [...room("A", "B"), ...says("A", ["B"], "안녕하세요 👋")],
    },
    {
      id: "course.bye",
      title: "bye ends its sender's connection and is not relayed",
      cause:
        "Compare the message with 'bye' before the loop that sends it, and close that client's socket after it.",
      steps: [
        ...room("A", "B", "C"),
        send("A", "bye"),
        ended("A"),
        rests(),
        ...says("B", ["C"], "still here"),
      ],
    },
    {
      id: "course.rejoin",
      title: "after bye the room goes on, and takes new clients",
      cause:
        "A client that left must come off the list: sending to its closed socket raises an error that ends the sender's thread.",
      steps: [
        ...room("A", "B"),
        send("A", "bye"),
        ended("A"),
        rests(),
        ...room("C"),
        send("B", "welcome"),
        receive("C", "welcome"),
        send("C", "thank you"),
        hears("B", "thank you"),
        ...(echo ? [receive("C", "thank you")] : []),
      ],
    },
    {
      id: "stream.split",
      title: "a message in two segments arrives whole",
      cause: "TCP may cut what one send carried: relay every piece, and all of it.",
      steps: [...room("A", "B"), send("A", "hel", "lo"), ...relayed("A", ["B"], "hello")],
    },
    {
      id: "stream.split-character",
      title: "a character cut in two by the segments arrives whole",
      cause:
        "recv returned half of a UTF-8 character, and decoding it failed: keep the bytes until the rest has come, or relay bytes instead of text.",
      steps: [
        ...room("A", "B"),
        send("A", ...cutInside("안녕")),
        ...relayed("A", ["B"], "안녕"),
        ...says("A", ["B"], "and on"),
      ],
    },
    {
      id: "stream.long",
      title: "a long message arrives whole",
      cause:
        "A message longer than the recv buffer comes in pieces, and all must be relayed; send, unlike sendall, may take less than it is given.",
      steps: [
        ...room("A", "B"),
        ...says("A", ["B"], "0123456789abcdef".repeat(4096)),
      ],
    },
    {
      id: "stream.invalid",
      title: "bytes that are not UTF-8 do not disturb the others",
      cause: "The decoding error of one client ended more than that client's thread.",
      steps: [
        ...room("A", "B", "C"),
        stall("A"),
        send("A", INVALID_UTF8),
        taken("A"),
        send("B", "hello"),
        hears("C", "hello"),
        ...(echo ? [hears("B", "hello")] : [stall("B")]),
      ],
    },
    {
      id: "stream.at-once",
      title: "messages sent at the same time all arrive",
      cause:
        "Several threads send to one socket: each message must go out in one piece, and none be lost.",
      steps: [
        ...room("A", "B", "C"),
        send("A", "[from A]"),
        send("B", "[from B]"),
        send("C", "[from C]"),
        receiveInAnyOrder("A", ...(echo ? ["[from A]"] : []), "[from B]", "[from C]"),
        receiveInAnyOrder("B", "[from A]", ...(echo ? ["[from B]"] : []), "[from C]"),
        receiveInAnyOrder("C", "[from A]", "[from B]", ...(echo ? ["[from C]"] : [])),
      ],
    },
    {
      id: "stream.close",
      title: "a client that closes without bye is let go",
      cause:
        "An empty recv means that the client has closed. Without a check for it the loop goes round for ever, at 100 % of a core.",
      steps: [...room("A", "B", "C"), close("A"), ...says("B", ["C"], "hello"), idle()],
    },
    {
      id: "stream.half-close",
      title: "a client that has sent all (shutdown) is answered, then let go",
      cause:
        "An empty recv means that the client sends no more: relay what came before, and close. (`echo hi | nc -N` does this.)",
      steps: [
        ...room("A", "B"),
        send("A", "last words"),
        halfClose("A"),
        ...relayed("A", ["B"], "last words"),
        ended("A"),
      ],
    },
    {
      id: "stream.reset",
      title: "a client that is reset costs nobody else a message",
      cause:
        "recv raised ConnectionResetError, the thread ended, and the socket stayed on the list: the next send to it raised in the thread of whoever spoke. Take it off in a finally.",
      steps: [
        ...room("A", "B", "C"),
        reset("A"),
        rests(), // it has noticed
        ...says("B", ["C"], "hello"),
        ...says("C", ["B"], "hello to you"),
      ],
    },
    {
      id: "stream.slow-reader",
      title: "a client that does not read holds up nobody",
      cause:
        "send waits when the receiver's buffers are full, and with it everybody who speaks. Give each client a queue of its own with a limit, or drop who does not read.",
      steps: [
        ...room("A", "B", "C"),
        stall("A"),
        // Past what the kernel holds for a connection: 4 MiB at the sender, by Linux's defaults (tcp(7)).
        ...Array.from({ length: 32 }, (_, i) => [
          send("B", "x".repeat(262144), `[${i}]`),
          hears("C", `[${i}]`),
          ...(echo ? [hears("B", `[${i}]`)] : []),
        ]).flat(),
        ...says("C", ["B"], "done"),
      ],
    },
  ];
}

const CLIENT_CLOSED =
  "An empty recv means that the server has closed: without a check for it the receiving loop prints empty messages for ever.";

/** The specs of a chat client. `prefix` is what stands before each message but `bye`. */
function clientSpecs(prefix: string): Spec[] {
  return [
    {
      id: "course.receive",
      title: "what the server sends is shown",
      cause: "A thread of its own must wait for messages while the program waits for input.",
      steps: [
        accept("S"),
        send("S", "hello"),
        shows("hello"),
        send("S", "안녕하세요"),
        shows("안녕하세요"),
      ],
    },
    {
      id: "wording.console",
      title: "it says that it has started, and marks what it received",
      cause: WORDED,
      steps: [
        accept("S"),
        shows("chat client start\n"),
        send("S", "hello"),
        shows("receive :  hello\n"),
      ],
    },
    {
      id: "course.send",
      title: "each line typed is sent",
      cause: "Send exactly the line, as UTF-8, without its newline and without padding.",
      steps: [
        accept("S"),
        type("Hi I am Jung"),
        receive("S", `${prefix}Hi I am Jung`),
        type("안녕하세요 👋"),
        receive("S", `${prefix}안녕하세요 👋`),
      ],
    },
    {
      id: "course.bye",
      title: "bye is sent, and ends the client",
      cause:
        "After sending bye the loop must end, the socket be closed, and the receiving thread not keep the program alive (daemon = True).",
      steps: [
        accept("S"),
        type("hello"),
        receive("S", `${prefix}hello`),
        type("bye"),
        receive("S", "bye"),
        ended("S"),
        exits(0),
      ],
    },
    {
      id: "course.typed-ahead",
      title: "lines typed one right after the other are all sent",
      cause: "Every line must go out, also when the next one waits already.",
      steps: [
        accept("S"),
        type("one", "two", "bye"),
        receive("S", `${prefix}one${prefix}twobye`),
        ended("S"),
        exits(0),
      ],
    },
    {
      id: "stream.split-character",
      title: "a character cut in two by the segments is shown whole",
      cause:
        "recv returned half of a UTF-8 character, and decoding it failed: keep the bytes until the rest has come.",
      steps: [
        accept("S"),
        send("S", ...cutInside("안녕")),
        shows("안"),
        shows("녕"),
        send("S", "and on"),
        shows("and on"),
      ],
    },
    {
      id: "stream.invalid",
      title: "bytes that are not UTF-8 do not make it spin or flood",
      cause: "The decoding error must end the client, or cost that one message.",
      steps: [
        accept("S"),
        rests(),
        stall("S"),
        send("S", INVALID_UTF8),
        idle(),
      ],
    },
    {
      id: "stream.close",
      title: "when the server goes away, the client does not spin",
      cause: CLIENT_CLOSED,
      steps: [accept("S"), rests(), close("S"), idle()],
    },
    {
      id: "stream.reset",
      title: "when the connection is reset, the client does not spin",
      cause: CLIENT_CLOSED,
      steps: [accept("S"), rests(), reset("S"), idle()],
    },
    {
      id: "stream.end-of-input",
      title: "the end of input ends the client",
      cause: "input() raises EOFError at the end of input; take it for bye.",
      steps: [
        accept("S"),
        type("hello"),
        receive("S", `${prefix}hello`),
        ignore("S"),
        endOfInput(),
        exits(),
      ],
    },
  ];
}

export const chatServer: Exercise = {
  name: "chat_server",
  script: "chat_server",
  title: "실습과제 4: chatting (page 004)",
  role: "server",
  transport: "tcp",
  port: 9999,
  specs: serverSpecs(true),
};

export const chatServerNoEcho: Exercise = {
  name: "chat_server_no_echo",
  script: "chat_server_no_echo",
  title: "도전 과제 4-1: 자신의 메시지는 보이지 않도록 (page 004)",
  role: "server",
  transport: "tcp",
  port: 9999,
  specs: serverSpecs(false),
};

export const chatClient: Exercise = {
  name: "chat_client",
  script: "chat_client",
  title: "실습과제 4: chatting (page 004)",
  role: "client",
  transport: "tcp",
  port: 9999,
  specs: clientSpecs(""),
};

/** What it must name that says how it is used. */
const PORT = ["port", "Port", "PORT", "포트"];

export const chatClientArgs: Exercise = {
  name: "chat_client_args",
  script: "chat_client_args",
  title: "추가 과제 4-2: 서버 IP 주소와 port 번호를 입력 (page 004)",
  role: "client",
  transport: "tcp",
  port: 9999,
  args: ["{host}", "{port}"],
  specs: [
    ...clientSpecs(""),
    {
      id: "course.usage",
      title: "without an address it says how it is used, and ends",
      cause: "Look at the number of arguments before they are used.",
      args: [],
      steps: [showsOneOf(...PORT), exits()],
    },
    {
      id: "course.usage-no-port",
      title: "without a port it says how it is used, and ends",
      cause: "len(sys.argv) counts the program's name too: it must be 3.",
      args: ["127.0.0.1"],
      steps: [showsOneOf(...PORT), exits()],
    },
    {
      id: "wording.usage",
      title: "how it says how it is used",
      cause: WORDED,
      args: [],
      steps: [shows("usage : "), shows("ip# port#\n"), exits()],
    },
  ],
};

export const chatClientNickname: Exercise = {
  name: "chat_client_nickname",
  script: "chat_client_nickname",
  title: "도전 과제 4-3: 자신의 이름(별명) (page 004)",
  role: "client",
  transport: "tcp",
  port: 9999,
  answers: ["syjung"],
  specs: [
    {
      id: "wording.prompt",
      title: "it asks for the name",
      cause: "The prompt is `name : `, as the page shows it.",
      steps: [accept("S"), shows("name : ")],
    },
    ...clientSpecs("[syjung] "),
  ],
};
