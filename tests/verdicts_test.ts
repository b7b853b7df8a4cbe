// The causes in the checker's verdicts: named where they can be seen, usual ones only where they can be it,
// and none where nothing is known.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { Program } from "./support/program.ts";
import { noProc, testUnless } from "./support/needs.ts";
import { noPython, PYTHON } from "./support/python.ts";
import { stepForEach } from "./support/side_by_side.ts";

async function check(args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const task = ["run", "--allow-all", ".tasks/check.ts", ...args];
  const options = { env: { INIT_CWD: Deno.cwd() } };
  await using program = new Program("check", Deno.execPath(), task, options);
  return await program.ended();
}

/** A program in Python that is given its port. */
const python = (program: string) => ["--", PYTHON, "-c", program, "{port}"];

/** A chat server that relays something else than it was sent: `expression` of the bytes `m`. */
const relaying = (expression: string) => `
import socket, struct, sys, threading
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
clients = []
def serve(client):
    while m := client.recv(2048):
        for each in clients:
            each.sendall(${expression})
while True:
    client, _ = server.accept()
    clients.append(client)
    threading.Thread(target=serve, args=(client,), daemon=True).start()
`;

/** A client that sends each line typed, followed by `after`. */
const sending = (after: string) => `
import socket, sys
server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
for line in sys.stdin:
    server.sendall(line.rstrip("\\n").encode() + ${after})
server.recv(1)
`;

/** A server that answers each client with `expression` of the bytes `m`, when a mode came too perhaps, and closes. */
const answering = (expression: string, mode = true) => `
import socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    client, address = server.accept()
    m = client.recv(2048)
    if ${mode ? "True" : "False"}:
        client.recv(2048)
    client.sendall(${expression})
    client.close()
`;

const GREETS = `f"from server: {address[1]}너도 잘 지내라".encode()`;

const NEWLINE = /^ *cause: What it sends ends in a newline/m;
const PADDED = /^ *cause: NULs \(00\) follow the text/m;

interface Verdict {
  readonly what: string;
  readonly exercise: string;
  readonly spec: string;
  readonly program: string;
  readonly cause: RegExp;
}

const SEEN: Verdict[] = [
  { what: "a newline", program: relaying('m + b"\\n"'), cause: NEWLINE },
  { what: "CR and LF", program: relaying('m + b"\\r\\n"'), cause: NEWLINE },
  { what: "a buffer of 80 bytes", program: relaying('m.ljust(80, b"\\0")'), cause: PADDED },
  { what: "a NUL", program: relaying('m + b"\\0"'), cause: PADDED },
  { what: "newline and NULs", program: relaying('(m + b"\\n").ljust(80, b"\\0")'), cause: NEWLINE },
  {
    what: "a byte-order mark",
    program: relaying('b"\\xef\\xbb\\xbf" + m'),
    cause: /^ *cause: A byte-order mark/m,
  },
  {
    what: "writeUTF",
    program: relaying('struct.pack(">H", len(m)) + m'),
    cause: /^ *cause: Two bytes with the length stand before the text/m,
  },
  {
    what: "UTF-16",
    program: relaying('m.decode().encode("utf-16-le")'),
    cause: /^ *cause: It sends the text in UTF-16;/m,
  },
].map((each) => ({ ...each, exercise: "chat_server", spec: "course.relay" }));

