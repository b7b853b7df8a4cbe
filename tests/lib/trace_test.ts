import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { dump } from "../../lib/trace/dump.ts";
import { isInstalled, statusAfter, testUnless } from "../support/needs.ts";
import { LIMIT, Program, within } from "../support/program.ts";
import { noPython, PYTHON } from "../support/python.ts";
import { exerciseNames } from "../support/scripts.ts";

const encoder = new TextEncoder();
const noSetpriv = await isInstalled("setpriv", "--version") ? undefined : "there is no setpriv";
/** Windows tells it in its own language. */
const NO_SUCH_FOLDER = Deno.build.os === "windows" ? "(os error 3)" : "No such file or directory";

/** A script with `--trace` or the like, and the permissions that it needs for that. */
function traced(name: string, args: string[], permissions: string[] = []): Program {
  const run = ["run", "--no-prompt", "--allow-net", ...permissions, `scripts/${name}.ts`];
  return new Program(name, Deno.execPath(), [...run, ...args], { env: { NO_COLOR: "" } });
}

/** A connection that sends those pieces, each on its own, and a name for it as `--trace` shows it. */
async function connected(port: number): Promise<[conn: Deno.TcpConn, peer: string]> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  conn.setNoDelay(true);
  return [conn, `127.0.0.1:${conn.localAddr.port}`];
}

/** What the next read of a connection brings. */
async function received(conn: Deno.TcpConn): Promise<string> {
  const buffer = new Uint8Array(1000);
  const count = await within(LIMIT, "an answer", () => conn.read(buffer));
  return new TextDecoder().decode(buffer.subarray(0, count ?? 0));
}

/** The trace of one peer: what happened, without times, with the rows of data that belong to it. */
function eventsOf(stderr: string, peer: string): string[] {
  const events = stderr.split(/\n(?! {4}\S{4} {2})/).map((event) => event.slice(11).trim());
  return events.filter((event) => event.includes(peer))
    .map((event) => event.replace(peer, "PEER").replace(/ +/g, " "));
}

Deno.test("the dump shows bytes and text, 16 to a row", () => {
  assertEquals(dump(encoder.encode("hi1\n")), [
    "0000  68 69 31 0a                                      hi1↵",
  ]);
  // 영 begins in the first row and ends in the second.
  assertEquals(dump(encoder.encode("안녕, 친구! 영화")), [
    "0000  ec 95 88 eb 85 95 2c 20 ec b9 9c ea b5 ac 21 20  안녕, 친구!",
    "0010  ec 98 81 ed 99 94                                영화",
  ]);
  assertEquals(dump(encoder.encode("안녕, 친구!영화")), [
    "0000  ec 95 88 eb 85 95 2c 20 ec b9 9c ea b5 ac 21 ec  안녕, 친구!영",
    "0010  98 81 ed 99 94                                   화",
  ]);
  // Half of a character, what drives a terminal, and what is no character at all.
  assertEquals(dump(new Uint8Array([0xed, 0x95, 0x1b, 0x5b, 0x41, 0xff, 0xc3, 0xa9, 0x00])), [
    "0000  ed 95 1b 5b 41 ff c3 a9 00                       ···[A·é·",
  ]);
  assertEquals(dump(new Uint8Array(0)), []);
});

Deno.test("the dump leaves out the middle of long data", () => {
  const rows = dump(new Uint8Array(63_000).fill(0x61));
  assertEquals(rows.length, 16);
  assertEquals(rows[12], "....  62,768 more bytes");
  assertMatch(rows[11]!, /^00b0 {2}61/);
  assertEquals(rows[15], "f610  61 61 61 61 61 61 61 61                          aaaaaaaa");
});

