// The end of input (Ctrl+D, or a pipe that has no more) at every prompt of every program: it ends, with
// a goodbye where it has one, else with one line that says why.

import { assertEquals } from "@std/assert";
import { Program } from "../support/program.ts";
import { sideBySide } from "../support/side_by_side.ts";
import { start } from "./servers.ts";

interface Prompting {
  name: string;
  /** The server that it talks to, if it is a client. */
  server?: { name: string; args?: string[] };
  args?(port: string): string[];
  /** An answer to each of its prompts, in order. */
  answers(port: string): string[];
  /** From this prompt on the end of input is as good as a goodbye. */
  goodbye?: number;
  /** With all answers given it is a server, and stays. */
  stays?: true;
}

const ADDRESS = (port: string) => ["--port", port];

const PROGRAMS: Prompting[] = [
  {
    name: "chat_client",
    server: { name: "chat_server" },
    args: ADDRESS,
    answers: () => ["hello", "bye"],
    goodbye: 0,
  },
  {
    name: "chat_client_args",
    server: { name: "chat_server_no_echo" },
    args: (port) => ["127.0.0.1", port],
    answers: () => ["hello", "bye"],
    goodbye: 0,
  },
  {
    name: "chat_client_nickname",
    server: { name: "chat_server" },
    args: ADDRESS,
    answers: () => ["jung", "hello", "bye"],
    goodbye: 0,
  },
  {
    name: "my_client",
    server: { name: "my_server" },
    args: ADDRESS,
    answers: () => ["jung", "hello", "/q"],
    goodbye: 0,
  },
  {
    name: "case_client",
    server: { name: "case_server" },
    args: ADDRESS,
    answers: () => ["Hello", "1"],
  },
  {
    name: "login_client",
    server: { name: "login_server", args: ["--user", "kim:1234"] },
    args: ADDRESS,
    answers: () => ["kim", "1234"],
  },
  {
    name: "login_server",
    args: () => ["--port", "0"],
    answers: () => ["kim", "1234"],
    stays: true,
  },
  {
    name: "cinema",
    server: { name: "cinema", args: ["--role", "server", "--name", "CGV"] },
    answers: (port) => ["client", "127.0.0.1", port, "영화 A", "3"],
  },
  { name: "cinema", answers: () => ["server", "127.0.0.1", "0", "CGV"], stays: true },
  {
    name: "membership",
    server: { name: "membership", args: ["--role", "server"] },
    answers: (port) => ["client", "127.0.0.1", port, "1", "kim", "1234", "2", "kim", "1234", "3"],
  },
  { name: "membership", answers: () => ["server", "127.0.0.1", "0"], stays: true },
];

for (const { name, server, args, answers, goodbye = Infinity, stays } of PROGRAMS) {
  Deno.test(`${name}${stays ? " as a server" : ""}: the end of input at each prompt`, async () => {
    const [running, number] = server ? await start(server) : [undefined, 0];
    await using _end = running;
    const port = String(number);
    const all = answers(port);
    const counts = Array.from({ length: all.length + (stays ? 0 : 1) }, (_, count) => count);
    await sideBySide(counts, async (count) => {
      await using program = Program.script(name, args?.(port) ?? [], { stdin: true });
      await program.type(all.slice(0, count).map((answer) => answer + "\n").join(""));
      await program.endInput();
      const { code, stderr } = await program.ended();
      const well = count === all.length || count >= goodbye;
      const line = `${name}: end of input, where an answer was expected\n`;
      const told = stderr.replace(/^listening on .*\n/, "");
      assertEquals([count, code, told], [count, well ? 0 : 1, well ? "" : line]);
    });
  });
}
