// All four pairings of the course's Python originals and our scripts: each end prints what it prints
// when both ends are originals, ephemeral ports aside.

import { assert, assertEquals, equal } from "@std/assert";
import { testUnless } from "../support/needs.ts";
import { noOriginals, startOriginal } from "../support/originals.ts";
import { Program } from "../support/program.ts";
import { stepForEach } from "../support/side_by_side.ts";

type Language = "Python" | "Deno";

/** Server and client, beside two originals. */
const PAIRS: readonly [server: Language, client: Language][] = [
  ["Python", "Deno"],
  ["Deno", "Python"],
  ["Deno", "Deno"],
];

/** One end of an exercise: the original, and the script that mirrors it. */
interface End {
  original: string;
  /** What is replaced in the original's source, `$PORT` standing for the port. */
  literals: Record<string, string>;
  originalArgs?: string[];
  script: string;
  args: string[];
  /** What it is typed first, by both. */
  typed?: string[];
  /** What the original prints by mistake, where the script must not. */
  fault?: RegExp;
}

/** What happens, in order. `who` is the server, or one of the clients. */
type Step =
  | [who: string, does: "starts"]
  | [who: string, does: "prints", text: string]
  | [who: string, does: "is typed", line: string]
  | [who: string, does: "ends"];

interface Exercise {
  name: string;
  server: End;
  client: End;
  steps: Step[];
  /** What each prints, where two originals can't tell. */
  expected?: Record<string, string>;
  /** How often to try, where only time tells two messages apart: a busy machine can be late. */
  tries?: number;
}

/** An end whose original holds its port as a literal. */
function end(script: string, port: number, more: Partial<End> = {}): End {
  return {
    original: `${script}.py`,
    literals: { [port]: "$PORT" },
    script,
    args: ["--port", "$PORT"],
    ...more,
  };
}

const ALL_OF_LOOPBACK = "127.255.255.255";

/** The broadcasting end of an exercise. The originals' loops never end; here they do after `count`. */
function broadcasting(script: string, port: number, count: number): End {
  return end(script, port, {
    literals: {
      [port]: "$PORT",
      "<broadcast>": ALL_OF_LOOPBACK,
      "while(True):": `for _ in range(${count}):`,
    },
    args: ["--host", ALL_OF_LOOPBACK, "--port", "$PORT", "--count", `${count}`],
  });
}

// When its server closes, chat_client's thread prints empty messages until the program is gone.
const EMPTY_MESSAGES = /^receive : {2}\n/gm;
const chatClient = end("chat_client", 9999, { fault: EMPTY_MESSAGES });

/** A report of page 000: one program that asks for its role and its address, then goes on. */
function report(number: number, script: string, role: string, ...answers: string[]): End {
  return {
    original: `report${number}_${script}.py`,
    literals: {},
    script,
    args: [],
    typed: [role, "127.0.0.1", "$PORT", ...answers],
  };
}

function lines(who: string, ...typed: string[]): Step[] {
  return typed.map((line) => [who, "is typed", line]);
}

