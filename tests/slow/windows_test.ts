// The scripts as Windows runs them, through pipes and at a console; their peers are Linux's.

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { freePort } from "../support/free_port.ts";
import { testUnless } from "../support/needs.ts";
import { noOriginals, startOriginal } from "../support/originals.ts";
import { Peer, PeerListener } from "../support/peer.ts";
import { Program } from "../support/program.ts";
import { assertAllStart } from "../support/scripts.ts";
import { sideBySide } from "../support/side_by_side.ts";
import { talk } from "../support/talk.ts";
import { noTerminal, Terminal } from "../support/terminal.ts";
import {
  checkOnWindows,
  noWindows,
  onWindows,
  pressAtConsole,
  readsKeys,
  startAtConsole,
} from "../support/windows.ts";

function testOnWindows(name: string, fn: () => Promise<void>, without = noWindows) {
  testUnless(without, name, fn);
}

testOnWindows("every script starts on Windows", () => assertAllStart(onWindows));

testOnWindows(
  "a chat server on Windows has members on both systems, and ends by Ctrl+C",
  async () => {
    await using server = onWindows("chat_server", ["--host", "127.0.0.1", "--port", "0"]);
    const args = ["--port", `${await server.port()}`];
    await using first = onWindows("chat_client", args, { stdin: true });
    await using second = Program.script("chat_client", args, { stdin: true });
    await server.says("stdout", /# of client: 2\n/);
    await talk([first, second], "안녕 윈도");
    for (const member of [first, second]) {
      await member.type("bye\n");
      assertEquals((await member.ended()).code, 0);
    }
    server.kill("SIGINT");
    assertEquals((await server.ended()).code, 130);
  },
);

testOnWindows("a listener on Windows answers Linux, and Linux answers Windows", async () => {
  for (const [listen, notify] of [[onWindows, Program.script], [Program.script, onWindows]]) {
    await using listener = listen!("listener", ["--host", "127.0.0.1", "--port", "0"]);
    await using notifier = notify!("notify", ["--port", `${await listener.port()}`]);
    assertEquals((await notifier.ended()).code, 0, notifier.name);
    await listener.says("stdout", /Hello UDP Listener/);
  }
});

testOnWindows("JSON and the case converter talk across the two systems, both ways", async () => {
  const pairs: [server: string, client: string, args: string[], typed: string, last: RegExp][] = [
    ["json_server", "json_client", ["--interval", "0", "--count", "3"], "", /disconnected/],
    ["case_server", "case_client", ["--mode", "1"], "hello Windows\n", /ready to receive/],
    ["soc2_server", "soc2_client", [], "", /client info/],
  ];
  const ways = [[onWindows, Program.script], [Program.script, onWindows]] as const;
  const runs = pairs.flatMap((pair) => ways.map((way) => [...pair, ...way] as const));
  await sideBySide(runs, async ([server, client, args, typed, last, serve, call]) => {
    await using serving = serve(server, ["--host", "127.0.0.1", "--port", "0"]);
    const port = `${await serving.port()}`;
    await using calling = call(client, ["--port", port, ...args], { stdin: true });
    if (typed) await calling.type(typed);
    const { code, stdout, stderr } = await calling.ended();
    assertEquals([calling.name, code, stderr], [calling.name, 0, ""]);
    if (client === "case_client") assertStringIncludes(stdout, "HELLO WINDOWS\n");
    await serving.says("stdout", last);
  });
});

testOnWindows("what is wrong is told in our words, and not in those of that Windows", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const used = `${taken.addr.port}`;
  using free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const refused = `${free.addr.port}`;
  free.close();
  const cases: [name: string, args: string[], line: string][] = [
    [
      "chat_client",
      ["--port", refused],
      `127.0.0.1:${refused} refused: is the server running there?`,
    ],
    ["chat_client", ["--host", "no-such-host.invalid"], "no-such-host.invalid:9999: unknown host"],
    [
      "chat_server",
      ["--host", "127.0.0.1", "--port", used],
      `127.0.0.1:${used} is in use: stop the other program, or choose another port with --port`,
    ],
    ["chat_server", ["--host", "192.0.2.1"], "192.0.2.1:9999 is not an address of this machine"],
  ];
  await Promise.all(cases.map(async ([name, args, line]) => {
    await using program = onWindows(name, args);
    assertEquals(await program.ended(), { code: 1, stdout: "", stderr: `${name}: ${line}\n` });
  }));
});

testOnWindows("piped input that is not UTF-8 is told with the cause", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const args = ["--port", `${listener.addr.port}`];
  await using client = onWindows("chat_client", args, { stdin: true });
  await client.type(Uint8Array.of(0xbe, 0xc8, 0xb3, 0xe7, 10)); // 안녕 in code page 949
  const { code, stderr } = await client.ended();
  assertEquals(code, 1);
  assertMatch(stderr, /^chat_client: a line of input is not UTF-8 text: .*chcp 65001.*\n$/);
});

testOnWindows("Ctrl+C at the checker ends what it started, and what that started", async () => {
  using listener = await PeerListener.listen();
  await using check = checkOnWindows(
    ["chat_server", "course.relay", "--timeout", "60", "--port", `${freePort("tcp")}`],
    ["--allow-all", "tests/support/solves_nothing.ts", `${listener.port}`],
  );
  const started = [await listener.accept(), await listener.accept()];
  check.kill("SIGINT");
  assertEquals((await check.ended()).code, 130);
  for (const process of started) await process.ended();
});

/** A script at a Windows console, when it reads keys. */
async function atConsole(name: string, args: string[]): Promise<Terminal> {
  const terminal = await Terminal.open();
  await startAtConsole(terminal, name, args);
  await readsKeys(terminal);
  return terminal;
}

