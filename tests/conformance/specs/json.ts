// Page 004, exercise 4-4: dictionaries as JSON. A JSON text says by itself where it ends, so a program
// can find it wherever the segments fall. Values are compared, not spaces.

import {
  accept,
  close,
  connect,
  type Exercise,
  exits,
  halfClose,
  receiveJson,
  reset,
  send,
  shows,
  type Step,
} from "../spec.ts";
import { otherClientsSpecs } from "./other_clients.ts";
import { cutInside, WORDED } from "./texts.ts";

const jung = (count: number) => ({ name: "jung", count });
/** As Python's dumps writes it. */
const dumps = (count: number) => `{"name": "jung", "count": ${count}}`;

function echoed(peer: string): Step[] {
  return [connect(peer), send(peer, dumps(0)), receiveJson(peer, jung(0))];
}

export const jsonServer: Exercise = {
  name: "json_server",
  script: "json_server",
  title: "더 알아보기 과제 4-4: 딕셔너리 데이터 전송, server (page 004)",
  role: "server",
  transport: "tcp",
  port: 9000,
  specs: [
    {
      id: "wording.console",
      title: "the console shows who connects, every dictionary, and the end after ten",
      cause: WORDED,
      steps: [
        connect("A"),
        shows("Got connection from ('{A.host}', {A.port})\n"),
        ...Array.from({ length: 10 }, (_, count) => [
          send("A", dumps(count)),
          receiveJson("A", jung(count)),
          shows(`r_data : {'name': 'jung', 'count': ${count}}\n`),
        ]).flat(),
        shows("client at ('{A.host}', {A.port}) disconnected...\n"),
      ],
    },
    {
      id: "course.echo",
      title: "a dictionary is answered with the same dictionary",
      cause: "Load what came, and dump it again.",
      steps: [...echoed("A"), send("A", dumps(1)), receiveJson("A", jung(1))],
    },
    {
      id: "course.nested",
      title: "nested values and Korean text come back the same",
      cause: "json.loads and json.dumps keep every value; encode as UTF-8.",
      steps: [
        connect("A"),
        send(
          "A",
          '{"Influencers": [{"name": "정석용", "age": 42}, {"pi": 3.25, "ok": [true, null]}]}',
        ),
        receiveJson("A", {
          Influencers: [{ name: "정석용", age: 42 }, { pi: 3.25, ok: [true, null] }],
        }),
      ],
    },
    {
      id: "course.next",
      title: "after the ten messages of one client comes the next",
      cause: "accept must be called again, in a loop.",
      steps: [
        connect("A"),
        ...Array.from(
          { length: 10 },
          (_, count) => [send("A", dumps(count)), receiveJson("A", jung(count))],
        ).flat(),
        ...echoed("B"),
      ],
    },
    {
      id: "stream.split",
      title: "a text in several segments is put together",
      cause: "One recv may bring a part of a text: read on until it is whole.",
      steps: [
        connect("A"),
        send("A", '{"name": "ju', 'ng", "cou', 'nt": 0}'),
        receiveJson("A", jung(0)),
      ],
    },
    {
      id: "stream.split-character",
      title: "a character cut in two by the segments is taken whole",
      cause: "recv returned half of a UTF-8 character, and decoding it failed.",
      steps: [
        connect("A"),
        send("A", ...cutInside('{"name": "정"}')),
        receiveJson("A", { name: "정" }),
      ],
    },
    {
      id: "stream.merged",
      title: "two texts in one segment are answered both",
      cause: "One recv may bring several texts: take one after the other (json's raw_decode does).",
      steps: [
        connect("A"),
        send("A", dumps(0) + dumps(1)),
        receiveJson("A", jung(0)),
        receiveJson("A", jung(1)),
      ],
    },
    {
      id: "stream.half-close",
      title: "a client that has sent all (shutdown) is still answered",
      cause: "The end of what the client sends is not the end of the connection.",
      steps: [
        connect("A"),
        send("A", dumps(0)),
        halfClose("A"),
        receiveJson("A", jung(0)),
        ...echoed("B"),
      ],
    },
    {
      id: "stream.no-json",
      title: "what is no JSON costs nobody else anything",
      cause: "json.loads raised JSONDecodeError, and nothing caught it.",
      steps: [connect("A"), send("A", '{"name": jung}'), close("A"), ...echoed("B")],
    },
    {
      id: "stream.deep",
      title: "JSON nested a thousand times a hundred deep costs nobody else anything",
      cause:
        "The parser raised RecursionError, or the stack overflowed: limit the depth, or catch it.",
      steps: [connect("A"), send("A", "[".repeat(100_000)), close("A"), ...echoed("B")],
    },
    ...otherClientsSpecs(echoed),
  ],
};

export const jsonClient: Exercise = {
  name: "json_client",
  script: "json_client",
  title: "더 알아보기 과제 4-4: 딕셔너리 데이터 전송, client (page 004)",
  role: "client",
  transport: "tcp",
  port: 9000,
  specs: [
    {
      id: "course.first",
      title: "it sends the dictionary as JSON, and shows what comes back",
      cause: "dumps before it is sent, loads after it was received, then print.",
      steps: [accept("S"), receiveJson("S", jung(0)), send("S", dumps(4711)), shows("4711")],
    },
    {
      id: "wording.console",
      title: "how it shows what it sends and what comes back",
      cause: WORDED,
      steps: [
        accept("S"),
        shows(`send message:  b'${dumps(0)}'\n`),
        receiveJson("S", jung(0)),
        send("S", dumps(0)),
        shows("From Server:  {'name': 'jung', 'count': 0}\n"),
      ],
    },
    {
      id: "course.next",
      title: "after three seconds it sends the next, with count 1",
      cause: "count goes from 0 to 9, and each answer is waited for.",
      steps: [
        accept("S"),
        receiveJson("S", jung(0)),
        send("S", dumps(0)),
        receiveJson("S", jung(1)),
      ],
    },
    {
      id: "stream.split",
      title: "an answer in two segments is put together",
      cause: "One recv may bring a part of the answer: read on until the text is whole.",
      steps: [
        accept("S"),
        receiveJson("S", jung(0)),
        send("S", '{"name": "ju', 'ng", "count": 4711}'),
        shows("4711"),
      ],
    },
    {
      id: "stream.no-json",
      title: "an answer that is no JSON does not keep it",
      cause: "json.loads raises JSONDecodeError: the program should end.",
      steps: [accept("S"), receiveJson("S", jung(0)), send("S", "{count}"), close("S"), exits()],
    },
    {
      id: "stream.close",
      title: "a server that closes without an answer does not keep it",
      cause: "An empty recv means that the server has closed: no answer will come.",
      steps: [accept("S"), receiveJson("S", jung(0)), close("S"), exits()],
    },
    {
      id: "stream.reset",
      title: "a server that breaks off does not keep it",
      cause: "recv raises ConnectionResetError: no answer will come.",
      steps: [accept("S"), receiveJson("S", jung(0)), reset("S"), exits()],
    },
  ],
};
