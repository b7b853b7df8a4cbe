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

/**
 * The locale, where that of this machine has another encoding than UTF-8, as where none is set: Java and
 * Mono would read and write `안녕` as `??`.
 */
let utf8: Record<string, string> | undefined;

function utf8Locale(): Record<string, string> {
  try {
    const { stdout } = new Deno.Command("locale", { args: ["charmap"], stderr: "null" })
      .outputSync();
    if (new TextDecoder().decode(stdout).trim() === "UTF-8") return {};
    return { LC_ALL: Deno.build.os === "darwin" ? "en_US.UTF-8" : "C.UTF-8" };
  } catch {
    return {}; // no such program here: Windows has no locales, and musl (Alpine) only those in UTF-8
  }
}

/** A list of folders or options in the environment, with one more in front. */
function withFirst(first: string, name: string, between: string): string {
  return [first, Deno.env.get(name) ?? ""].filter(Boolean).join(between);
}

/** The environment of a program: text is UTF-8, and what C, Python, Ruby and Perl print goes out at once. */
function environment(): Record<string, string> {
  const folder = (language: string, name: string) =>
    withFirst(`${import.meta.dirname}/${language}`, name, Deno.build.os === "windows" ? ";" : ":");
  return {
    ...unbuffered ??= unbufferedOutput(),
    ...utf8 ??= utf8Locale(),
    PYTHONUNBUFFERED: "1",
    PYTHONIOENCODING: "utf-8",
    PYTHONPATH: folder("python", "PYTHONPATH"),
    RUBYLIB: folder("ruby", "RUBYLIB"),
    RUBYOPT: withFirst("-runbuffered", "RUBYOPT", " "),
    PERL5LIB: folder("perl", "PERL5LIB"),
    PERL5OPT: withFirst("-MUnbuffered", "PERL5OPT", " "),
    NO_COLOR: "1",
  };
}
