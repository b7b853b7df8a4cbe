// The servers that the tests of this folder do harm to, one row each, and the good clients that must
// not notice it: they number what they say, and find out what was lost or came twice.

import { assertEquals, AssertionError } from "@std/assert";
import { Peer } from "../support/peer.ts";
import { Program, type StartOptions } from "../support/program.ts";
import { LIMIT, sleep, Watch, within } from "../support/waiting.ts";

/** Good clients that are there before the harm is done, and after. */
export interface Bystanders {
  /** Each says something and gets what it should, that many times; throws where something is missing or came twice. */
  exchange(rounds: number): Promise<void>;
  close(): void;
}

/** A server, and what is particular about it. */
export interface Server {
  readonly name: string;
  /** What it takes beside `--host` and `--port`. */
  readonly args?: readonly string[];
  /** The good clients, once the server knows them. */
  gather(port: number): Promise<Bystanders>;
  /** What a client says first, so that the server knows how it tells messages apart, and who it is. */
  readonly hello?: string;
  /** What a client says that does all that it came for, and then what it is answered. */
  readonly request: string;
  readonly answer: RegExp;
  /** What stdout says when a client of that port has left, if anything. */
  readonly left?: (port: number) => RegExp;
  /** Whether a client stays for as many messages as it likes. */
  readonly stays: boolean;
  /** The beginning of a message that is not whole. */
  readonly half: Uint8Array;
  /** What stderr says of a client that closes after it, if anything. */
  readonly tellsHalf: string | undefined;
  /** Bytes that are not UTF-8. */
  readonly noText: Uint8Array;
  /** What stderr says of a client that sends control characters and newlines, if anything. */
  readonly tellsControl?: string;
  /** Whether a megabyte without an end costs the connection; else it is cut into messages. */
  readonly limited: boolean;
  /** The byte of which that megabyte consists. */
  readonly filler?: string;
  /** Whether what a client says arrives whole where it comes one byte at a time. */
  readonly bytewise: boolean;
  /** Exchanges in a row, where they take time because a password is hashed in each. */
  readonly rounds?: number;
  /** Many requests for one segment, and all that they are answered. */
  readonly many?: { request: string; answer: string };
}

/** A server where all hear what one says. */
export interface Room extends Server {
  gather(port: number): Promise<Members>;
}

const encoder = new TextEncoder();

/** Bytes of a text, and then one that is the beginning of a character only. */
function cutShort(text: string): Uint8Array {
  return Uint8Array.of(...encoder.encode(text), 0xed);
}

function notText(text: string): Uint8Array {
  return Uint8Array.of(...encoder.encode(text), 0xff, 0xfe, 10);
}

/** What stderr says of a message that ended within a character: raw framing knows that it did. */
const NOT_WHOLE = "(sent bytes that are not UTF-8|ended in the middle of a UTF-8 character)";

/** Starts a server on a free port. */
export async function start(
  { name, args = [] }: Pick<Server, "name" | "args">,
  options?: StartOptions,
): Promise<[Program, number]> {
  const program = Program.script(name, [...args, "--host", "127.0.0.1", "--port", "0"], options);
  return [program, await program.port()];
}

/** What a server says that prints into nothing. */
export const STDOUT_CLOSED = "stdout was closed: going on without printing";

/**
 * Starts a server that prints into nothing: what waits for a console is not what is measured. And the part
 * of V8's heap where young objects lie stays small: how far that grows has to do with chance, and nothing
 * with what is kept.
 */
export async function startQuiet(server: Server): Promise<[Program, number]> {
  const env = { DENO_V8_FLAGS: "--max-semi-space-size=2" };
  const [program, port] = await start(server, { unread: true, env });
  await program.closeStdout();
  return [program, port];
}

/**
 * What a server has said on stderr, from that place on, of clients. The rest depends on the machine: how
 * fast it reads what the server prints, and what Deno finds when it can open no file.
 */
