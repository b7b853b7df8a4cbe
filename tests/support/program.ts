// A program that runs: started as a process, watched line by line, and ended whatever happens. What a
// test starts is one process; what the checker starts may be anything, and is ended with all of it.

import { AssertionError } from "@std/assert";
import { ProcessTree, TreeMark } from "./process_tree.ts";
import { LIMIT, settled, Watch } from "./waiting.ts";

/** How to start it, beside the command line. */
export interface StartOptions {
  /** Whether somebody types into it. Without it stdin is at its end from the start. */
  stdin?: boolean;
  /** Nobody takes what it prints to stdout until `readStdout`. */
  unread?: boolean;
  /** What it prints to stdout goes nowhere. */
  unheard?: boolean;
  env?: Record<string, string>;
  cwd?: string;
  /** How long an event may take, where LIMIT is too short for this program, in milliseconds. */
  limit?: number;
  /** Who is told of all that it does. */
  watch?: Watch;
  /**
   * Nothing is known about what it does: it gets a session of its own, and is ended with all that it
   * started; it may print so much, in UTF-16 units, and a \r that it prints is not kept.
   */
  stranger?: { prints: number };
}

/** How long a stranger has after SIGTERM, in milliseconds; then it is killed. */
const TERM_LIMIT = 500;
/** How long its output may stay open after its end, where a child of it does that, in milliseconds. */
const OUTPUT_LIMIT = 200;

/** The command can't be started at all. */
export class NotStarted extends Error {
  override name = "NotStarted";
}

/** What one of a program's two streams has brought so far. */
class Output {
  text = "";
  ended = false;
  /** More came than may come, in UTF-16 units; the rest is not read. */
  flooded = false;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  constructor(
    readonly stream: ReadableStream<Uint8Array> | undefined,
    readonly watch: Watch,
    readonly returns: boolean,
    public limit: number,
  ) {
    this.ended = stream === undefined;
  }

  async read() {
    const reader = this.#reader = this.stream!.getReader(); // called where there is one
    const decoder = new TextDecoder();
    while (!this.flooded) {
      const { value, done } = await reader.read();
      const text = decoder.decode(value, { stream: !done });
      this.text += this.returns ? text : text.replaceAll("\r", "");
      this.flooded = this.text.length > this.limit;
      if (done) break;
      this.watch.notify();
    }
    if (this.flooded) await reader.cancel();
    this.ended = true;
    this.watch.notify();
  }

  get begun(): boolean {
    return this.#reader !== undefined;
  }

  /** Takes no more of it. */
  async close() {
    await (this.#reader ?? this.stream)?.cancel();
    this.ended = true;
    this.watch.notify();
  }
}

/** A running program. `await using program = Program.script(...)` ends it with the test. */
export class Program implements AsyncDisposable {
  /** How it ended, if it has, and all that it said is there. */
  exit: Deno.CommandStatus | undefined;
  /** Its exit status, once it has ended. */
  readonly status: Promise<Deno.CommandStatus>;
  readonly #child: Deno.ChildProcess;
  readonly #tree: ProcessTree | undefined;
  readonly #stdout: Output;
  readonly #stderr: Output;
  readonly #reading: Promise<unknown>;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array> | undefined;
  readonly #watch: Watch;
  readonly #limit: number;

