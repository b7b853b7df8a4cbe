import { assert, assertEquals, assertMatch } from "@std/assert";
import { Peer } from "../support/peer.ts";
import { Program } from "../support/program.ts";

const SERVER = ["--role", "server", "--host", "127.0.0.1", "--port", "0", "--name", "CGV"];

/** A client that has been greeted. */
async function greeted(port: number): Promise<Peer> {
  const peer = await Peer.connect(port);
  await peer.says(/^CGV$/);
  return peer;
}

/** What the server answers to a message. No answer is the beginning of another. */
async function ask(peer: Peer, message: string): Promise<string> {
  peer.take();
  await peer.send(message);
  return (await peer.says(
    /^(SUCCESS|FAIL|예약 성공|예약 실패 : .*|out of index|알 수 없는 명령)$/,
  ))[0];
}

Deno.test("cinema answers every command, and prints what the original prints", async () => {
  await using program = Program.script("cinema", SERVER);
  using peer = await greeted(await program.port());
  const outOfIndex = "7 -1 5 x 1.5 1e0 0x1 ٣ 111111111111111111111111111111".split(" ");
  const dialogue: [message: string, answer: string][] = [
    ["R1", "예약 실패 : 영화를 먼저 조회하시오"],
    ["Q영화 Z", "FAIL"],
    ["Q", "FAIL"],
    ["Q__proto__", "FAIL"],
    ["Q영화 A", "SUCCESS"],
    ["R3", "예약 성공"],
    ["R3", "예약 실패 : 이미 예약됨"],
    ...outOfIndex.map((seat): [string, string] => [`R${seat}`, "out of index"]),
    ["R", "out of index"],
    ["R 0 ", "예약 성공"],
    ["R-0", "예약 실패 : 이미 예약됨"],
    ["R4", "예약 성공"],
    ["Q영화 E", "SUCCESS"],
    ["Q없는 영화", "FAIL"], // the film chosen stays
    ["R3", "예약 성공"],
    ["X", "알 수 없는 명령"],
    ["e", "알 수 없는 명령"],
  ];
  for (const [message, answer] of dialogue) assertEquals(await ask(peer, message), answer, message);
  await peer.send("E");
  assertEquals(await peer.ended(), "알 수 없는 명령");
  await program.says("stdout", /클라이언트 연결이 종료되었습니다\.\n$/);
  const shown = program.stdout.split("\n");
  assertMatch(shown[0]!, /^클라이언트가 연결되었습니다 : \('127\.0\.0\.1', \d+\)$/);
  assertEquals(shown.slice(1, 12), [
    "전달받은 메시지 : R1",
    ":1 예약을 확인합니다.",
    "예약 실패",
    "전달받은 메시지 : Q영화 Z",
    "영화를 조회합니다.",
    "없는 영화",
    "전달받은 메시지 : Q",
    "영화를 조회합니다.",
    "없는 영화",
    "전달받은 메시지 : Q__proto__",
    "영화를 조회합니다.",
  ]);
  const booking = "전달받은 메시지 : Q영화 A\n영화를 조회합니다.\n있는 영화\n" +
    "전달받은 메시지 : R3\n영화 A:3 예약을 확인합니다.\n예약 성공\n" +
    "전달받은 메시지 : R3\n영화 A:3 예약을 확인합니다.\n이미 예약된 좌석\n" +
    "전달받은 메시지 : R7\n영화 A:7 예약을 확인합니다.\n예약 실패\n";
  assert(program.stdout.includes(booking), program.stdout);
  assertMatch(program.stderr, /^listening on [^\n]+\n$/);
});

Deno.test("50 clients book one seat at the same instant: exactly one gets it", async () => {
  await using program = Program.script("cinema", SERVER);
  const port = await program.port();
  await using stack = new AsyncDisposableStack();
  const peers = await Promise.all(Array.from({ length: 50 }, () => greeted(port)));
  for (const peer of peers) stack.use(peer);
  await Promise.all(peers.map((peer) => ask(peer, "Q영화 C")));
  const answers = await Promise.all(peers.map((peer) => ask(peer, "R2")));
  assertEquals(answers.filter((answer) => answer === "예약 성공").length, 1);
  assertEquals(answers.filter((answer) => answer === "예약 실패 : 이미 예약됨").length, 49);
});