export function told(program: Program, from = 0): string[] {
  const machine = /^(listening on |stdout: \d+ lines lost, |Warning: Ignoring extra certs )/;
  return program.stderr.slice(from).split("\n").slice(0, -1).filter((line) => !machine.test(line));
}

/** One who talks in a room. What is said there by others than members is passed over. */
export class Member {
  /** How many messages of each member it has heard; they are numbered from 1. */
  readonly heard = new Map<string, number>();
  /** The members that it knows to be there. */
  readonly met = new Set<string>();
  said = 0;
  #wrong: string | undefined;
  #rest = "";
  #peer: Peer | undefined;
  readonly #decoder = new TextDecoder();
  readonly #watch = new Watch();

  private constructor(readonly name: string) {}

  static async connect(name: string, port: number): Promise<Member> {
    const member = new Member(name);
    const receive = (bytes: Uint8Array) => member.#take(bytes);
    member.#peer = await Peer.connect(port, { watch: member.#watch, receive });
    return member;
  }

  /** Says its next message, of that many bytes at least. */
  async say(length = 0): Promise<number> {
    this.said++;
    await this.write(`good:${this.name}:${this.said}:`.padEnd(length - 1, ".") + "\n");
    return this.said;
  }

  async write(text: string): Promise<void> {
    await this.#peer!.send(text); // connect has set it
  }

  /** Waits until it has heard the message of that number. */
  async hears(speaker: string, number: number): Promise<void> {
    const last = () => this.heard.get(speaker) ?? 0;
    const heard = await this.#watch.until(
      () => last() >= number || this.wrong ? true : undefined,
      performance.now() + LIMIT,
    );
    if (this.wrong) throw new AssertionError(`${this.name} ${this.wrong}`);
    if (heard) return;
    throw new AssertionError(
      `waited ${LIMIT / 1000} s for ${this.name} to hear message ${number} of ${speaker}; ` +
        `it has heard ${last()}`,
    );
  }

  /** What is wrong with what it heard, or that its connection was ended. */
  get wrong(): string | undefined {
    if (this.#wrong !== undefined) return this.#wrong;
    const end = this.#peer?.end;
    if (end === undefined) return undefined;
    return end === "reset" || this.#rest === "" ? `was ${end}` : "was closed in mid-message";
  }

  close(): void {
    this.#peer?.close();
  }

  leave(): void {
    this.#peer?.leave();
  }

  #take(bytes: Uint8Array) {
    const text = this.#decoder.decode(bytes, { stream: true });
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop()!;
    for (const line of lines) {
      const [, name] = /(?:^|: )here:(\w+)$/.exec(line) ?? [];
      if (name !== undefined) this.met.add(name);
      const [, speaker = "", digits] = /(?:^|: )good:(\w+):(\d+):/.exec(line) ?? [];
      if (digits === undefined) continue;
      const last = this.heard.get(speaker) ?? 0;
      if (Number(digits) !== last + 1) {
        this.#wrong ??= `heard message ${digits} of ${speaker} after ${last}`;
      }
      this.heard.set(speaker, Number(digits));
    }
  }
}

/** The good members of a room. */
export class Members implements Bystanders {
  private constructor(readonly members: readonly Member[], readonly echoes: boolean) {}

  /** They come into the room. */
  static async gather(
    port: number,
    { echoes = true, nicknames = false, names = ["ann", "bob"] } = {},
  ): Promise<Members> {
    const members = await Promise.all(names.map((name) => Member.connect(name, port)));
    if (nicknames) await Promise.all(members.map((member) => member.write(`${member.name}\n`)));
    // Only when a member hears another in whole lines does the server know it for one that wants them.
    const strangers = () => members.some(({ met }) => met.size < names.length - (echoes ? 0 : 1));
    await within(LIMIT, "the members to meet", async () => {
      while (strangers()) {
        await Promise.all(members.map((member) => member.write(`here:${member.name}\n`)));
        await sleep(20);
      }
    });
    return new Members(members, echoes);
  }

