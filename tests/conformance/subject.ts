// The program that is checked: whatever it does, its console is watched, and it is stopped again with
// everything that it started.

import { Program } from "../support/program.ts";
import type { Watch } from "../support/waiting.ts";

/** What a program may print of its own while one spec runs, in UTF-16 units; more is a flood. */
const CONSOLE_LIMIT = 1024 * 1024;

/** Starts a command. Throws NotStarted where there is no such program. */
export function startSubject(command: readonly string[], cwd: string, watch: Watch): Program {
  const [name = "", ...args] = command;
  return new Program(name, name, args, {
    cwd,
    watch,
    stdin: true,
    env: environment(),
    stranger: { prints: CONSOLE_LIMIT },
  });
}

/** What stdbuf (GNU coreutils) puts into the environment of a C program so that its output is unbuffered. */
let unbuffered: Record<string, string> | undefined;

function unbufferedOutput(): Record<string, string> {
  try {
    const { stdout } = new Deno.Command("stdbuf", { args: ["-o0", "env"] }).outputSync();
    const lines = new TextDecoder().decode(stdout).split("\n");
    const variables = lines.filter((line) => /^(LD_PRELOAD|_STDBUF_O)=/.test(line));
    return Object.fromEntries(variables.map((line) => line.split(/=(.*)/)));
  } catch {
    return {}; // no such program here: C programs must flush by themselves
  }
}

/** The environment of a program: Python writes UTF-8, and each line at once; C writes at once. */
function environment(): Record<string, string> {
  const here = import.meta.dirname;
  const paths = [here ? `${here}/python` : "", Deno.env.get("PYTHONPATH") ?? ""].filter(Boolean);
  return {
    ...unbuffered ??= unbufferedOutput(),
    PYTHONUNBUFFERED: "1",
    PYTHONIOENCODING: "utf-8",
    PYTHONPATH: paths.join(Deno.build.os === "windows" ? ";" : ":"),
    NO_COLOR: "1",
  };
}