const noConsole = noWindows ?? noTerminal;

testOnWindows(
  "at a Windows console Hangul is typed, erased and sent whole in chat_client",
  async () => {
    await using server = Program.script("chat_server", ["--host", "127.0.0.1", "--port", "0"]);
    const port = await server.port();
    using member = await Peer.connect(port);
    await server.says("stdout", /# of client: 1\n/);
    await using terminal = await atConsole("chat_client", ["--port", `${port}`]);
    await terminal.type("안녕하세요 hello");
    await pressAtConsole(terminal, "Enter");
    await member.says(/^안녕하세요 hello$/);
    await terminal.is(["chat client start", "안녕하세요 hello", "receive :  안녕하세요 hello"]);
    // What somebody says appears above the line being typed, which stays.
    await terminal.type("쓰던 줄");
    await terminal.shows(/쓰던 줄$/);
    await member.send("끼어든 말");
    await terminal.shows(/receive : {2}끼어든 말\n쓰던 줄$/);
    // Backspace takes a whole Hangul. Wine draws a cursor amid Hangul wrongly: what is sent shows the rest.
    await pressAtConsole(terminal, "BSpace");
    await terminal.shows(/\n쓰던$/);
    member.take();
    await pressAtConsole(terminal, "Left", "Left");
    await terminal.type("려");
    await pressAtConsole(terminal, "Home", "DC", "End");
    await terminal.type("!");
    await pressAtConsole(terminal, "Enter");
    await member.says(/^려던 !$/);
    // What was typed before comes back.
    await pressAtConsole(terminal, "Up", "Up");
    await terminal.shows(/\n안녕하세요 hello$/);
    await pressAtConsole(terminal, "C-u");
    member.take();
    await terminal.type("漢字 😀");
    await pressAtConsole(terminal, "Enter");
    await member.says(/^漢字 😀$/);
    // Ctrl+C in the middle of a line: status 130, and the console is as it was.
    await terminal.type("다 못 한 말");
    await pressAtConsole(terminal, "C-c");
    assertEquals(await terminal.ended(), 130);
    await terminal.sane();
  },
  noConsole,
);

for (const key of ["C-d", "C-z"]) {
  testOnWindows(`at a Windows console ${key} on an empty line is goodbye`, async () => {
    await using server = Program.script("chat_server", ["--host", "127.0.0.1", "--port", "0"]);
    const port = await server.port();
    await using terminal = await atConsole("chat_client", ["--port", `${port}`]);
    await pressAtConsole(terminal, key);
    assertEquals(await terminal.ended(), 0);
    await server.says("stdout", /disconnected\.\.\.\n$/);
    await terminal.sane();
  }, noConsole);
}

testOnWindows("at a Windows console a seat is booked in cinema", async () => {
  const args = ["--role", "server", "--name", "메가박스", "--host", "127.0.0.1", "--port", "0"];
  await using server = Program.script("cinema", args);
  await using terminal = await atConsole("cinema", []);
  const answers: [prompt: RegExp, answer: string][] = [
    [/Input <server> OR <client> : $/, "client"],
    [/서버 IP 주소를 입력하시오 : $/, "127.0.0.1"],
    [/포트 번호를 입력하시오 : $/, `${await server.port()}`],
    [/조회 할 영화 이름을 입력하시오 : $/, "영화 A"],
    [/예약 할 좌석 번호를 입력하시오 : $/, "3"],
  ];
  for (const [prompt, answer] of answers) {
    await terminal.shows(new RegExp(prompt.source.replace(/ \$$/, "\\s*$")));
    await terminal.type(answer);
    await pressAtConsole(terminal, "Enter");
  }
  await terminal.shows(/메가박스 영화관에 어서오세요[^]*예약 상태 예약 성공/);
  assertEquals(await terminal.ended(), 0);
}, noConsole);

testOnWindows("at a Windows console a password is typed unseen in membership", async () => {
  const args = ["--role", "server", "--host", "127.0.0.1", "--port", "0"];
  await using server = Program.script("membership", args);
  const port = `${await server.port()}`;
  const client = ["--role", "client", "--host", "127.0.0.1", "--port", port];
  await using terminal = await atConsole("membership", client);
  for (const [prompt, answer] of [["선택하시오 :", "1"], ["ID 입력 :", "김철수"]] as const) {
    await terminal.shows(new RegExp(`${prompt}\\s*$`));
    await terminal.type(answer);
    await pressAtConsole(terminal, "Enter");
  }
  await terminal.shows(/PASSWORD 입력 :\s*$/);
  await terminal.type("비밀1234");
  await pressAtConsole(terminal, "Enter");
  await terminal.shows(/가입 성공/);
  assertEquals(/비밀|1234/.test(await terminal.screen()), false, "the password is on the screen");
  await server.says("stdout", /전달받은 메시지 : R김철수,비밀1234\n/);
  await terminal.type("3");
  await pressAtConsole(terminal, "Enter");
  assertEquals(await terminal.ended(), 0);
}, noConsole);

testOnWindows(
  "three members, one of them Linux's Python, in a room that Windows serves",
  async () => {
    await using server = onWindows("chat_server", ["--host", "127.0.0.1", "--port", "0"]);
    const port = `${await server.port()}`;
    await using python = startOriginal("chat_client.py", { "9999": port });
    await using there = onWindows("chat_client", ["--port", port], { stdin: true });
    await using here = Program.script("chat_client", ["--port", port], { stdin: true });
    await server.says("stdout", /# of client: 3\n/);
    await talk([python, there, here], "안녕");
  },
  noWindows ?? noOriginals,
);