const EXERCISES: Exercise[] = [
  {
    name: "cinema",
    server: report(1, "cinema", "server", "CGV 강남"),
    client: report(1, "cinema", "client"),
    steps: [
      ["first", "starts"],
      ["first", "is typed", "영화 A"],
      ["first", "is typed", "3"],
      ["first", "ends"],
      ["server", "prints", "클라이언트 연결이 종료되었습니다."],
      ["taken", "starts"],
      ["taken", "is typed", "영화 A"],
      ["taken", "is typed", "3"],
      ["taken", "ends"],
      ["server", "prints", "클라이언트 연결이 종료되었습니다."],
      ["unknown", "starts"],
      ["unknown", "is typed", "영화 Z"],
      ["unknown", "ends"],
      ["server", "prints", "클라이언트 연결이 종료되었습니다."],
    ],
  },
  {
    name: "membership",
    server: report(2, "membership", "SERVER"),
    client: report(2, "membership", "Client"),
    steps: [
      ["client", "starts"],
      ...lines("client", "1", "kim", "비밀", "1", "kim", "other"), // signs up, and again
      ...lines("client", "2", "kim", "비밀", "2", "kim", "wrong", "2", "lee", "x"), // logs in
      ...lines("client", "3"),
      ["client", "ends"],
      ["server", "prints", "클라이언트 연결이 종료되었습니다."],
    ],
  },
  {
    name: "soc1",
    server: end("soc1_server", 9999),
    client: end("soc1_client", 9999),
    steps: [["client", "starts"], ["client", "ends"], ["server", "ends"]],
  },
  {
    name: "soc2",
    server: end("soc2_server", 8888),
    client: end("soc2_client", 8888),
    steps: [
      ["client", "starts"],
      ["client", "ends"],
      ["server", "prints", "from client message:  스승의 은혜는"],
      ["second client", "starts"],
      ["second client", "ends"],
      ["server", "prints", "from client message:  스승의 은혜는"],
    ],
  },
  {
    name: "chat",
    server: end("chat_server", 9999),
    client: chatClient,
    steps: [
      ["first", "starts"],
      ["server", "prints", "# of client: 1"],
      ["second", "starts"],
      ["server", "prints", "# of client: 2"],
      ["first", "is typed", "Hi I am Jung"],
      ["first", "prints", "Hi I am Jung"],
      ["second", "prints", "Hi I am Jung"],
      ["second", "is typed", "안녕하세요 😀"],
      ["first", "prints", "😀"],
      ["second", "prints", "😀"],
      ["first", "is typed", "bye"],
      ["first", "ends"],
      ["server", "prints", "disconnected..."],
      ["second", "is typed", "혼자"],
      ["second", "prints", "혼자"],
      ["second", "is typed", "bye"],
      ["second", "ends"],
      ["server", "prints", "disconnected..."],
    ],
  },
  {
    name: "chat, own messages hidden",
    server: end("chat_server_no_echo", 9999),
    client: chatClient,
    steps: [
      ["first", "starts"],
      ["server", "prints", "# of client: 1"],
      ["second", "starts"],
      ["server", "prints", "# of client: 2"],
      ["first", "is typed", "Hi I am Jung"],
      ["second", "prints", "Hi I am Jung"],
      ["second", "is typed", "안녕하세요"],
      ["first", "prints", "안녕하세요"],
      ["second", "is typed", "bye"],
      ["second", "ends"],
      ["server", "prints", "disconnected..."],
      ["first", "is typed", "bye"],
      ["first", "ends"],
      ["server", "prints", "disconnected..."],
    ],
  },
  {
    name: "chat, address from argv",
    server: end("chat_server", 9999),
    client: {
      original: "chat_client_args.py",
      literals: {},
      originalArgs: ["127.0.0.1", "$PORT"],
      script: "chat_client_args",
      args: ["127.0.0.1", "$PORT"],
      fault: EMPTY_MESSAGES,
    },
    steps: [
      ["client", "starts"],
      ["server", "prints", "# of client: 1"],
      ["client", "is typed", "hello"],
      ["client", "prints", "receive :  hello"],
      ["client", "is typed", "bye"],
      ["client", "ends"],
      ["server", "prints", "disconnected..."],
    ],
  },
  {
    name: "upper and lower case",
    server: end("case_server", 12000),
    client: end("case_client", 12000),
    steps: [
      ["lower", "starts"],
      ["lower", "is typed", "hi"],
      ["lower", "ends"],
      ["upper", "starts"],
      ["upper", "is typed", "HI"],
      ["upper", "ends"],
      ["mixed", "starts"],
      ["mixed", "is typed", "Hi"],
      ["mixed", "is typed", "1"],
      ["mixed", "ends"],
      ["mixed 2", "starts"],
      ["mixed 2", "is typed", "Hi"],
      ["mixed 2", "is typed", "2"],
      ["mixed 2", "ends"],
    ],
    tries: 3,
    // The originals hang: the server takes the client's two sends for one. So, as page 001 shows it.
    expected: {
      server: "The server is ready to receive\n",
      lower: "Input sentence : Form Server : HI\n",
      upper: "Input sentence : Form Server : hi\n",
      mixed: "Input sentence : 1. To upper case\n2. To Lower case\nInput number : " +
        "Form Server : HI\n",
      "mixed 2": "Input sentence : 1. To upper case\n2. To Lower case\nInput number : " +
        "Form Server : hi\n",
    },
  },
  {
    name: "dictionaries as JSON",
    server: end("json_server", 9000),
    client: end("json_client", 9000, {
      literals: { "9000": "$PORT", "time.sleep(3)": "time.sleep(0.02)" },
      args: ["--port", "$PORT", "--interval", "0.02"],
    }),
    steps: [
      ["client", "starts"],
      ["client", "ends"],
      ["server", "prints", "disconnected..."],
    ],
  },
  {
    name: "UDP",
    server: end("listener", 20001),
    client: end("notify", 20001),
    steps: [["client", "starts"], ["client", "ends"], ["server", "prints", "Message"]],
  },
  {
    name: "UDP broadcast",
    server: end("receiver", 37020),
    client: broadcasting("broadcaster", 37020, 2),
    steps: [
      ["client", "starts"],
      ["client", "ends"],
      ["server", "prints", "Message"],
      ["server", "prints", "Message"],
    ],
  },
  {
    name: "UDP caller and callee",
    server: end("callee", 37021),
    client: broadcasting("caller", 37021, 1),
    steps: [["client", "starts"], ["client", "prints", "Message from client"]],
  },
];

