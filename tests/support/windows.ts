// The scripts as Windows runs them: Deno's own deno.exe in Wine, in the folder that DENO_WINDOWS names
// (`DENO_WINDOWS=$(.ci/windows) deno test --allow-all tests/slow/windows_test.ts`). This Windows speaks
// Korean: its error texts are Korean, and its code page is 949.

import { Program, type StartOptions, within } from "./program.ts";
import type { Terminal } from "./terminal.ts";

const folder = Deno.env.get("DENO_WINDOWS");

/** Why tests that need Windows are skipped; undefined where they run. */
export const noWindows: string | undefined = folder
  ? undefined
  : "DENO_WINDOWS is not set, see .ci/windows";

/** The first start takes a few seconds, and more where other tests run too. */
const SLOW = 120_000;

/** How deno.exe runs a script: types are checked, and modules fetched, by the Deno of this machine. */
const RUN = ["run", "--no-prompt", "--no-check", "--cached-only", "--allow-net"];

if (folder) {
  // Wine finds no certificates to fetch modules with.
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["cache", "scripts/sockets.ts"],
    env: { DENO_DIR: `${folder}/filled` },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** One of our scripts on Windows; its input and output are pipes. SIGINT reaches it as Ctrl+C does. */
export function onWindows(name: string, args: string[] = [], options: StartOptions = {}): Program {
  return new Program(`${name} on Windows`, `${folder}/run`, [...RUN, path(name), ...args], {
    limit: SLOW,
    ...options,
  });
}

/** The checker on Windows, which checks what that deno.exe runs with these arguments. */
export function checkOnWindows(args: string[], run: string[]): Program {
  const task = ["run", "--no-check", "--cached-only", "--allow-all", ".tasks/check.ts", ...args];
  const command = ["--", `Z:${folder}/deno.exe`, "run", "--no-check", ...run];
  const options = { limit: SLOW, env: { INIT_CWD: "" } };
  return new Program("check on Windows", `${folder}/run`, [...task, ...command], options);
}

/**
 * One of our scripts at a Windows console in that terminal: what is typed into the terminal is typed
 * at the console, and the screen shows the console's. Wine draws three things otherwise than Windows
 * does: a character outside the BMP, such as an emoji, is two replacement characters on the screen
 * (the program gets it whole); a line being edited is drawn right only while it is one row long, and
 * has the cursor at its end when something else is printed; and a console stays as large as it was.
 */
export async function startAtConsole(
  terminal: Terminal,
  name: string,
  args: string[] = [],
): Promise<void> {
  const words = [`${folder}/run`, ...RUN, path(name), ...args];
  await terminal.start(name, [], words.map((word) => `'${word}'`).join(" "));
}

/** Waits until a program at a console reads keys: Wine turns the terminal's Enter into its own then. */
export async function readsKeys(terminal: Terminal): Promise<void> {
  await within(SLOW, "a program that reads keys", async () => {
    while (!(await terminalMode(terminal)).includes(" -icanon ")) {
      await new Promise((resolve) => setTimeout(resolve, 20)); // nothing tells of the change
    }
  });
}

async function terminalMode({ tty }: Terminal): Promise<string> {
  const { stdout } = await new Deno.Command("stty", { args: ["-F", tty, "-a"] }).output();
  return new TextDecoder().decode(stdout);
}

/** What a terminal has to send, so that Wine's console takes it for the key. Its others are tmux's. */
const KEYS: Record<string, string> = {
  // Ctrl+C alone closes the console's keyboard (Wine 10). With Alt it is Ctrl+C: a signal, or a
  // character where the program reads raw keys, which then has ESC before it.
  "C-c": "\x1b\x03",
  Home: "\x1b[H",
  End: "\x1b[F",
};

/** Presses keys at a Windows console, by tmux's names, as `Terminal.press` does elsewhere. */
export async function pressAtConsole(terminal: Terminal, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    const sent = KEYS[key];
    if (sent === undefined) await terminal.press(key);
    else await terminal.type(sent);
  }
}

function path(name: string): string {
  return name.includes("/") ? name : `scripts/${name}.ts`;
}