Deno.test("--trace shows each recv and send, what the framing makes of them, and how it ends", async () => {
  await using server = traced("chat_server", ["--port", "0", "--trace"]);
  const port = await server.port();

  const [conn, peer] = await connected(port);
  using _ = conn;
  await conn.write(encoder.encode("hello\n"));
  await server.says("stderr", /send/);
  await conn.write(encoder.encode("all"));
  await server.says("stderr", /held back/);
  await conn.write(encoder.encode(" of you\nbye\n"));
  await server.says("stderr", /FIN {5}->/);
  await conn.closeWrite();
  await server.says("stderr", /close/);

  const [broken, brokenPeer] = await connected(port);
  await broken.write(encoder.encode("한").subarray(0, 2));
  await server.says("stderr", /of a character/);
  await broken.write(new Uint8Array([0xff]));
  await server.says("stderr", /sent bytes that are not UTF-8\n.*close/s);
  broken.close();

  server.kill();
  const { code, stdout, stderr } = await server.ended();
  assertEquals(code, statusAfter("SIGTERM"));
  assertEquals(eventsOf(stderr, peer), [
    "accept <- PEER",
    "recv <- PEER 6 bytes\n 0000 68 65 6c 6c 6f 0a hello↵",
    "framing PEER newline seen: line framing from here on",
    "send -> PEER 6 bytes\n 0000 68 65 6c 6c 6f 0a hello↵",
    "recv <- PEER 3 bytes\n 0000 61 6c 6c all",
    "framing PEER held back: 3 bytes, whole after 1 s without another byte",
    "recv <- PEER 12 bytes\n 0000 20 6f 66 20 79 6f 75 0a 62 79 65 0a of you↵bye↵",
    "framing PEER 2 messages are whole now",
    "send -> PEER 11 bytes\n 0000 61 6c 6c 20 6f 66 20 79 6f 75 0a all of you↵",
    "FIN -> PEER this side has ended",
    "FIN <- PEER the peer has ended",
    "close PEER",
  ]);
  assertEquals(eventsOf(stderr, brokenPeer), [
    "accept <- PEER",
    "recv <- PEER 2 bytes\n 0000 ed 95 ··",
    "framing PEER held back: 2 bytes of a character that is not complete",
    "recv <- PEER 1 byte\n 0000 ff ·",
    "drop PEER sent bytes that are not UTF-8",
    "close PEER",
  ]);
  assertMatch(stderr, /^ +\+\d+\.\d ms {2}listen +0\.0\.0\.0:\d+$/m);
  assert(!stderr.includes("\x1b"), "no colours where stderr is not a terminal");
  assert(!stdout.includes("recv"), "stdout is the original's");
});

// Deno closes with FIN; only with SO_LINGER does a close send RST, and Python can set that.
const RESETS = `
import socket, struct, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
print(s.getsockname()[1], flush=True)
s.sendall(b"hello")
s.recv(5)
s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
s.close()`;

testUnless(noPython, "--trace tells a reset from an end", async () => {
  await using server = traced("chat_server", ["--port", "0", "--trace"]);
  const port = String(await server.port());
  await using client = new Program("resetting client", PYTHON, ["-c", RESETS, port]);
  const [, own] = await client.says("stdout", /(\d+)\n/);
  await server.says("stderr", / close /);
  assertEquals(eventsOf(server.stderr, `127.0.0.1:${own}`).slice(3), [
    "RST <- PEER the peer broke off the connection",
    "drop PEER reset the connection",
    "close PEER",
  ]);
});