SEEN.push(
  {
    what: "what CP949 does not have",
    exercise: "chat_server",
    spec: "course.korean",
    program: relaying('m.decode().encode("cp949", "replace")'),
    cause: /^ *usual cause: Encode and decode as UTF-8/m, // 👋 is not in CP949: something else came
  },
  {
    what: "CP949",
    exercise: "my_server",
    spec: "course.enter",
    program: relaying('(m.decode() + "님이 입장하셨습니다.").encode("cp949")'),
    cause: /^ *cause: It sends the text in CP949/m,
  },
  {
    what: "each line with its newline",
    exercise: "chat_client",
    spec: "course.send",
    program: sending('b"\\n"'),
    cause: NEWLINE,
  },
  {
    what: "lines typed ahead, with newlines",
    exercise: "chat_client",
    spec: "course.typed-ahead",
    program: sending('b"\\r\\n"'),
    cause: NEWLINE,
  },
  {
    what: "lines without their newlines",
    exercise: "login_client",
    spec: "course.answer",
    program: sending('b""'),
    cause: /^ *cause: What it sends has no newline at its end/m,
  },
  {
    what: "a newline before the end",
    exercise: "case_server",
    spec: "course.upper",
    program: answering('m.upper() + b"\\n"'),
    cause: NEWLINE,
  },
  {
    what: "a newline when nothing is waited for any more",
    exercise: "soc2_server",
    spec: "course.answer",
    program: answering(`${GREETS} + b"\\n"`, false),
    cause: NEWLINE,
  },
  {
    what: "a datagram with a newline",
    exercise: "notify",
    spec: "course.answer",
    program: `
import socket, sys
socket.socket(type=socket.SOCK_DGRAM).sendto(b"Hello UDP Listener\\n", ("127.0.0.1", int(sys.argv[1])))`,
    cause: NEWLINE,
  },
  {
    what: "another text, with a newline in it",
    exercise: "case_server",
    spec: "course.upper",
    program: answering('m.upper().replace(b" ", b"\\n")'),
    cause: /^ *usual cause: Answer with the sentence alone/m,
  },
  {
    what: "what it prints comes at its end",
    exercise: "chat_client",
    spec: "course.receive",
    program: `
import socket, sys
sys.stdout = open(1, "w", buffering=65536)
server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
while data := server.recv(2048):
    print(data.decode())`,
    cause: /^ *cause: It printed this only at the end of its input and of its connections/m,
  },
  {
    what: "nothing is printed",
    exercise: "chat_client",
    spec: "course.receive",
    program: sending('b""'),
    cause: /^ *cause: It has printed nothing at all/m,
  },
  {
    what: "a flood before anything else",
    exercise: "chat_client",
    spec: "course.send",
    program: 'while True: print("y" * 1000)',
    cause: /^ *cause: It prints in a loop that waits for nothing/m,
  },
);

testUnless(noPython, "a cause that can be seen is named, and no other", async (t) => {
  const name = ({ what, exercise }: Verdict) => `${exercise}: ${what}`;
  await stepForEach(t, SEEN, name, async ({ exercise, spec, program, cause }) => {
    const { code, stdout } = await check([exercise, spec, "--timeout", "2", ...python(program)]);
    assertEquals(code, 1, stdout);
    assertMatch(stdout, cause);
    assertEquals(stdout.match(/cause: /g)?.length, 1, stdout);
  });
});

/** Programs that are somewhere else, with where the verdict says that they are. */
const ELSEWHERE: [exercise: string, spec: string, program: string, cause: RegExp][] = [
  [
    "chat_server",
    "course.relay",
    'socket.create_server(("0.0.0.0", 0)).accept()',
    /^ *cause: It listens on 0\.0\.0\.0:\d+, not on port \d+\.$/m,
  ],
  [
    "chat_server",
    "course.relay",
    'socket.create_server(("::1", port), family=socket.AF_INET6).accept()',
    /^ *cause: It listens on \[::1\]:(\d+), where 127\.0\.0\.1:\1 does not arrive\.$/m,
  ],
  [
    "listener",
    "course.answer",
    's = socket.socket(type=socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0)); s.recvfrom(9)',
    /^ *cause: It has its socket on 127\.0\.0\.1:\d+, not on port \d+\.$/m,
  ],
];

testUnless(
  noProc ?? noPython,
  "a server on another port or address is told where it is",
  async (t) => {
    await stepForEach(t, ELSEWHERE, ([, , program]) => program, async (each) => {
      const [exercise, spec, program, cause] = each;
      const source = `import socket, sys; port = int(sys.argv[1]); ${program}`;
      const { stdout } = await check([exercise, spec, "--timeout", "2", ...python(source)]);
      assertMatch(stdout, cause);
      assert(!stdout.includes("usual cause"), stdout);
    });
  },
);

testUnless(noPython, "specs that were not tried have no cause", async () => {
  const { code, stdout } = await check(["soc2_server", "--timeout", "1", ...python("input()")]);
  assertEquals(code, 1);
  assertMatch(
    stdout,
    /✘ stream\.silent .*\n *not tried, since the program did not come up before\n/,
  );
  assertMatch(stdout, /- wording\.console .*\(skipped: not tried, .*\)\n/);
  assert(!stdout.includes("cause:"), stdout);
});

testUnless(noPython, "after a course spec failed, that may be the cause of all else", async () => {
  const program = answering('m.upper() if m != b"Hello, WORLD" else b"?"');
  const { stdout } = await check([
    ...["case_server", "course.upper", "course.lower", "course.error", "--timeout", "2"],
    ...python(program),
  ]);
  assertMatch(stdout, /✔ course\.upper/);
  assertMatch(stdout, /✘ course\.lower[^✘]*\n *usual cause: Answer with the sentence alone/);
  assertMatch(stdout, /✘ course\.error[^✘]*\n *usual cause, if it is not that of course\.lower: /);
});