function start(end: End, language: Language, port: number): Program {
  const filled = (text: string) => text.replace("$PORT", `${port}`);
  if (language === "Deno") {
    return Program.script(end.script, end.args.map(filled), { stdin: true });
  }
  const literals = Object.entries(end.literals).map(([literal, text]) => [literal, filled(text)]);
  return startOriginal(
    end.original,
    Object.fromEntries(literals),
    end.originalArgs?.map(filled),
  );
}

/** Runs one pairing: what each end has printed. */
async function run(exercise: Exercise, server: Language, client: Language) {
  await using stack = new AsyncDisposableStack();
  const programs = new Map<string, Program>();
  const begin = async (who: string, end: End, language: Language, port: number) => {
    const program = stack.use(start(end, language, port));
    programs.set(who, program);
    for (const line of end.typed ?? []) await program.type(line.replace("$PORT", `${port}`) + "\n");
    return program;
  };
  const port = await (await begin("server", exercise.server, server, 0)).port();

  /** How far each console has been matched: the same line can be expected twice. */
  const matched = new Map<string, number>();
  const ended = new Set<string>();
  for (const [who, does, text = ""] of exercise.steps) {
    if (does === "starts") {
      await begin(who, exercise.client, client, port);
      continue;
    }
    const program = programs.get(who);
    assert(program, `${who} has not started`);
    if (does === "is typed") {
      await program.type(text + "\n");
    } else if (does === "prints") {
      const pattern = `^[^]{${matched.get(who) ?? 0},}?${RegExp.escape(text)}`;
      const [upToHere] = await program.says("stdout", new RegExp(pattern));
      matched.set(who, upToHere.length);
    } else {
      const { code } = await program.ended();
      // A Python client can crash as it ends, with its thread in the middle of a print.
      if ((who === "server" ? server : client) === "Deno") assertEquals(code, 0, who);
      ended.add(who);
    }
  }

  const printed: Record<string, string> = {};
  for (const [who, program] of programs) {
    if (!ended.has(who)) program.kill();
    const { stdout, stderr } = await program.ended();
    const [end, language] = who === "server"
      ? [exercise.server, server]
      : [exercise.client, client];
    if (language === "Deno") assertEquals(stderr.replace(/^listening on .*\n/, ""), "", who);
    printed[who] = portsNamed(language === "Python" ? stdout.replace(end.fault ?? "", "") : stdout);
  }
  return printed;
}

/** Ephemeral ports differ from run to run: the first becomes PORT1, wherever it stands. */
function portsNamed(text: string): string {
  const seen: string[] = [];
  return text.replace(/\d{4,5}/g, (port) => {
    if (!seen.includes(port)) seen.push(port);
    return `PORT${seen.indexOf(port) + 1}`;
  });
}

testUnless(
  noOriginals,
  "each end prints with the other language what two originals print",
  async (t) => {
    await stepForEach(t, EXERCISES, ({ name }) => name, async (exercise) => {
      const original = exercise.expected ?? await run(exercise, "Python", "Python");
      assert(original.server, "the original server prints something");
      for (const [server, client] of PAIRS) {
        let printed = await run(exercise, server, client);
        for (let tries = exercise.tries ?? 1; tries > 1 && !equal(printed, original); tries--) {
          printed = await run(exercise, server, client);
        }
        assertEquals(printed, original, `${server} server, ${client} client`);
      }
    });
  },
);
