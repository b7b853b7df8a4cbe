// A real terminal, for tests: tmux, with a server of its own, in which a shell runs what is typed.

import { isInstalled } from "./needs.ts";
import { eventually } from "./waiting.ts";

/** Why tests that need a terminal are skipped; undefined where they run. */
export const noTerminal: string | undefined = await isInstalled("tmux", "-V")
  ? undefined
  : "there is no tmux";

/** The shell's prompt, which says that the program before has ended, and with which status. */
const READY = /\[(\d+)\]\$$/;

/** A terminal with a shell. `await using terminal = await Terminal.open()` closes it with the test. */
export class Terminal {
  private constructor(readonly folder: string, readonly tty: string) {}

  /** `sh` leaves the terminal's settings alone; `bash` does not, but knows fg. */
  static async open(columns = 80, rows = 24, shell = "sh"): Promise<Terminal> {
    const folder = await Deno.makeTempDir();
    const size = ["-x", String(columns), "-y", String(rows)];
    await tmux(folder, [
      "-f",
      "/dev/null",
      "new-session",
      "-d",
      ...size,
      `env PS1='[$?]$ ' ${shell}`,
    ]);
    const terminal = new Terminal(folder, await tmux(folder, ["display", "-p", "#{pane_tty}"]));
    await terminal.shows(READY);
    return terminal;
  }

  /**
   * One of our scripts, started by the shell; `$SCRIPT` stands for it in a command line around it.
   * `flags` are Deno's own.
   */
  async start(
    script: string,
    args: string[] = [],
    line = "$SCRIPT",
    flags = ["--no-prompt", "--allow-net"],
  ): Promise<void> {
    const command = [Deno.execPath(), "run", ...flags, `scripts/${script}.ts`, ...args];
    const quoted = command.map((word) => `'${word}'`).join(" ");
    const file = `${this.folder}/script`;
    // Through a file, so that the command line does not fill the screen.
    await Deno.writeTextFile(file, `clear; ${line.replace("$SCRIPT", quoted)}`);
    await tmux(this.folder, ["send-keys", "-R"]); // clears the screen at once: nothing old is seen
    await this.type(`. ${file}`);
    await this.press("Enter");
  }

  /** Types text as it stands. */
  async type(text: string): Promise<void> {
    await tmux(this.folder, ["send-keys", "-l", text]);
  }

  /** Presses keys, by tmux's names: `Enter`, `BSpace`, `Up`, `C-c`. */
  async press(...keys: string[]): Promise<void> {
    await tmux(this.folder, ["send-keys", ...keys]);
  }

  /** Pastes text, all at once. */
  async paste(text: string): Promise<void> {
    const file = `${this.folder}/paste`;
    await Deno.writeTextFile(file, text);
    await tmux(this.folder, ["load-buffer", file]);
    await tmux(this.folder, ["paste-buffer"]);
  }

  /** The lines on the screen, without empty ones at its end; `-e` shows colours as well. */
  async screen(...options: string[]): Promise<string> {
    return (await tmux(this.folder, ["capture-pane", "-p", ...options])).trimEnd();
  }

  /** Where the cursor is: column and row, from 0. */
  async cursor(): Promise<string> {
    return await tmux(this.folder, ["display", "-p", "#{cursor_x},#{cursor_y}"]);
  }

  /** How many lines have gone off the screen, upwards. */
  async scrollback(): Promise<number> {
    return Number(await tmux(this.folder, ["display", "-p", "#{history_size}"]));
  }

  /** Waits until the screen matches. */
  async shows(pattern: RegExp, ...options: string[]): Promise<RegExpExecArray> {
    return await this.#until(() => this.screen(...options), pattern);
  }

  /** Waits until the screen is exactly this, and the cursor there. */
  async is(lines: string[], cursor?: string): Promise<void> {
    const wanted = lines.join("\n");
    await this.#until(
      async () => `${await this.screen()}\ncursor ${cursor && await this.cursor()}`,
      `${wanted}\ncursor ${cursor}`,
    );
  }

  /** Waits until the program has ended: its exit status. */
  async ended(): Promise<number> {
    return Number((await this.shows(READY))[1]);
  }

  /** Waits until a program takes each key as it is pressed; what is typed before, the terminal shows too. */
  async takesKeys(): Promise<void> {
    await this.#until(() => output("stty", ["-F", this.tty, "-a"]), /-icanon/);
  }

  /** Waits until the terminal is as a shell expects it: whole lines, echo, Enter is a newline. */
  async sane(): Promise<void> {
    await this.#until(
      async () => (await output("stty", ["-F", this.tty, "-a"])).replace(/\s+/g, " "),
      /(?=.* icanon)(?=.* echo )(?=.* icrnl)(?=.* ixon)(?=.* isig)/,
    );
  }

  /** The process number of its shell. */
  async shell(): Promise<number> {
    return Number(await tmux(this.folder, ["display", "-p", "#{pane_pid}"]));
  }

  /** Closes the window, as a click on its cross does: nothing can be typed or read any more. */
  async hangUp(): Promise<void> {
    await tmux(this.folder, ["set", "-s", "exit-empty", "off"]); // tmux itself goes on
    await tmux(this.folder, ["kill-session"]);
  }

  async #until(look: () => Promise<string>, wanted: string | RegExp): Promise<RegExpExecArray> {
    const pattern = typeof wanted === "string" ? new RegExp(`^${RegExp.escape(wanted)}$`) : wanted;
    let seen = "";
    return await eventually(() => `\n${wanted}\nbut there is\n${seen}`, async () => {
      seen = await look();
      return pattern.exec(seen);
    });
  }

  async [Symbol.asyncDispose]() {
    await tmux(this.folder, ["kill-server"]);
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** Runs tmux with the server whose socket is in that folder. */
async function tmux(folder: string, args: string[]): Promise<string> {
  return await output("tmux", ["-u", "-S", `${folder}/socket`, ...args]);
}

async function output(command: string, args: string[]): Promise<string> {
  const env = { LC_ALL: "C.UTF-8", TERM: "xterm-256color", NO_COLOR: "" };
  const { success, stdout, stderr } = await new Deno.Command(command, { args, env }).output();
  if (!success) throw new Error(`${command} ${args}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout).trimEnd();
}
