// What a person sees who types at a terminal. Skipped where there is no tmux.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { textWidth } from "../../lib/console/layout.ts";
import { testUnless } from "../support/needs.ts";
import { Program } from "../support/program.ts";
import { noTerminal, Terminal } from "../support/terminal.ts";

/** A test at a terminal. */
function atTerminal(name: string, fn: () => Promise<void>) {
  testUnless(noTerminal, name, fn);
}

/** A chat room and a chat client at a terminal in it. */
async function chatting(columns?: number, rows?: number, shell?: string) {
  const server = Program.script("chat_server", ["--port", "0"]);
  const port = String(await server.port());
  const terminal = await Terminal.open(columns, rows, shell);
  await terminal.start("chat_client", ["--port", port]);
  await terminal.shows(/^chat client start/m);
  await terminal.takesKeys();
  await server.says("stdout", /# of client: 1\n/);
  return {
    server,
    port,
    terminal,
    /** Somebody else says something. */
    async say(text: string) {
      const conn = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
      await conn.write(new TextEncoder().encode(text + "\n"));
      await conn.closeWrite();
      for await (const _ of conn.readable); // until the server has closed it
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await terminal[Symbol.asyncDispose]();
    },
  };
}

Deno.test("text is as wide as a terminal shows it", () => {
  const widths: [string, number][] = [
    ["", 0],
    ["name : ", 7],
    ["한글", 4],
    ["\u1112\u1161\u11ab", 2], // 한, in pieces
    ["e\u0301", 1],
    ["漢字かなカナ", 12],
    ["ｆｕｌｌ", 8],
    ["ﾊﾝｶｸ", 4],
    ["ㅋㅋ", 4],
    ["👍", 2],
    ["🇰🇷", 2],
    ["é·→", 3],
    ["\u200b", 0],
  ];
  for (const [text, width] of widths) assertEquals(textWidth(text), width, text);
});

atTerminal("a message appears above the line being typed, which stays as it was", async () => {
  await using room = await chatting();
  const { terminal } = room;
  await terminal.type("안녕하세요 여러분");
  await terminal.is(["chat client start", "안녕하세요 여러분"], "17,1");
  await room.say("hello");
  await terminal.is(["chat client start", "receive :  hello", "안녕하세요 여러분"], "17,2");
  await terminal.press("Left", "Left", "Left");
  await room.say("한 번 더");
  const above = ["chat client start", "receive :  hello", "receive :  한 번 더"];
  await terminal.is([...above, "안녕하세요 여러분"], "11,3");
  await terminal.type("모두 ");
  await terminal.is([...above, "안녕하세요 모두 여러분"], "16,3");
  await terminal.press("Enter");
  const said = "안녕하세요 모두 여러분";
  await terminal.is([...above, said, `receive :  ${said}`], "0,5");
});

atTerminal("backspace takes a whole character, and nothing stays of it", async () => {
  await using room = await chatting();
  const { terminal } = room;
  await terminal.type("한글x\u1112\u1161\u11abe\u0301👍🏽");
  await terminal.press("BSpace", "BSpace", "BSpace"); // 👍🏽, é, and 한 in pieces
  await terminal.is(["chat client start", "한글x"], "5,1");
  await terminal.press("BSpace", "BSpace", "BSpace", "BSpace");
  await terminal.is(["chat client start"], "0,1");
  await terminal.type("나무");
  await terminal.press("Left", "BSpace", "Enter");
  await terminal.is(["chat client start", "무", "receive :  무"], "0,3");
});

atTerminal("the arrow keys bring back the lines before, and what was being typed", async () => {
  await using room = await chatting();
  const { terminal } = room;
  const screen = ["chat client start"];
  for (const line of ["one", "둘", "둘", "three"]) {
    await terminal.type(line);
    await terminal.press("Enter");
    screen.push(line, `receive :  ${line}`);
    await terminal.is(screen); // sent one by one: a recv may return two at once
  }
  await terminal.press("C-l");
  await terminal.type("draft");
  await terminal.press("Up", "Up");
  await terminal.is(["둘"], "2,0");
  await terminal.press("Up", "Up", "Up");
  await terminal.is(["one"], "3,0");
  await terminal.press("Down", "Down", "Down", "Down");
  await terminal.is(["draft"], "5,0");
  await terminal.press("Up", "Up", "Up", "BSpace", "Enter");
  await terminal.is(["on", "receive :  on"], "0,2");
});

atTerminal("keys that move, delete and mean nothing here", async () => {
  await using room = await chatting();
  const { terminal } = room;
  await terminal.press("C-l");
  await terminal.type("가나다 라마바");
  await terminal.press("Home", "Right", "DC", "End", "Left", "C-k", "F5", "Tab", "Escape");
  await terminal.is(["가다 라마"], "10,0");
  await terminal.type("x");
  await terminal.press("C-w");
  await terminal.is(["가다 라마"], "10,0");
});

atTerminal(
  "what a terminal sends that is no key types nothing, and Alt+arrow moves by a word",
  async () => {
    await using room = await chatting();
    const { terminal } = room;
    await terminal.press("C-l");
    await terminal.type("하나 둘");
    // F1 of Linux's console, an answer to a colour query, and where the cursor is.
    await terminal.type("\x1b[[A\x1b]11;rgb:2e2e/3434/3636\x07\x1b[24;80R");
    await terminal.type(" 셋");
    await terminal.is(["하나 둘 셋"], "10,0");
    await terminal.type("\x1b\x1b[D\x1b[1;3D");
    await terminal.is(["하나 둘 셋"], "5,0");
    await terminal.type("\x1b[1;3C!");
    await terminal.is(["하나 둘! 셋"], "8,0");
  },
);

atTerminal(
  "a line that begins in the top row, or is larger than the screen, stays out of the scrollback",
  async () => {
    for (const length of [100, 3000]) {
      await using room = await chatting();
      const { terminal } = room;
      await terminal.press("C-l");
      await terminal.paste("가".repeat(length / 2 - 1));
      await terminal.type("끝");
      await terminal.shows(/끝/);
      const before = await terminal.scrollback();
      await terminal.press(..."Left ".repeat(10).trim().split(" "));
      await terminal.type("중");
      await terminal.shows(/중/);
      await terminal.press("Home", "End", "BSpace");
      await room.say("처음");
      await terminal.shows(length > 1920 ? /중(?!.*끝)/s : /처음/);
      const more = length > 1920 ? 1 : 0; // what was said goes up, where there is no room for it
      assert(
        await terminal.scrollback() - before <= more,
        `${before}, then ${await terminal.scrollback()}`,
      );
    }
  },
);

atTerminal("Ctrl+D on an empty line is goodbye", async () => {
  await using room = await chatting();
  const { terminal, server } = room;
  await terminal.type("ab");
  await terminal.press("Left", "C-d"); // on another line it deletes
  await terminal.is(["chat client start", "a"], "1,1");
  await terminal.press("Enter");
  await terminal.shows(/receive : {2}a/);
  await terminal.press("C-d");
  assertEquals(await terminal.ended(), 0);
  await terminal.sane();
  await server.says("stdout", /disconnected\.\.\.\n/);
});

atTerminal("Ctrl+C ends the client with 130, and leaves the terminal as it was", async () => {
  await using room = await chatting();
  const { terminal } = room;
  await terminal.type("half a line");
  await terminal.shows(/half a line/);
  await terminal.press("C-c");
  assertEquals(await terminal.ended(), 130);
  await terminal.is(["chat client start", "half a line", "[130]$"]);
  await terminal.sane();
});

for (const [signal, status] of [["TERM", 143], ["HUP", 129], ["QUIT", 131]] as const) {
  atTerminal(`SIG${signal} leaves the terminal as it was`, async () => {
    await using room = await chatting();
    const { terminal, server } = room;
    await terminal.type("x");
    await terminal.shows(/^x/m);
    // The process group of the terminal's foreground: the client.
    const [, name] = /\/dev\/(.*)/.exec(terminal.tty)!;
    const list = await new Deno.Command("ps", { args: ["-t", name!, "-o", "pid=,args="] }).output();
    const [, pid] = / *(\d+) .*chat_client\.ts/.exec(new TextDecoder().decode(list.stdout))!;
    Deno.kill(Number(pid), `SIG${signal}`);
    assertEquals(await terminal.ended(), status);
    await terminal.sane();
    assert(server.stdout.includes("# of client: 1"));
  });
}

atTerminal(
  "a client whose server goes away says so and leaves the terminal as it was",
  async () => {
    await using room = await chatting();
    const { terminal, server } = room;
    await terminal.type("가나다");
    await terminal.shows(/가나다/);
    server.kill();
    assertEquals(await terminal.ended(), 1);
    await terminal.is([
      "chat client start",
      `chat_client: 127.0.0.1:${room.port} closed the connection`,
      "가나다",
      "[1]$",
    ]);
    await terminal.sane();
  },
);

atTerminal("Ctrl+Z and fg: the line being typed is there again", async () => {
  await using room = await chatting(80, 24, "bash --norc");
  const { terminal } = room;
  await terminal.type("가나");
  await terminal.shows(/가나/);
  await terminal.press("C-z");
  await terminal.shows(/Stopped/);
  assertEquals(await terminal.ended(), 148);
  await terminal.type("fg");
  await terminal.press("Enter");
  await terminal.shows(/^가나$/m);
  await terminal.type("다");
  await terminal.press("Left");
  await terminal.type("라");
  await terminal.shows(/^가나라다$/m);
  await terminal.press("Enter");
  await terminal.shows(/receive : {2}가나라다/);
});

atTerminal("each of several lines pasted at once is sent", async () => {
  await using room = await chatting(400); // all answers together fit in a row
  const { terminal } = room;
  const lines = Array.from({ length: 30 }, (_, i) => `${i}번째 줄`);
  await terminal.paste(lines.join("\n") + "\nrest");
  await terminal.shows(/^rest$/m);
  await terminal.shows(/receive : .*29번째 줄$/m);
  await terminal.press("Enter");
  await terminal.shows(/receive : .*rest$/m);
  await terminal.press("C-d");
  assertEquals(await terminal.ended(), 0);
  // In raw framing two answers may arrive as one, on a busy machine.
  const heard = [...(await terminal.screen("-S", "-")).matchAll(/receive : {2}(.*)/g)];
  assertEquals(heard.map(([, text]) => text).join(""), [...lines, "rest"].join(""));
});

atTerminal("a line of many rows stays whole on a screen of odd width", async () => {
  await using room = await chatting(41, 12);
  const { terminal } = room;
  const line = "가나다라마바사아자차카타파하".repeat(3); // two columns each: 20 to a row, one column is left
  await terminal.paste(line);
  const rows = [line.slice(0, 20), line.slice(20, 40), line.slice(40)];
  await terminal.is(["chat client start", ...rows], "4,3");
  await room.say("hello");
  await terminal.is(["chat client start", "receive :  hello", ...rows], "4,4");
  await terminal.press("Home");
  await terminal.is(["chat client start", "receive :  hello", ...rows], "0,2");
  await room.say("again");
  const above = ["chat client start", "receive :  hello", "receive :  again"];
  await terminal.is([...above, ...rows], "0,3");
  await terminal.type("x");
  const moved = `x${line}`;
  const movedRows = [moved.slice(0, 21), moved.slice(21, 41), moved.slice(41)];
  await terminal.is([...above, ...movedRows], "1,3");
  await terminal.press(...Array(20).fill("Right")); // to the right edge, which is the next row's left
  await terminal.is([...above, ...movedRows], "0,4");
  await terminal.press("Enter");
  await terminal.shows(/receive : {2}x가/);
});

atTerminal("of a line larger than the screen, the part with the cursor is there", async () => {
  await using room = await chatting(20, 6);
  const { terminal } = room;
  const line = Array.from({ length: 10 }, (_, i) => `${i}`.repeat(20)); // ten rows
  await terminal.paste(line.join("").slice(0, -1));
  const tail = [...line.slice(4, 9), "9".repeat(19)];
  await terminal.is(tail, "19,5");
  await room.say("hi");
  await terminal.is(tail, "19,5");
  await terminal.press("Home");
  await terminal.is(line.slice(0, 6), "0,0");
  await terminal.press("DC", "End", "Enter");
  await terminal.shows(/receive :/, "-S", "-");
});

atTerminal("a long line pasted holds up nothing, and has its limit", async () => {
  await using room = await chatting();
  const { terminal, port } = room;
  await terminal.paste("가".repeat(22_000)); // 66,000 bytes
  // The line fills the screen: what appears above it has scrolled off.
  await terminal.shows(/a line takes 65536 bytes: the rest was left out/, "-S", "-");
  await room.say("still here");
  await terminal.shows(/receive : {2}still here/, "-S", "-");
  const listener = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  using _ = listener;
  await listener.write(new TextEncoder().encode("me\n"));
  await terminal.shows(/receive : {2}me/, "-S", "-");
  await terminal.press("Enter");
  let heard = 0;
  for await (const chunk of listener.readable) {
    heard += chunk.filter((byte) => byte !== 10).length; // the server may read the line in pieces
    if (heard >= 2 + 21_845 * 3) break;
  }
  assertEquals(heard, 2 + 21_845 * 3);
});

atTerminal("prompts stand before what is typed, as in the original", async () => {
  await using server = Program.script("chat_server", ["--port", "0"]);
  await using terminal = await Terminal.open();
  await terminal.start("chat_client_nickname", ["--port", String(await server.port())]);
  await terminal.is(["name :"], "7,0");
  await terminal.type("정수");
  await terminal.press("BSpace");
  await terminal.type("은");
  await terminal.is(["name : 정은"], "11,0");
  await terminal.press("Enter");
  await terminal.shows(/chat client start/);
  await terminal.type("안녕");
  await terminal.press("Enter");
  await terminal.shows(/^안녕\nreceive : {2}\[정은\] 안녕$/m);
  const all = await terminal.screen("-S", "-"); // with what has scrolled off
  assertEquals(all.match(/name :/g)?.length, 1, "nothing is drawn twice");
});

atTerminal("a password is typed unseen, and Ctrl+C ends the program at once", async () => {
  await using server = Program.script("login_server", ["--port", "0", "--user", "jung:비밀"]);
  const port = String(await server.port());
  await using terminal = await Terminal.open();
  await terminal.start("login_client", ["--port", port]);
  await terminal.shows(/Input ID :$/);
  await terminal.paste("jung\n비밀x"); // typed ahead of the question
  await terminal.shows(/Input password :$/);
  await terminal.press("BSpace", "Enter");
  await terminal.shows(/Form Server : Login success/);
  assertEquals(await terminal.ended(), 0);
  assert(!(await terminal.screen()).includes("비"), "the password was shown");

  await terminal.start("login_client", ["--port", port]);
  await terminal.shows(/Input ID :$/);
  await terminal.type("jung");
  await terminal.press("Enter");
  await terminal.shows(/Input password :$/);
  await terminal.type("half");
  await terminal.press("C-c");
  assertEquals(await terminal.ended(), 130);
  await terminal.sane();
});

atTerminal("a program that asks no more gives the terminal back", async () => {
  await using terminal = await Terminal.open();
  await terminal.start("cinema", ["--host", "127.0.0.1", "--port", "0", "--name", "CGV"]);
  await terminal.shows(/Input <server> OR <client> :$/);
  await terminal.type("server");
  await terminal.press("Enter");
  await terminal.shows(/listening on/);
  await terminal.sane(); // while it runs
  await terminal.press("C-c");
  assertEquals(await terminal.ended(), 130);
});

atTerminal("--trace is in colour at a terminal, and above the line being typed", async () => {
  await using server = Program.script("chat_server", ["--port", "0"]);
  const port = String(await server.port());
  await using terminal = await Terminal.open();
  await terminal.start("chat_client", ["--port", port, "--trace"]);
  await terminal.shows(/connect ->/);
  await terminal.type("hi");
  await terminal.press("Enter");
  await terminal.type("typing");
  await terminal.shows(/recv {4}<- .*\n.*68 69 {40,}hi\nreceive : {2}hi\ntyping$/);
  // deno-lint-ignore no-control-regex -- ESC [32m is green
  await terminal.shows(/\x1b\[32m.*recv/, "-e");
  await terminal.press("BSpace", "C-u", "C-d");
  assertEquals(await terminal.ended(), 0);
  await terminal.start("chat_client", ["--port", port, "--trace"], "NO_COLOR=1 $SCRIPT");
  await terminal.shows(/connect ->/);
  assert(!(await terminal.screen("-e")).includes("\x1b[36m"), "NO_COLOR is heard");
});

atTerminal("through a pipe there is nothing of all this", async () => {
  await using server = Program.script("chat_server", ["--port", "0"]);
  const port = String(await server.port());
  await using terminal = await Terminal.open();
  const file = await Deno.makeTempFile();
  // Stdin is the terminal, stdout is not: the terminal echoes what is typed, as for the original.
  await terminal.start("chat_client", ["--port", port], `$SCRIPT | tee ${file}`);
  await terminal.shows(/chat client start/);
  await terminal.type("안녕");
  await terminal.press("Enter");
  await terminal.shows(/receive : {2}안녕/);
  await terminal.type("bye");
  await terminal.press("Enter");
  assertEquals(await terminal.ended(), 0);
  await terminal.is(["chat client start", "안녕", "receive :  안녕", "bye", "[0]$"]);
  const piped = await Deno.readTextFile(file);
  await Deno.remove(file);
  assertEquals(piped, "chat client start\nreceive :  안녕\n");

  // Stdout is the terminal, stdin is not.
  await terminal.start("chat_client", ["--port", port], "printf 'hi\\nbye\\n' | $SCRIPT");
  assertEquals(await terminal.ended(), 0);
  const screen = await terminal.screen("-e");
  assertStringIncludes(screen, "chat client start");
  assert(!screen.includes("\x1b"));
});
