// The chats of pages 002 to 004, each as a process, with raw connections, nc and the Python originals at
// the other end. What originals and scripts print to each other is in interop_test.ts.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { isInstalled, noShell, noSignals, testUnless } from "../support/needs.ts";
import { noOriginals, startOriginal } from "../support/originals.ts";
import { Peer, PeerListener } from "../support/peer.ts";
import { Program } from "../support/program.ts";

const noNetcat = await isInstalled("nc", "-h") ? undefined : "there is no nc";

/** The clients that talk until they are told to stop, and how they are told. */
const TALKERS: { name: string; address(port: number): string[]; first: string; bye: string }[] = [
  { name: "chat_client", address: flags, first: "", bye: "bye" },
  { name: "chat_client_args", address: (port) => ["127.0.0.1", `${port}`], first: "", bye: "bye" },
  { name: "chat_client_nickname", address: flags, first: "syjung\n", bye: "bye" },
  { name: "my_client", address: flags, first: "kim\n", bye: "/q" },
];

function flags(port: number): string[] {
  return ["--port", `${port}`];
}

/** A server that is up, and its port. */
async function serverUp(name: string): Promise<[Program, number]> {
  const server = Program.script(name, ["--port", "0"]);
  return [server, await server.port()];
}

/** A raw member of a chat_server room, once the server counts it. */
async function member(server: Program, port: number, count: number): Promise<Peer> {
  const peer = await Peer.connect(port);
  await server.says("stdout", new RegExp(`# of client: ${count}\\n`));
  return peer;
}

function ending(text: string): RegExp {
  return new RegExp(RegExp.escape(text) + "$");
}

