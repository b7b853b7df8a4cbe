// `deno task pictures`: makes the pictures that README shows, each from a real run: a chat at two terminals,
// the trace of a chat, and a page of `deno task read`. What a picture needs and is not there leaves the old
// picture as it is, with a line that says so.

import { resolve } from "node:path";
import { print, report } from "../lib/console.ts";
import { Failure, UsageError } from "../lib/errors.ts";
import { run } from "../lib/script.ts";
import { isInstalled } from "../tests/support/needs.ts";
import { noOriginals, ORIGINALS } from "../tests/support/originals.ts";
import { Peer } from "../tests/support/peer.ts";
import { Program } from "../tests/support/program.ts";
import { noTerminal, Terminal } from "../tests/support/terminal.ts";
import { drawScreens, type Screen } from "./pictures/screen.ts";

const HELP =
  `Makes the pictures that README shows, in .tasks/pictures: chat.svg, trace.svg, reading.png.

usage: PYTHON_ORIGINALS=FOLDER deno task pictures

It needs tmux, Chromium, the course's Python files, and port 9999, which the chat uses.`;

const FOLDER = ".tasks/pictures";
const CHROMIUM = "chromium";
const [COLUMNS, ROWS] = [47, 10];

async function main() {
  if (Deno.args[0] === "--help") return print(HELP);
  if (Deno.args.length > 0) throw new UsageError("it takes nothing but --help");
  await make("chat.svg", noTerminal, chat);
  await make("trace.svg", undefined, trace);
  const noBrowser = await isInstalled(CHROMIUM, "--version") ? undefined : "there is no Chromium";
  await make("reading.png", noBrowser ?? noOriginals, reading);
}

/** Makes a picture, unless something for it is missing. */
async function make(name: string, missing: string | undefined, draw: (file: string) => unknown) {
  const file = `${FOLDER}/${name}`;
  if (missing !== undefined) return report(`${file} stays as it is: ${missing}`);
  await draw(file);
  print(file, (await Deno.stat(file)).size.toLocaleString("en"), "bytes");
}

/** Two people chat, each at a terminal; one of them is still typing. */
async function chat(file: string) {
  await using server = Program.script("chat_server");
  await server.says("stdout", /Chat Server start\n/);
  await using kim = await client();
  await server.says("stdout", /# of client: 1\n/);
  await using lee = await client();
  await server.says("stdout", /# of client: 2\n/);
  const say = async (terminal: Terminal, text: string) => {
    await terminal.type(text);
    await terminal.press("Enter");
    for (const each of [kim, lee]) await each.shows(RegExp(`receive :  ${RegExp.escape(text)}`));
  };
  await say(kim, "안녕하세요?");
  await say(lee, "네, 반갑습니다!");
  await lee.type("오늘 실습은 몇 번");
  await say(kim, "TCP 채팅이 Deno에서도 되네요 :)");
  await Deno.writeTextFile(file, drawScreens([await shot("kim", kim), await shot("lee", lee)]));
}

/** A terminal at which chat_client has been started as README says. */
async function client(): Promise<Terminal> {
  const terminal = await Terminal.open(COLUMNS, ROWS);
  await terminal.type("PS1='$ '; clear");
  await terminal.press("Enter");
  await terminal.shows(/^\$$/);
  await terminal.type("deno run --allow-net scripts/chat_client.ts");
  await terminal.press("Enter");
  await terminal.shows(/^chat client start/m);
  await terminal.takesKeys();
  return terminal;
}

async function shot(title: string, terminal: Terminal): Promise<Screen> {
  const [column = 0, row = 0] = (await terminal.cursor()).split(",").map(Number);
  const text = await terminal.screen("-e");
  return { title, text, columns: COLUMNS, rows: ROWS, cursor: { column, row } };
}

/** A chat in which two messages travel in one segment, as the server sees it. */
async function trace(file: string) {
  const command = ["run", "--allow-net", `--allow-write=${file}`, "scripts/chat_server.ts"];
  const flags = ["--port", "0", "--trace-diagram", file];
  await using server = new Program("chat_server", Deno.execPath(), [...command, ...flags]);
  const port = await server.port();
  using kim = await Peer.connect(port);
  using lee = await Peer.connect(port);
  await kim.send("안녕하세요?\n반갑습니다!\n");
  for (const each of [kim, lee]) await each.says(/반갑습니다!/);
  server.kill();
  await server.ended(); // now all is drawn
}

/** A reading page in a browser. */
async function reading(file: string) {
  const folder = await Deno.makeTempDir();
  try {
    await finish(Deno.execPath(), [
      ...["task", "read", "--originals", resolve(ORIGINALS), "--output", folder],
    ]);
    await finish(CHROMIUM, [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"],
      ...["--window-size=1000,1000", `--screenshot=${resolve(file)}`, `${folder}/chat.html`],
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs a program to its end. Throws a Failure with what it says where it fails. */
async function finish(command: string, args: string[]) {
  await using program = new Program(command, command, args);
  const { code, stderr } = await program.ended();
  if (code !== 0) throw new Failure(`${command} failed: ${stderr.trim()}`);
}

await run(main);