Deno.test("the film chosen belongs to the connection", async () => {
  await using program = Program.script("cinema", SERVER);
  const port = await program.port();
  using a = await greeted(port);
  using b = await greeted(port);
  await ask(a, "Q영화 A");
  await ask(b, "Q영화 B");
  assertEquals(await ask(a, "R0"), "예약 성공");
  assertEquals(await ask(b, "R0"), "예약 성공");
  await program.says("stdout", /영화 B:0 예약을 확인합니다/);
  using c = await greeted(port);
  assertEquals(await ask(c, "R0"), "예약 실패 : 영화를 먼저 조회하시오");
});

Deno.test("a client that goes without a word costs cinema nothing, nor does one that resets", async () => {
  await using program = Program.script("cinema", SERVER);
  const port = await program.port();
  const gone = await greeted(port);
  await ask(gone, "Q영화 A");
  gone.close();
  await program.says("stdout", /클라이언트 연결이 종료되었습니다\.\n/);
  const deaf = await Peer.deaf(port);
  await program.says("stdout", /(연결되었습니다[^]*){2}/);
  deaf.close(); // the greeting is unread: a reset
  using good = await greeted(port);
  assertEquals(await ask(good, "Q영화 A"), "SUCCESS");
  assertEquals(await ask(good, "R0"), "예약 성공");
});

Deno.test("in line framing cinema takes commands however they are merged", async () => {
  await using program = Program.script("cinema", [...SERVER, "--framing", "line"]);
  using peer = await Peer.connect(await program.port());
  await peer.send("Q영화 A\nR3\r\nR3\n\nE\n");
  assertEquals(
    await peer.ended(),
    "CGV\nSUCCESS\n예약 성공\n예약 실패 : 이미 예약됨\n알 수 없는 명령\n",
  );
});

Deno.test("cinema asks in the original's order, and not for what its flags say", async () => {
  await using server = Program.script("cinema", [], { stdin: true });
  await server.type("SERVER\n127.0.0.1\n0\nCGV\n");
  const port = `${await server.port()}`;
  await server.says("stdout", /영화관 이름/);
  assertEquals(
    server.stdout,
    "Input <server> OR <client> : 서버 IP 주소를 입력하시오 : 포트 번호를 입력하시오 : " +
      "영화관 이름을 입력하시오 : ",
  );

  const booked = "CGV 영화관에 어서오세요\n조회 할 영화 이름을 입력하시오 : ";
  await using asked = Program.script("cinema", [], { stdin: true });
  await asked.type(`cLiEnT\n127.0.0.1\nnine\n70000\n ${port} \n영화 A\n3\n`);
  assertEquals(await asked.ended(), {
    code: 0,
    stdout: "Input <server> OR <client> : 서버 IP 주소를 입력하시오 : " +
      "포트 번호를 입력하시오 : ".repeat(3) + booked +
      "예약 할 좌석 번호를 입력하시오 : 예약 상태 예약 성공\n",
    stderr: '"nine" can\'t be used: type a whole number from 0 to 65535\n' +
      '"70000" can\'t be used: type a whole number from 0 to 65535\n',
  });

  const flags = ["--role", "client", "--host", "127.0.0.1", "--port", port];
  await using told = Program.script("cinema", flags, { stdin: true });
  await told.type("영화 Z\n");
  assertEquals(await told.ended(), { code: 0, stdout: `${booked}좌석이 없습니다.\n`, stderr: "" });
});

Deno.test("cinema says where it is neither server nor client, and where its input ends", async () => {
  await using neither = Program.script("cinema", [], { stdin: true });
  await neither.type("both\n127.0.0.1\n9999\n");
  const { code, stdout, stderr } = await neither.ended();
  assertEquals(code, 2);
  assert(stdout.endsWith("Wrong program type\n"), stdout);
  assertEquals(stderr, 'cinema: "both" is neither server nor client\n');

  for (const typed of ["", "client\n", "client\n127.0.0.1\n", "server\n127.0.0.1\n0\n"]) {
    await using program = Program.script("cinema", [], { stdin: true });
    await program.type(typed);
    await program.endInput();
    const { code, stderr } = await program.ended();
    assertEquals([code, stderr], [1, "cinema: end of input, where an answer was expected\n"]);
  }
});

Deno.test("what is for the server is no flag of the client", async () => {
  const args = ["--role", "client", "--host", "127.0.0.1", "--port", "9", "--data", "x"];
  await using client = Program.script("cinema", args);
  assertEquals(await client.ended(), {
    code: 2,
    stdout: "",
    stderr: "cinema: --data is for the server\n",
  });
});