Deno.test("--trace changes nothing: what came before bytes that are no text still counts", async () => {
  await using server = traced("chat_server", ["--port", "0", "--trace"]);
  const port = await server.port();
  const [listening] = await connected(port);
  using _ = listening;
  await server.says("stdout", /# of client: 1/);
  const [broken] = await connected(port);
  using _broken = broken;
  await broken.write(new Uint8Array([...encoder.encode("one\ntwo\n"), 0xff, 0x0a]));
  let heard = await received(listening);
  if (heard === "one\n") heard += await received(listening);
  assertEquals(heard, "one\ntwo\n");
});

Deno.test("--trace shows one FIN each way, also where the sending side ended first", async () => {
  await using server = Program.script("case_server", ["--port", "0"]);
  const port = await server.port();
  await using client = new Program("case_client", Deno.execPath(), [
    ...["run", "--no-prompt", "--allow-net", "scripts/case_client.ts"],
    ...["--port", String(port), "--trace"],
  ], { stdin: true });
  await client.type("hi\n");
  const { stderr } = await client.ended();
  assertEquals(stderr.match(/FIN +(->|<-)/g), ["FIN     ->", "FIN     <-"]);
});

Deno.test("--trace shows datagrams", async () => {
  await using server = traced("listener", ["--port", "0", "--trace"]);
  const port = await server.port();
  await using client = traced("notify", ["--port", String(port), "--trace"]);
  const { code, stderr } = await client.ended();
  assertEquals(code, 0);
  assertEquals(eventsOf(stderr, `127.0.0.1:${port}`), [
    "send -> PEER 18 bytes\n" +
    " 0000 48 65 6c 6c 6f 20 55 44 50 20 4c 69 73 74 65 6e Hello UDP Listen\n" +
    " 0010 65 72 er",
    "recv <- PEER 16 bytes\n" +
    " 0000 48 65 6c 6c 6f 20 55 44 50 20 43 6c 69 65 6e 74 Hello UDP Client",
  ]);
  assertMatch(server.stderr, /recv {4}<- 127\.0\.0\.1:\d+ {2}18 bytes/);
});

/** What a line of our diagrams may look like: nothing in it can mean anything else to Mermaid. */
const TEXT = String.raw`(?:[\p{L}\p{N} .,:'"!?()\[\]{}=+*/_-]|#\d+;)*`;
const MERMAID = new RegExp(
  `^sequenceDiagram$|^  (?:participant \\w+ as|\\w+(?:->>|-->>|-\\)|--x)\\w+:|Note over us(?:,p\\d+)?:) ${TEXT}$`,
  "u",
);

Deno.test("--trace-diagram writes a Mermaid sequence diagram, whatever is sent and however it ends", async () => {
  const file = await Deno.makeTempFile({ suffix: ".mmd" });
  try {
    await using server = traced(
      "chat_server",
      ["--port", "0", "--trace-diagram", file],
      [`--allow-write=${file}`],
    );
    const port = await server.port();
    const [conn, peer] = await connected(port);
    using _ = conn;
    const said = "한글; #1 <b>%% $$x$$ a->>b: end\n";
    await conn.write(encoder.encode(said));
    assertEquals(await received(conn), said);
    await conn.write(encoder.encode("again\n")); // once this is answered, all before it is written
    assertEquals(await received(conn), "again\n");
    server.kill("SIGKILL"); // nothing is left for the end of the program to write
    await server.ended();
    const lines = (await Deno.readTextFile(file)).split("\n");
    for (const line of lines.slice(0, -1)) assertMatch(line, MERMAID);
    assertStringIncludes(lines[8]!, "again");
    const text = "'한글#59; #35;1 #60;b#62;#37;#37; #36;#36;x#36;#36; a-#62;#62;b: end#92;n'";
    assertEquals(lines.slice(0, 8), [
      "sequenceDiagram",
      "  participant us as chat_server",
      `  Note over us: listen 0.0.0.0:${port}`,
      `  participant p1 as ${peer}`,
      "  p1-->>us: connect",
      `  p1->>us: ${text}`,
      "  Note over us,p1: newline seen: line framing from here on",
      `  us->>p1: ${text}`,
    ]);
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("--trace-diagram ends before Mermaid's limit, and the server goes on", async () => {
  const file = await Deno.makeTempFile({ suffix: ".mmd" });
  try {
    await using server = traced(
      "chat_server",
      ["--port", "0", "--trace-diagram", file],
      [`--allow-write=${file}`],
    );
    const [conn] = await connected(await server.port());
    using _ = conn;
    for (let i = 0; i < 2000; i++) {
      await conn.write(encoder.encode("another message of some length\n"));
      assertEquals(await received(conn), "another message of some length\n");
    }
    const text = await Deno.readTextFile(file);
    assert(text.length > 40_000 && text.length < 50_000, `${text.length} characters`);
    assertMatch(
      text,
      /\n {2}Note over us: the rest is left out: Mermaid takes 50,000 characters\n$/,
    );
  } finally {
    await Deno.remove(file);
  }
});

/** What is left of an SVG of ours without its elements: nothing, where it is whole and well-formed XML. */
function leftOfSvg(text: string): string {
  const [, inside] =
    /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"(?: [\w:-]+="[^"<>&]*")+>(.*)<\/svg>\n$/s
      .exec(text) ?? [text, text];
  const attributes = String.raw`(?: [\w:-]+="[^"<>&]*")*`;
  return inside!.replace(RegExp(`<(line|rect|polygon)${attributes}\\s*/>`, "g"), "")
    .replace(RegExp(`<text${attributes}>(?:[^<>&]|&#\\d+;)*</text>`, "g"), "").trim();
}

Deno.test("--trace-diagram FILE.svg is a whole picture at every moment, whatever is sent", async () => {
  const file = await Deno.makeTempFile({ suffix: ".svg" });
  try {
    await using server = traced(
      "chat_server",
      ["--port", "0", "--trace-diagram", file],
      [`--allow-write=${file}`],
    );
    const [conn, peer] = await connected(await server.port());
    using _ = conn;
    const pictures: string[] = [];
    for (const said of ['<b>\u0007한글 & "quotes"\n', "one\ntwo\nthree\n"]) {
      await conn.write(encoder.encode(said));
      for (let heard = ""; heard.length < said.length;) heard += await received(conn);
      pictures.push(await Deno.readTextFile(file));
    }
    server.kill("SIGKILL"); // nothing is left for the end of the program to write
    await server.ended();
    pictures.push(await Deno.readTextFile(file));
    for (const picture of pictures) assertEquals(leftOfSvg(picture), "");
    const texts = Array.from(pictures.at(-1)!.matchAll(/<text[^>]*>([^<]*)/g), ([, text]) => text!);
    for (
      const text of [
        "chat_server",
        peer,
        "connect",
        "'&#60;b&#62;\\x07한글 &#38; &#34;quotes&#34;\\n'  (22 bytes)",
        "newline seen: line framing from here on",
        "'one\\ntwo\\nthree\\n'  (14 bytes)",
        "3 messages in one recv",
        // What the one segment carried, each message in a cell of its own.
        ...["'one'", "'two'", "'three'"],
      ]
    ) {
      assert(
        texts.includes(text),
        `${text} in ${texts}`,
      );
    }
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("--trace-diagram FILE.svg has an end, with many rows and with many peers", async () => {
  const file = await Deno.makeTempFile({ suffix: ".svg" });
  try {
    await using server = traced(
      "chat_server",
      ["--port", "0", "--trace-diagram", file],
      [`--allow-write=${file}`],
    );
    const port = await server.port();
    using stack = new DisposableStack();
    for (let i = 0; i < 40; i++) stack.use((await connected(port))[0]);
    const [conn] = await connected(port);
    stack.use(conn);
    for (let i = 0; i < 300; i++) {
      await conn.write(encoder.encode("another message of some length\n"));
      for (let heard = ""; !heard.endsWith("\n");) heard += await received(conn);
    }
    const picture = await Deno.readTextFile(file);
    assertEquals(leftOfSvg(picture), "");
    assert(picture.length < 1_000_000, `${picture.length} characters`);
    assertMatch(picture, />others<.*>the rest is left out</s);
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("--trace-diagram says at the start what it lacks", async () => {
  const cases: [args: string[], permissions: string[], code: number, says: string][] = [
    [["--trace-diagram", "exchange.mmd"], [], 1, "--allow-write=exchange.mmd"],
    [
      ["--trace-diagram", "no/such/folder/x.mmd"],
      ["--allow-write"],
      1,
      NO_SUCH_FOLDER,
    ],
    [["--trace-diagram"], ["--allow-write"], 2, "name of a file"],
    [["--trace-diagram", "x.png"], ["--allow-write"], 2, 'ends in .svg or .mmd, not "x.png"'],
    [["--trace-diagram", ".svg"], ["--allow-write"], 2, "ends in .svg or .mmd"],
  ];
  for (const [args, permissions, expected, says] of cases) {
    await using server = traced("chat_server", ["--port", "0", ...args], permissions);
    const { code, stdout, stderr } = await server.ended();
    assertEquals([code, stdout, stderr.split("\n").length], [expected, "", 2], stderr);
    assertStringIncludes(stderr, says);
  }
});

testUnless(
  noSetpriv,
  "a diagram that may not be written is told without blaming the address",
  async () => {
    const file = await Deno.makeTempFile({ suffix: ".mmd" });
    await Deno.chmod(file, 0o444);
    // Root without the one capability that lets it write what it may not.
    const args = ["--bounding-set", "-dac_override", Deno.execPath(), "run", "--no-prompt"];
    const script = [
      "--allow-net",
      `--allow-write=${file}`,
      "scripts/chat_server.ts",
      "--port",
      "0",
    ];
    await using server = new Program("chat_server", "setpriv", [
      ...args,
      ...script,
      ...["--trace-diagram", file],
    ]);
    const { code, stdout, stderr } = await server.ended();
    await Deno.remove(file);
    const line =
      `chat_server: --trace-diagram can't write ${file}: Permission denied (os error 13)`;
    assertEquals([code, stdout], [1, ""]);
    assertEquals(stderr.split(": open")[0]!.trimEnd(), line);
  },
);

Deno.test("every script takes --trace", async () => {
  for (const name of await exerciseNames()) { // sockets hands its flags on
    await using script = Program.script(name, ["--trace", "--help"]);
    const { code, stdout, stderr } = await script.ended();
    assertEquals([code, stderr], [0, ""], name);
    assertStringIncludes(stdout, "--trace-diagram FILE", name);
  }
});