  async exchange(rounds: number, length = 0): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      for (const speaker of this.members) {
        await this.#allHear(speaker, await speaker.say(length));
      }
    }
  }

  /** The same, but nobody waits to be heard before saying the next. */
  async rush(rounds: number, length = 0): Promise<void> {
    await Promise.all(this.members.map(async (speaker) => {
      for (let round = 0; round < rounds; round++) await speaker.say(length);
      await this.#allHear(speaker, speaker.said);
    }));
  }

  async #allHear(speaker: Member, number: number) {
    const hearers = this.members.filter((member) => this.echoes || member !== speaker);
    await Promise.all(hearers.map((hearer) => hearer.hears(speaker.name, number)));
  }

  close(): void {
    for (const member of this.members) member.close();
  }
}

/** A client that stays, and asks again and again: each answer must be to its own question. */
class Asker implements Bystanders {
  #asked = 0;

  constructor(readonly peer: Peer, readonly pairs: readonly [question: string, answer: string][]) {}

  async exchange(rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      const [question, answer] = this.pairs[this.#asked++ % this.pairs.length]!;
      this.peer.take();
      await this.peer.send(question + "\n");
      await this.peer.says(/\n/);
      assertEquals(this.peer.text, answer + "\n");
    }
  }

  close(): void {
    this.peer.close();
  }
}

/** A client that comes anew for each exchange. */
class Visitor implements Bystanders {
  #visits = 0;

  constructor(
    readonly port: number,
    readonly visit: (peer: Peer, number: number) => Promise<void>,
  ) {}

  async exchange(rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      using peer = await Peer.connect(this.port);
      await this.visit(peer, ++this.#visits);
    }
  }

  close(): void {}
}

function chatServer(name: string, echoes: boolean): Room {
  return {
    name,
    gather: (port) => Members.gather(port, { echoes }),
    hello: "\n",
    request: "hi there\n",
    answer: echoes ? /hi there\n/ : /^/,
    left: (port) => new RegExp(`Client at {2}\\('127.0.0.1', ${port}\\) {2}disconnected...\n`),
    stays: true,
    half: cutShort("half"),
    tellsHalf: NOT_WHOLE,
    noText: notText(""),
    limited: true,
    bytewise: true,
  };
}

const MY_SERVER: Room = {
  name: "my_server",
  gather: (port) => Members.gather(port, { nicknames: true }),
  hello: "bad\n",
  request: "hi there\n",
  answer: /bad: hi there\n/,
  stays: true,
  half: cutShort("half"),
  tellsHalf: NOT_WHOLE,
  noText: notText(""),
  limited: true,
  bytewise: true,
};

/** The rooms: what one says, all hear. */
export const ROOMS: readonly Room[] = [
  chatServer("chat_server", true),
  chatServer("chat_server_no_echo", false),
  MY_SERVER,
];