testUnless(
  noNetcat ?? noOriginals,
  "nc is a full member of a room with a Python client in it",
  async () => {
    const [server, port] = await serverUp("chat_server");
    await using _server = server;
    await using python = startOriginal("chat_client.py", { "9999": `${port}` });
    await server.says("stdout", /# of client: 1\n/);
    await using nc = new Program("nc", "nc", ["127.0.0.1", `${port}`], { stdin: true });
    await server.says("stdout", /# of client: 2\n/);

    await nc.type("hello\n");
    // It has not spoken: it is sent what nc has sent, with the newline, as by the original.
    await python.says("stdout", /^chat client start\nreceive : {2}hello\n\n$/);
    await nc.says("stdout", /^hello\n$/);
    await python.type("안녕\n");
    await python.says("stdout", /\nreceive : {2}안녕\n$/);
    await nc.says("stdout", /^hello\n안녕\n$/);
    await nc.type("bye\n");
    await server.says("stdout", /disconnected\.\.\.\n$/);
    await nc.endInput(); // nc itself waits for that
    assertEquals(await nc.ended(), { code: 0, stdout: "hello\n안녕\n", stderr: "" });
  },
);

testUnless(
  noShell ?? noNetcat ?? noOriginals,
  "all that nc sends at once is as many messages as lines",
  async () => {
    const [server, port] = await serverUp("chat_server");
    await using _server = server;
    await using python = startOriginal("chat_client.py", { "9999": `${port}` });
    await server.says("stdout", /# of client: 1\n/);
    await using nc = new Program("nc", "sh", [
      "-c",
      `printf 'hello\\nbye\\n' | nc 127.0.0.1 ${port}`,
    ]);
    assertEquals(await nc.ended(), { code: 0, stdout: "hello\n", stderr: "" });
    await python.says("stdout", /^chat client start\nreceive : {2}hello\n\n$/);
  },
);

testUnless(
  noShell ?? noOriginals,
  "three lines piped into chat_client reach the Python server as three messages",
  async () => {
    // The original, made to print what each recv brings, and to take the end for a goodbye.
    const recv = "msg = data.decode()";
    await using server = startOriginal("chat_server.py", {
      "9999": "0",
      [recv]: `${recv} or "bye"; print("message", [msg])`,
    });
    const port = await server.port();
    let good = 0;
    // Only time tells them apart: a busy machine may be late, but not again and again.
    for (let runs = 1; good < 5; runs++) {
      assert(runs <= 8, `${good} of ${runs - 1} arrived as three messages:\n${server.stdout}`);
      const before = server.stdout.length;
      await using client = Program.shell(
        "chat_client",
        "printf 'one\\ntwo\\nbye\\n' | $SCRIPT",
        flags(port),
      );
      const { code, stderr } = await client.ended();
      assertEquals([code, stderr], [0, ""]);
      await server.says("stdout", new RegExp(`^[^]{${before},}disconnected`));
      const messages = server.stdout.slice(before).match(/(?<=message ).*/g);
      if (messages?.join() === "['one'],['two'],['bye']") good++;
    }
  },
);

for (const { name, address, first, bye } of TALKERS) {
  Deno.test(`${name} ends with 1 when the server goes away, and says so`, async () => {
    using listener = await PeerListener.listen();
    await using client = Program.script(name, address(listener.port), { stdin: true });
    await client.type(first);
    using server = await listener.accept();
    await client.says("stdout", name === "my_client" ? /닉네임: / : /chat client start\n/);
    server.close();
    const { code, stdout, stderr } = await client.ended();
    assertEquals(code, 1);
    assertMatch(stderr, new RegExp(`^${name}: 127.0.0.1:${listener.port} .+\n$`));
    assertEquals(stdout.match(/receive/g), null, "nothing was received");
  });

  Deno.test(`${name} says ${bye} at the end of its input`, async () => {
    using listener = await PeerListener.listen();
    await using client = Program.script(name, address(listener.port), { stdin: true });
    await client.type(first + "hello\n");
    await client.endInput();
    using server = await listener.accept();
    await server.says(new RegExp(`hello${bye}$`));
    if (bye === "/q") await server.send(bye);
    server.close();
    const { code, stderr } = await client.ended();
    assertEquals([code, stderr], [0, ""]);
  });

  Deno.test(`${name} whose input is at its end from the start says ${bye} and ends well`, async () => {
    using listener = await PeerListener.listen();
    await using client = Program.script(name, address(listener.port));
    using server = await listener.accept();
    await server.says(new RegExp(`${bye}$`));
    if (bye === "/q") await server.send(bye);
    server.close();
    const { code, stderr } = await client.ended();
    assertEquals([code, stderr], [0, ""]);
  });

  Deno.test(`${name} prints what others send as it is, through a pipe`, async () => {
    using listener = await PeerListener.listen();
    await using client = Program.script(name, address(listener.port), { stdin: true });
    await client.type(first);
    using server = await listener.accept();
    await server.send("\x1b[2J안녕");
    await client.says("stdout", ending("\x1b[2J안녕\n"));
    await client.type(`${bye}\n`);
    if (bye === "/q") await server.says(/\/q$/).then(() => server.send(bye));
    assertEquals((await client.ended()).code, 0);
  });
}

Deno.test("chat_client_nickname asks for the name, and puts it before all but bye", async () => {
  using listener = await PeerListener.listen();
  await using client = Program.script("chat_client_nickname", flags(listener.port), {
    stdin: true,
  });
  await client.says("stdout", /^name : $/);
  await client.type(" \n");
  await client.says("stderr", /^" " can't be used: type a name\n$/);
  await client.type("syjung\n");
  using server = await listener.accept();
  await client.type("hello\n");
  await server.says(/^\[syjung\] hello$/);
  await client.type("bye\n");
  await server.says(/^\[syjung\] hellobye$/);
  const { code, stdout } = await client.ended();
  assertEquals([code, stdout], [0, "name : name : chat client start\n"]);
});

Deno.test("chat_client_args prints its usage without exactly two arguments", async () => {
  for (const args of [[], ["127.0.0.1"], ["127.0.0.1", "9999", "more"]]) {
    await using client = Program.script("chat_client_args", args);
    assertEquals(await client.ended(), {
      code: 2,
      stdout: "usage : deno run --allow-net scripts/chat_client_args.ts ip# port#\n",
      stderr: "",
    });
  }
});

Deno.test("a member's escape sequences are relayed as they are", async () => {
  const [server, port] = await serverUp("my_server");
  await using _server = server;
  using kim = await Peer.connect(port);
  await kim.send("\x1b[31mkim");
  await kim.says(ending("\x1b[31mkim님이 입장하셨습니다."));
  await kim.send("\x1b]0;hi\x07");
  await kim.says(ending("\x1b[31mkim: \x1b]0;hi\x07"));
  await server.says("stdout", ending("\n\x1b[31mkim :  \x1b]0;hi\x07\n"));
});

Deno.test("bytes that are not UTF-8 cost their sender its connection, and one line", async () => {
  const [server, port] = await serverUp("chat_server");
  await using _server = server;
  using other = await member(server, port, 1);
  using bad = await member(server, port, 2);
  await bad.send(new Uint8Array([0xff, 0xfe]));
  assertEquals(await bad.ended(), "");
  await server.says("stdout", /disconnected\.\.\.\n$/);
  await other.send("still here");
  await other.says(/^still here$/);
  await server.says("stderr", /UTF-8\n/);
  assertEquals(
    server.stderr.replace(/^listening on .*\n/, ""),
    `${bad.address} sent bytes that are not UTF-8\n`,
  );
});

Deno.test("a character split over two segments is relayed whole", async () => {
  const [server, port] = await serverUp("chat_server");
  await using _server = server;
  using one = await member(server, port, 1);
  using two = await member(server, port, 2);
  const [first, ...rest] = new TextEncoder().encode("안");
  await one.send(new Uint8Array([first!]));
  // What comes back to the one who speaks later was read later: the first byte has been read alone.
  await two.send("x");
  await two.says(/^x$/);
  await one.send(new Uint8Array(rest));
  await two.says(/^x안$/);
  await one.says(/^x안$/);
});

Deno.test("a reset in the middle of a broadcast takes nothing from the others", async () => {
  const [server, port] = await serverUp("chat_server");
  await using _server = server;
  using speaker = await member(server, port, 1);
  using leaver = await Peer.deaf(port);
  await server.says("stdout", /# of client: 2\n/);
  using listener = await member(server, port, 3);
  let sent = "";
  for (let i = 1; i <= 2000; i++) {
    const line = `${i} ${"무궁화 ".repeat(20)}\n`;
    sent += line;
    await speaker.send(line);
    if (i === 1000) leaver.reset();
  }
  await speaker.says(/(^|\n)2000 .*\n$/);
  assertEquals(speaker.text, sent);
  await listener.says(/(^|\n)2000 .*\n$/);
  assertEquals(listener.text, sent, "as it was sent: it has not spoken itself");
  await server.says("stdout", /disconnected\.\.\.\n$/);
});

for (const name of ["chat_server", "chat_server_no_echo", "my_server"]) {
  Deno.test(`${name}: a member whose handler fails is dropped, named, and off the list`, async () => {
    await using server = new Program(name, Deno.execPath(), [
      ...["run", "--no-prompt", "--allow-net", "--preload", "tests/support/failing_send.ts"],
      ...[`scripts/${name}.ts`, "--port", "0"],
    ]);
    const port = await server.port();
    using kim = await Peer.connect(port);
    await kim.send("kim\n");
    using lee = await Peer.connect(port);
    await lee.send("lee\n");
    await kim.says(/lee/);
    await kim.send("throw\n");
    await kim.ended();
    await server.says("stderr", new RegExp(`\n${kim.address} dropped: no such seat\n$`));
    if (name === "my_server") return void await lee.says(/kim님이 퇴장하셨습니다\.\n$/);
    await server.says("stdout", /disconnected\.\.\.\n$/);
    using _max = await Peer.connect(port);
    await server.says("stdout", /# of client: 2\n$/);
  });
}

Deno.test("my_client --name and case_client --mode skip their questions", async () => {
  using room = await PeerListener.listen();
  const args = [...flags(room.port), "--name", "kim"];
  await using client = Program.script("my_client", args, { stdin: true });
  using server = await room.accept();
  await server.says(/^kim$/);
  await client.says("stdout", /^서버 접속 완료\n$/);

  using converter = await PeerListener.listen();
  const mode = [...flags(converter.port), "--mode", "2"];
  await using converted = Program.script("case_client", mode, { stdin: true });
  await converted.type("Hi\n");
  using answering = await converter.accept();
  await answering.says(/^Hi2$/);
});

Deno.test("soc2_server serves a client while another one says nothing", async () => {
  const [server, port] = await serverUp("soc2_server");
  await using _server = server;
  using silent = await Peer.connect(port);
  await server.says("stdout", /client info: .*\n$/);
  await using client = Program.script("soc2_client", flags(port));
  assertMatch((await client.ended()).stdout, /^수신자료: {2}from server: \d+너도 잘 지내라\n$/);
  await silent.send("안녕");
  assertMatch(await silent.ended(), /^from server: \d+너도 잘 지내라$/);
});

Deno.test("soc2_server whose port is taken says err on stderr and ends with 1", async () => {
  using taken = await PeerListener.listen();
  await using server = Program.script("soc2_server", ["--host", "127.0.0.1", ...flags(taken.port)]);
  const { code, stdout, stderr } = await server.ended();
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, new RegExp(`^soc2_server: err: 127.0.0.1:${taken.port} is in use: .+\n$`));
});

Deno.test("soc1_server takes one connection, and ends", async () => {
  const [server, port] = await serverUp("soc1_server");
  await using _server = server;
  using peer = await Peer.connect(port);
  await server.says("stdout", /client address: /);
  peer.close();
  const { code, stdout } = await server.ended();
  assertEquals([code, stdout.split("\n").slice(2)], [0, ["from client message:  ", ""]]);
});

Deno.test("my_server: who comes, what they say and who goes is told to everyone", async () => {
  const [server, port] = await serverUp("my_server");
  await using _server = server;
  const join = async (name: string) => {
    const client = Program.script("my_client", flags(port), { stdin: true });
    await client.says("stdout", /닉네임: $/);
    await client.type(`${name}\n`);
    await client.says("stdout", new RegExp(`${name}님이 입장하셨습니다\\.\n$`));
    return client;
  };
  await using kim = await join("kim");
  await using lee = await join("lee");
  await kim.says("stdout", /lee님이 입장하셨습니다\.\n$/);
  await kim.type("안녕\n");
  await kim.says("stdout", /kim: 안녕\n$/);
  await lee.says("stdout", /kim: 안녕\n$/);
  await kim.type("/q\n");
  assertEquals(await kim.ended(), {
    code: 0,
    stdout: "서버 접속 완료\n닉네임: kim님이 입장하셨습니다.\nlee님이 입장하셨습니다.\nkim: 안녕\n",
    stderr: "",
  });
  await lee.says("stdout", /kim님이 퇴장하셨습니다\.\n$/);
  await lee.type("혼자\n");
  await lee.says("stdout", /lee: 혼자\n$/);
  await server.says("stdout", /lee : {2}혼자\n$/);
  assertEquals(
    server.stdout.replaceAll(/\d{4,5}/g, "PORT"),
    "채팅 서버를 시작합니다.\n" +
      "Connencted by ('127.0.0.1', PORT)\n".repeat(2) +
      "kim :  안녕\nkim :  /q\nlee :  혼자\n",
  );
});

Deno.test("my_server sends /q back to the one who leaves, and tells the room of one who vanishes", async () => {
  const [server, port] = await serverUp("my_server");
  await using _server = server;
  using kim = await Peer.connect(port);
  await kim.send("kim");
  await kim.says(/kim님이 입장하셨습니다\.$/);
  using lee = await Peer.connect(port);
  await lee.send("lee");
  await kim.says(/lee님이 입장하셨습니다\.$/);
  lee.close();
  await kim.says(/lee님이 퇴장하셨습니다\.$/);
  await kim.send("/q");
  assertMatch(await kim.ended(), /퇴장하셨습니다\.\/q$/);
});

Deno.test("a message as long as may be, which the nickname makes longer, costs nobody in the room", async () => {
  const [server, port] = await serverUp("my_server");
  await using _server = server;
  await using lee = Program.script("my_client", [...flags(port), "--framing", "line"], {
    stdin: true,
  });
  await lee.type("lee\n");
  await lee.says("stdout", /lee님이 입장하셨습니다\.\n$/);
  using kim = await Peer.connect(port);
  await kim.send("kim\n" + "a".repeat(65536) + "\nhello\n");
  await lee.says("stdout", /\nkim: a{65531}\nkim: hello\n$/);
  await lee.type("/q\n");
  assertEquals((await lee.ended()).code, 0);
});

Deno.test("my_client whose /q came as one with what was said before it says it again, and ends", async () => {
  using listener = await PeerListener.listen();
  await using client = Program.script("my_client", flags(listener.port), { stdin: true });
  using server = await listener.accept();
  await client.type("kim\nhello\n/q\n");
  await server.says(/^kimhello\/q$/);
  await server.says(/^kimhello\/q\/q$/);
  await server.send("/q");
  assertEquals((await client.ended()).code, 0);
});

Deno.test("my_client that is told of /q together with what was said before it ends well", async () => {
  for (const typed of ["kim\nhello\n/q\n", "/q\n"]) {
    using listener = await PeerListener.listen();
    await using client = Program.script("my_client", flags(listener.port), { stdin: true });
    await client.type(typed);
    using server = await listener.accept();
    await server.says(RegExp(`^${typed.replaceAll("\n", "")}$`));
    await server.send("lee: see /q/q");
    server.close();
    const { code, stdout, stderr } = await client.ended();
    const printed = "서버 접속 완료\n닉네임: lee: see /q\n";
    assertEquals([code, stdout, stderr], [0, printed, ""], typed);
  }
});

testUnless(
  noSignals,
  "my_server refuses Ctrl+C while somebody is connected, and ends with 0 when nobody is",
  async () => {
    const [server, port] = await serverUp("my_server");
    await using _server = server;
    {
      using peer = await Peer.connect(port);
      await server.says("stdout", /Connencted by/);
      for (const times of [1, 2, 3]) {
        server.kill("SIGINT");
        await server.says("stdout", new RegExp(`(채팅 서버를 종료할 수 없습니다\\.\n){${times}}$`));
      }
      await peer.send("kim");
      await peer.says(/kim님이 입장하셨습니다\.$/);
      await peer.send("/q");
      await peer.ended();
    }
    server.kill("SIGINT");
    const { code, stdout } = await server.ended();
    assertEquals(code, 0);
    assertMatch(stdout, /\n채팅 서버를 종료합니다\.\n$/);
  },
);
