// The servers that are compared: this project's scripts, and peers written for the purpose.

import { fileURLToPath } from "node:url";
import { outputOf } from "../support/needs.ts";
import { Program } from "../support/program.ts";
import type { Load } from "./load.ts";

/** What a server does. */
export type Kind = "room" | "line-room" | "json" | "udp";

/** This project's script for each kind. */
const SCRIPTS: Record<Kind, string> = {
  "room": "chat_server",
  "line-room": "chat_server",
  "json": "json_server",
  "udp": "listener",
};

/** Something that servers are written in. */
export interface Subject {
  name: string;
  /** What it is and which version, for the head of the table. */
  version: string;
  /** The command that starts a server of that kind, on a port that it says on stderr. */
  command(kind: Kind): string[];
  /** What it has no server for. */
  without?: Kind;
}

function path(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

/** The first line that a command prints, or undefined where there is no such command, or it fails. */
async function firstLine(command: string, ...args: string[]): Promise<string | undefined> {
  return (await outputOf(command, ...args))?.split("\n")[0];
}

/** All subjects that this machine can run; compiled programs go into `folder`. */
export async function findSubjects(folder: string): Promise<Subject[]> {
  const subjects: Subject[] = [{
    name: "Deno",
    version: `Deno ${Deno.version.deno}`,
    command: (kind) => {
      const script = path(`../../scripts/${SCRIPTS[kind]}.ts`);
      const permission = ["run", "--no-prompt", "--allow-net"];
      return [Deno.execPath(), ...permission, script, "--host", "127.0.0.1", "--port", "0"];
    },
  }];
  const python = await firstLine("python3", "--version");
  if (python) {
    for (const name of ["threads", "asyncio"]) {
      const peer = path(`peers/${name}_peer.py`);
      subjects.push({ name, version: python, command: (kind) => ["python3", peer, kind] });
    }
  }
  const node = await firstLine("node", "--version");
  if (node) {
    const command = (kind: Kind) => ["node", path("peers/node_peer.mjs"), kind];
    subjects.push({ name: "node:net", version: `Node ${node}`, command });
  }
  const gcc = await firstLine("gcc", "--version");
  if (gcc) {
    const program = `${folder}/epoll_peer`;
    await firstLine("gcc", "-O2", "-o", program, path("peers/epoll_peer.c"));
    const command = (kind: Kind) => [program, kind];
    const version = `gcc ${/[\d.]+$/.exec(gcc)?.[0]}`;
    subjects.push({ name: "C epoll", version, command, without: "json" });
  }
  return subjects;
}

/** Starts a server, in a process of its own. */
export function startServer(command: string[]): Program {
  const [program = "", ...args] = command;
  return new Program(program, program, args, { unheard: true });
}

/** Runs the load generator, in a process of its own; gives what it prints. Throws where it fails. */
export async function run(load: Load): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", path("load.ts"), JSON.stringify(load)],
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(/Error: (.*)/.exec(decoder.decode(stderr))?.[1] ?? "it failed");
  return decoder.decode(stdout);
}