/** Those that answer each client for itself. */
export const SERVICES: readonly Server[] = [
  {
    name: "soc2_server",
    gather: (port) =>
      Promise.resolve(
        new Visitor(port, async (peer) => {
          await peer.send("안녕\n");
          assertEquals(await peer.ended(), `from server: ${peer.localPort}너도 잘 지내라\n`);
        }),
      ),
    request: "hello\n",
    answer: /^from server: \d+너도 잘 지내라\n$/,
    stays: false,
    half: cutShort("half"),
    tellsHalf: undefined, // it has read one message, and is content
    noText: notText(""),
    limited: false,
    bytewise: false,
  },
  {
    name: "json_server",
    gather: (port) =>
      Promise.resolve(
        new Visitor(port, async (peer, number) => {
          await peer.send(`{"name": "jung", "count": ${number}}`);
          await peer.says(/\}/);
          assertEquals(peer.text, `{"name": "jung", "count": ${number}}`);
        }),
      ),
    request: '{"a": [1, 2.50]}',
    answer: /^\{"a": \[1, 2\.5\]\}$/,
    left: (port) => new RegExp(`client at \\('127.0.0.1', ${port}\\) disconnected...\n`),
    stays: true,
    half: cutShort('{"half'),
    tellsHalf: "ended in the middle of a JSON text",
    noText: Uint8Array.of(0x22, 0xff, 0xfe, 0x22),
    tellsControl: "dropped: not JSON: .*",
    limited: true,
    filler: "[",
    bytewise: true,
    many: { request: '{"a": 1}[2]"3"'.repeat(3) + "4 ", answer: '{"a": 1}[2]"3"'.repeat(3) + "4" },
  },
  {
    name: "case_server",
    gather: (port) =>
      Promise.resolve(
        new Visitor(port, async (peer, number) => {
          await peer.send(`Hello ${number}\n${1 + number % 2}\n`);
          assertEquals(await peer.ended(), `${number % 2 ? "hello" : "HELLO"} ${number}\n`);
        }),
      ),
    request: "Hello\n1\n",
    answer: /^HELLO\n$/,
    stays: false,
    half: cutShort("half"),
    tellsHalf: NOT_WHOLE,
    noText: notText(""),
    limited: true,
    bytewise: false,
  },
  {
    name: "cinema",
    args: ["--role", "server", "--name", "CGV"],
    async gather(port) {
      const peer = await Peer.connect(port);
      await peer.send("Qnone\n");
      await peer.says(/^CGV(FAIL|\nFAIL\n)/);
      return new Asker(peer, [
        ["Q영화 A", "SUCCESS"],
        ["R5", "out of index"],
        ["Qnone", "FAIL"],
        ["?", "알 수 없는 명령"],
      ]);
    },
    hello: "Qnone\n",
    request: "Q영화 B\n",
    answer: /SUCCESS\n/,
    left: () => /클라이언트 연결이 종료되었습니다.\n/,
    stays: true,
    half: cutShort("R"),
    tellsHalf: NOT_WHOLE,
    noText: notText("Q"),
    limited: true,
    bytewise: true,
    many: {
      request: "Q영화 A\nR7\n".repeat(1000) + "E\n",
      answer: "SUCCESS\nout of index\n".repeat(1000),
    },
  },
  {
    name: "membership",
    args: ["--role", "server"],
    async gather(port) {
      const peer = await Peer.connect(port);
      await peer.send("Rkim,1234\n"); // the first signs up, for those who come later as well
      await peer.says(/^가입 (성공|실패 : 기 가입자)\n/);
      return new Asker(peer, [
        ["Rkim,5678", "가입 실패 : 기 가입자"],
        ["?", "알 수 없는 명령"],
        ["Lkim", "로그인 실패 : ID,PASSWORD 형식이 아님"],
      ]);
    },
    hello: "?\n",
    request: "Lkim,1234\n",
    answer: /로그인 성공\n/,
    left: () => /클라이언트 연결이 종료되었습니다.\n/,
    stays: true,
    half: cutShort("R"),
    tellsHalf: NOT_WHOLE,
    noText: notText("L"),
    limited: true,
    bytewise: true,
    many: {
      request: "?\nRkim,1\nL\n".repeat(1000) + "E\n",
      answer: "알 수 없는 명령\n가입 실패 : 기 가입자\n로그인 실패 : ID,PASSWORD 형식이 아님\n"
        .repeat(1000),
    },
  },
  {
    name: "login_server",
    rounds: 1,
    args: ["--user", "kim:1234"],
    gather: (port) =>
      Promise.resolve(
        new Visitor(port, async (peer, number) => {
          await peer.send(`kim\n${1233 + number % 2}\n`);
          assertEquals(await peer.ended(), number % 2 ? "Login success\n" : "Wrong password\n");
        }),
      ),
    request: "kim\n1234\n",
    answer: /^Login success\n$/,
    stays: false,
    half: cutShort("ki"),
    tellsHalf: NOT_WHOLE,
    noText: notText("ki"),
    limited: true,
    bytewise: true,
  },
];

export const SERVERS: readonly Server[] = [...ROOMS, ...SERVICES];
