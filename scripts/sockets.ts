#!/usr/bin/env -S deno run --allow-net
/**
 * All exercises by name: `sockets` lists them page by page, `sockets chat_server --port 9000` runs one,
 * `sockets help chat_server` shows its usage. Compiled (`deno task compile`) it is one file for all.
 */
import { closestString } from "@std/text/closest-string";
import { print } from "../lib/console.ts";
import { UsageError } from "../lib/errors.ts";
import { PAGES } from "../lib/exercises.ts";
import { command, run } from "../lib/script.ts";

interface Script {
  main(args: string[]): Promise<number | void>;
}

/**
 * Imports a script, and only when it is called for: the others cost nothing at start-up. `deno compile`
 * finds the scripts through these literal imports.
 */
const SCRIPTS: Record<string, () => Promise<Script>> = {
  cinema: () => import("./cinema.ts"),
  membership: () => import("./membership.ts"),
  case_server: () => import("./case_server.ts"),
  case_client: () => import("./case_client.ts"),
  login_server: () => import("./login_server.ts"),
  login_client: () => import("./login_client.ts"),
  soc1_server: () => import("./soc1_server.ts"),
  soc1_client: () => import("./soc1_client.ts"),
  soc2_server: () => import("./soc2_server.ts"),
  soc2_client: () => import("./soc2_client.ts"),
  my_server: () => import("./my_server.ts"),
  my_client: () => import("./my_client.ts"),
  chat_server: () => import("./chat_server.ts"),
  chat_client: () => import("./chat_client.ts"),
  chat_server_no_echo: () => import("./chat_server_no_echo.ts"),
  chat_client_args: () => import("./chat_client_args.ts"),
  chat_client_nickname: () => import("./chat_client_nickname.ts"),
  json_server: () => import("./json_server.ts"),
  json_client: () => import("./json_client.ts"),
  json_types: () => import("./json_types.ts"),
  listener: () => import("./listener.ts"),
  notify: () => import("./notify.ts"),
  broadcaster: () => import("./broadcaster.ts"),
  receiver: () => import("./receiver.ts"),
  caller: () => import("./caller.ts"),
  callee: () => import("./callee.ts"),
};

/** How to get the script of that name. Throws a UsageError that says which name comes nearest. */
function scriptOf(name: string): () => Promise<Script> {
  const names = Object.keys(SCRIPTS);
  const found = names.includes(name) && SCRIPTS[name];
  if (found) return found;
  const longer = names.filter((each) => each.startsWith(name)); // "chat" means the chats
  const near = longer.length > 0 ? longer : [closestString(name, names)];
  throw new UsageError(
    `there is no exercise "${name}": did you mean ${
      near.join(", ")
    }? Without a name all are listed`,
  );
}

function list() {
  print(`usage: ${command("NAME")} [flags]\n       ${command("help NAME")}`);
  for (const [title, exercises] of Object.entries(PAGES)) {
    print(`\n${title}`);
    for (const [name, about] of Object.entries(exercises)) print(`  ${name.padEnd(20)}`, about);
  }
}

export async function main(args = Deno.args) {
  const [first, ...rest] = args;
  const [name, flags] = first === "help" ? [rest[0], ["--help"]] : [first, rest];
  if (name === undefined || name === "--help" || name === "-h") return list();
  const load = scriptOf(name);
  const script = await load();
  return await script.main(flags);
}

if (import.meta.main) await run(main);
