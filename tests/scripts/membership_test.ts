import { assert, assertEquals, assertMatch } from "@std/assert";
import { testUnless } from "../support/needs.ts";
import { Peer } from "../support/peer.ts";
import { Program } from "../support/program.ts";
import { noPython, PYTHON } from "../support/python.ts";

const SERVER = ["--role", "server", "--host", "127.0.0.1", "--port", "0"];

/** What the server answers to a message. No answer is the beginning of another. */
async function ask(peer: Peer, message: string): Promise<string> {
  peer.take();
  await peer.send(message);
  const answers = /^(가입 성공|가입 실패 : .+|로그인 성공|로그인 실패 : .+|알 수 없는 명령)$/;
  return (await peer.says(answers))[0];
}

Deno.test("membership answers every command, and prints what the original prints", async () => {
  await using program = Program.script("membership", SERVER);
  using peer = await Peer.connect(await program.port());
  const malformed = "ID,PASSWORD 형식이 아님";
  const dialogue: [message: string, answer: string][] = [
    ["Rkim,1234", "가입 성공"],
    ["Rkim,9999", "가입 실패 : 기 가입자"],
    ["Lkim,1234", "로그인 성공"],
    ["Llee,1234", "로그인 실패 : 미 가입자"],
    ["Rlee,a,b,", "가입 성공"], // a password may hold commas
    ["Llee,a,b,", "로그인 성공"],
    ["Llee,a", "로그인 실패 : 패스워드 오류"],
    ["Rkim", `가입 실패 : ${malformed}`],
    ["R,1234", `가입 실패 : ${malformed}`],
    ["Rpark,", `가입 실패 : ${malformed}`],
    ["R", `가입 실패 : ${malformed}`],
    ["L,", `로그인 실패 : ${malformed}`],
    ["X", "알 수 없는 명령"],
  ];
  for (const [message, answer] of dialogue) assertEquals(await ask(peer, message), answer, message);
  await peer.send("E");
  await peer.ended();
  await program.says("stdout", /클라이언트 연결이 종료되었습니다\.\n$/);
  const [first, ...shown] = program.stdout.trimEnd().split("\n");
  assertMatch(first!, /^클라이언트가 연결되었습니다 : \('127\.0\.0\.1', \d+\)$/);
  const messages = [...dialogue.map(([message]) => message), "E"];
  assertEquals(shown, [
    ...messages.map((message) => `전달받은 메시지 : ${message}`),
    "클라이언트 연결이 종료되었습니다.",
  ]);
});

Deno.test("50 clients sign up one id at the same instant: exactly one succeeds", async () => {
  await using program = Program.script("membership", SERVER);
  const port = await program.port();
  await using stack = new AsyncDisposableStack();
  const peers = await Promise.all(Array.from({ length: 50 }, () => Peer.connect(port)));
  for (const peer of peers) stack.use(peer);
  const answers = await Promise.all(peers.map((peer, i) => ask(peer, `Rkim,${i}`)));
  assertEquals(answers.filter((answer) => answer === "가입 성공").length, 1);
  assertEquals(answers.filter((answer) => answer === "가입 실패 : 기 가입자").length, 49);
  const winner = answers.indexOf("가입 성공");
  assertEquals(await ask(peers[0]!, `Lkim,${winner}`), "로그인 성공");
});

Deno.test("while passwords are hashed membership serves others", async () => {
  await using program = Program.script("membership", SERVER);
  const port = await program.port();
  await using stack = new AsyncDisposableStack();
  const signingUp = await Promise.all(Array.from({ length: 5 }, () => Peer.connect(port)));
  for (const peer of signingUp) stack.use(peer);
  await Promise.all(signingUp.map((peer, i) => peer.send(`Rid${i},1234`)));
  await program.says("stdout", /(전달받은 메시지 : R[^]*){5}/);
  using other = await Peer.connect(port);
  for (let i = 0; i < 3; i++) assertEquals(await ask(other, "X"), "알 수 없는 명령");
  // Five hashes take much longer than three answers without one: the last is not done yet.
  assert(signingUp.some((peer) => peer.text === ""), "all have been answered first");
  for (const peer of signingUp) await peer.says(/^가입 성공$/);
});