  /** Throws NotStarted where there is no such program. */
  constructor(readonly name: string, command: string, args: string[], options: StartOptions = {}) {
    const { stdin, unread, unheard, watch = new Watch(), limit = LIMIT, stranger } = options;
    this.#watch = watch;
    this.#limit = limit;
    const mark = new TreeMark();
    try {
      this.#child = new Deno.Command(command, {
        args,
        cwd: options.cwd,
        env: { NO_COLOR: "1", ...options.env, ...stranger ? mark.environment : {} },
        stdin: stdin ? "piped" : "null",
        stdout: unheard ? "null" : "piped",
        stderr: "piped",
        detached: stranger !== undefined && Deno.build.os !== "windows",
      }).spawn();
    } catch (error) {
      throw new NotStarted(`${command} can't be started: ${(error as Error).message}`); // Deno's errors are
    }
    if (stranger) this.#tree = new ProcessTree(this.#child.pid, mark);
    const output = (stream: ReadableStream<Uint8Array> | undefined) =>
      new Output(stream, watch, !stranger, stranger?.prints ?? Infinity);
    this.#stdout = output(unheard ? undefined : this.#child.stdout);
    this.#stderr = output(this.#child.stderr);
    const reading = [this.#stderr.read()];
    if (!unread && !unheard) reading.push(this.#stdout.read());
    this.#reading = Promise.all(reading);
    if (stdin) {
      this.#stdin = this.#child.stdin.getWriter();
      this.#stdin.closed.catch(() => {}); // it may end without reading what was typed
    }
    this.status = this.#child.status;
    this.status.then(async (status) => {
      if (this.#tree) this.#tree.leaderEnded = true;
      // What it printed last arrives with the end of its output, unless a child keeps that open.
      await settled(this.#reading, OUTPUT_LIMIT);
      this.exit = status;
      watch.notify();
    });
  }

  /** One of our scripts, started as README says. */
  static script(name: string, args: string[] = [], options?: StartOptions): Program {
    return new Program(name, Deno.execPath(), [...denoRun(name), ...args], options);
  }

  /** One of our scripts, started by a shell command in which `$SCRIPT` stands for it. */
  static shell(name: string, command: string, args: string[] = [], options?: StartOptions) {
    const script = [Deno.execPath(), ...denoRun(name), ...args].map((word) => `'${word}'`).join(
      " ",
    );
    return new Program(name, "sh", ["-c", command.replaceAll("$SCRIPT", script)], options);
  }

  get pid(): number {
    return this.#child.pid;
  }

  get stdout(): string {
    return this.#stdout.text;
  }

  get stderr(): string {
    return this.#stderr.text;
  }

  /** The port that a server started with `--port 0` says on stderr that it got. */
  async port(): Promise<number> {
    return Number((await this.says("stderr", /listening on .*:(\d+)\n/))[1]);
  }

  /** Waits until what it has printed matches. */
  says(stream: "stdout" | "stderr", pattern: RegExp): Promise<RegExpExecArray> {
    const output = stream === "stdout" ? this.#stdout : this.#stderr;
    return this.#until(`${stream} of ${this.name} matching ${pattern}`, () => {
      const match = pattern.exec(output.text);
      if (match) return match;
      if (output.ended) throw new AssertionError(`ended without ${pattern}\n${this.#said()}`);
    });
  }

  /** Types a line, or any text as it stands. Rejects where the program takes no more. */
  async type(text: string | Uint8Array): Promise<void> {
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    await this.#stdin!.write(bytes);
  }

  /** The end of its input, as Ctrl+D. */
  async endInput(): Promise<void> {
    await this.#stdin!.close();
  }

  /** Begins to take what it prints, where it was started `unread`. */
  readStdout(): void {
    this.#stdout.read();
  }

  /** Closes the other end of its stdout, as `head -1` does, where it was started `unread`. */
  async closeStdout(): Promise<void> {
    await this.#stdout.close();
  }

  kill(signal: Deno.Signal = "SIGTERM"): void {
    this.#child.kill(signal);
  }

  /** Waits until it has ended and both its streams have: its exit code, and all that it said. */
  ended(): Promise<{ code: number; stdout: string; stderr: string }> {
    return this.#until(`the end of ${this.name}`, () => {
      if (!this.exit || !this.#stdout.ended || !this.#stderr.ended) return undefined;
      return { code: this.exit.code, stdout: this.stdout, stderr: this.stderr };
    });
  }

  async [Symbol.asyncDispose]() {
    await this.#stdin?.close().catch(() => {}); // closed by the test, or by the program's end
    try {
      this.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    if (!this.#stdout.ended && !this.#stdout.begun) this.readStdout();
    await this.ended();
  }

  // Of strangers

  /** Which of its streams brought more than it may print, if one did, and how much it may. */
  get flooded(): { stream: "stdout" | "stderr"; limit: number } | undefined {
    if (this.#stdout.flooded) return { stream: "stdout", limit: this.#stdout.limit };
    if (this.#stderr.flooded) return { stream: "stderr", limit: this.#stderr.limit };
    return undefined;
  }

  /** It was sent that many bytes more, and may print what it is sent. */
  allow(bytes: number): void {
    this.#stdout.limit += 2 * bytes;
  }

  /** Ctrl+C: SIGINT to it and all in its process group. */
  interrupt(): void {
    this.#tree?.signalGroup("SIGINT");
  }

  /** How large a part of that many milliseconds it or something that it started ran: see ProcessTree. */
  runningPart(ms: number): Promise<number> {
    return this.#tree?.runningPart(ms) ?? Promise.resolve(0);
  }

  /** Waits until none of its threads has run for that many milliseconds: see ProcessTree. */
  async atRest(ms: number, limit: number): Promise<void> {
    await this.#tree?.atRest(ms, limit);
  }

  /** Where it or something that it started listens, or over UDP has a socket: see ProcessTree. */
  listening(transport: "tcp" | "udp"): string[] {
    return this.#tree?.listening(transport) ?? [];
  }

  /** Stops it and everything that it started: asked first, then made to. */
  async stop(): Promise<void> {
    this.#tree?.signalAll("SIGTERM");
    this.#stdin?.close().catch(() => {}); // closed already, or by the program's end
    await settled(this.status, TERM_LIMIT);
    this.#tree?.kill();
    await this.status;
    await this.#tree?.gone();
    await settled(this.#reading, OUTPUT_LIMIT); // what it printed last counts, too
    // A child that was not found may hold its output open.
    await Promise.all([this.#stdout.close(), this.#stderr.close()]);
  }

  async #until<T>(what: string, look: () => T | undefined): Promise<T> {
    const found = await this.#watch.until(look, performance.now() + this.#limit);
    if (found !== undefined) return found;
    throw new AssertionError(`waited ${this.#limit / 1000} s for ${what}\n${this.#said()}`);
  }

  #said(): string {
    return `--- stdout of ${this.name}:\n${this.stdout}--- stderr:\n${this.stderr}---`;
  }
}

function denoRun(name: string): string[] {
  const path = name.includes("/") ? name : `scripts/${name}.ts`;
  return ["run", "--no-prompt", "--allow-net", path];
}

// A test that starts programs mostly waits for something else as well.
export { LIMIT, within } from "./waiting.ts";