Deno.test("membership goes on when clients go without a word, hashing or not", async () => {
  await using program = Program.script("membership", SERVER);
  const port = await program.port();
  const idle = await Peer.connect(port);
  const hashing = await Peer.connect(port);
  await hashing.send("Rkim,1234");
  await program.says("stdout", /Rkim,1234/);
  idle.close();
  hashing.close();
  await program.says("stdout", /(종료되었습니다\.[^]*){2}/);
  using good = await Peer.connect(port);
  assertEquals(await ask(good, "Lkim,1234"), "로그인 성공"); // signed up, though nobody was told
});

Deno.test("the client asks as the original does, and again where no number is typed", async () => {
  await using server = Program.script("membership", SERVER);
  const port = await server.port();
  await using client = Program.script("membership", [], { stdin: true });
  await client.type(
    `client\n127.0.0.1\n${port}\n1\nkim\na,b\n4\none\n2\nkim\na,b\n2\nlee\nx\n3\n`,
  );
  const menu = "1. 회원가입\n2. 로그인\n3. 종료\n메뉴를 선택하시오 : ";
  const account = "ID 입력 : PASSWORD 입력 : ";
  assertEquals(await client.ended(), {
    code: 0,
    stdout: "Input <server> OR <client> : 서버 IP 주소를 입력하시오 : 포트 번호를 입력하시오 : " +
      `${menu}${account}가입 성공\n${menu}${menu}메뉴를 선택하시오 : ${account}로그인 성공\n` +
      `${menu}${account}로그인 실패 : 미 가입자\n${menu}`,
    stderr: '"one" is not a whole number: type digits only, such as 9999\n',
  });
});

Deno.test("the client ends with a line where its input ends, or its server", async () => {
  await using server = Program.script("membership", SERVER);
  const flags = ["--role", "client", "--host", "127.0.0.1", "--port", `${await server.port()}`];
  for (const typed of ["", "1\n", "2\nkim\n"]) {
    await using client = Program.script("membership", flags, { stdin: true });
    await client.type(typed);
    await client.endInput();
    const { code, stderr } = await client.ended();
    assertEquals([code, stderr], [1, "membership: end of input, where an answer was expected\n"]);
  }
  await using client = Program.script("membership", flags, { stdin: true });
  await client.says("stdout", /메뉴/);
  server.kill();
  await server.ended();
  await client.type("1\nkim\n1234\n");
  const { code, stderr } = await client.ended();
  assertEquals(code, 1);
  assertMatch(stderr, /^membership: 127\.0\.0\.1:\d+ [^\n]+\n$/);
});

const noPty = Deno.build.os === "windows" ? "Python has no pty on Windows" : noPython;

/** A program at a terminal: Python's pty is that terminal, and copies what it shows to stdout. */
function atTerminal(name: string, args: string[]): Program {
  const command = [Deno.execPath(), "run", "--no-prompt", "--allow-net", `scripts/${name}.ts`];
  const program =
    "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
  return new Program(name, PYTHON, ["-c", program, ...command, ...args], { stdin: true });
}

testUnless(
  noPty,
  "at a terminal passwords are neither shown as typed nor as received",
  async () => {
    await using server = atTerminal("membership", SERVER);
    const port = Number((await server.says("stdout", /listening on .*:(\d+)/))[1]);
    const flags = ["--role", "client", "--host", "127.0.0.1", "--port", `${port}`];
    await using client = atTerminal("membership", flags);
    await client.says("stdout", /메뉴를 선택하시오 : /);
    await client.type("1\n");
    await client.says("stdout", /ID 입력 : /);
    await client.type("kim\n");
    await client.says("stdout", /PASSWORD 입력 : /);
    await client.type("비밀,1\n");
    await client.says("stdout", /PASSWORD 입력 : \r\n가입 성공\r\n/);
    await server.says("stdout", /전달받은 메시지 : Rkim,\*{4}\r\n/);
    using peer = await Peer.connect(port);
    assertEquals(await ask(peer, "Lkim,비밀,1"), "로그인 성공");
    await server.says("stdout", /Lkim,\*{4}\r\n/);
    assert(!server.stdout.includes("비밀") && !client.stdout.includes("비밀"));
  },
);

Deno.test("what is for the server is no flag of the client", async () => {
  const args = ["--role", "client", "--host", "127.0.0.1", "--port", "9", "--data", "x"];
  await using client = Program.script("membership", args);
  assertEquals(await client.ended(), {
    code: 2,
    stdout: "",
    stderr: "membership: --data is for the server\n",
  });
});
