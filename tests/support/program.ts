// A program under test: started as a process, watched line by line, and ended whatever happens.

import { AssertionError } from "@std/assert";

/** How long an event may take on a busy machine before the test gives up, in milliseconds. */
export const LIMIT = 30_000;

/** How to start it, beside the command line. */
export interface StartOptions {
  /** Whether the test types into it. Without it stdin is at its end from the start. */
  stdin?: boolean;
  /** Nobody takes what it prints to stdout until `readStdout`. */
  unread?: boolean;
  env?: Record<string, string>;
  /** How long an event may take, where LIMIT is too short for this program, in milliseconds. */
  limit?: number;
}

/** What one of a program's two streams has brought so far. */
class Output {
  text = "";
  ended = false;
  #changed = Promise.withResolvers<void>();

  constructor(readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>) {}

  async read() {
    for await (const text of this.stream.pipeThrough(new TextDecoderStream())) {
      this.text += text;
      this.#wake();
    }
    this.ended = true;
    this.#wake();
  }

  async close() {
    await this.stream.cancel();
    this.ended = true;
  }

  #wake() {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /** Settles with the next bytes, or the end. */
  get changed(): Promise<void> {
    return this.#changed.promise;
  }
}

/** A running program. `await using program = Program.start(...)` ends it with the test. */
export class Program {
  readonly #child: Deno.ChildProcess;
  readonly #stdout: Output;
  readonly #stderr: Output;
  readonly #limit: number;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array> | undefined;
  /** Its exit status, once it has ended. */
  readonly status: Promise<Deno.CommandStatus>;

  constructor(readonly name: string, command: string, args: string[], options: StartOptions = {}) {
    this.#limit = options.limit ?? LIMIT;
    this.#child = new Deno.Command(command, {
      args,
      env: { NO_COLOR: "1", ...options.env },
      stdin: options.stdin ? "piped" : "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.status = this.#child.status;
    this.#stdout = new Output(this.#child.stdout);
    this.#stderr = new Output(this.#child.stderr);
    this.#stderr.read();
    if (!options.unread) this.#stdout.read();
    if (options.stdin) this.#stdin = this.#child.stdin.getWriter();
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
  async says(stream: "stdout" | "stderr", pattern: RegExp): Promise<RegExpExecArray> {
    const output = stream === "stdout" ? this.#stdout : this.#stderr;
    return await within(this.#limit, `${stream} of ${this.name} matching ${pattern}`, async () => {
      while (true) {
        const match = pattern.exec(output.text);
        if (match) return match;
        if (output.ended) throw new AssertionError(`ended without ${pattern}\n${this.#said()}`);
        await output.changed;
      }
    }).catch((error) => {
      throw new AssertionError(`${error.message}\n${this.#said()}`);
    });
  }

  /** Types a line, or any text as it stands. */
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
  async ended(): Promise<{ code: number; stdout: string; stderr: string }> {
    return await within(this.#limit, `the end of ${this.name}`, async () => {
      const { code } = await this.status;
      for (const output of [this.#stdout, this.#stderr]) {
        while (!output.ended) await output.changed;
      }
      return { code, stdout: this.stdout, stderr: this.stderr };
    }).catch((error) => {
      throw new AssertionError(`${error.message}\n${this.#said()}`);
    });
  }

  #said(): string {
    return `--- stdout of ${this.name}:\n${this.stdout}--- stderr:\n${this.stderr}---`;
  }

  async [Symbol.asyncDispose]() {
    await this.#stdin?.close().catch(() => {}); // closed by the test, or by the program's end
    try {
      this.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    if (!this.#stdout.stream.locked && !this.#stdout.ended) this.readStdout();
    await this.ended();
  }
}

function denoRun(name: string): string[] {
  const path = name.includes("/") ? name : `scripts/${name}.ts`;
  return ["run", "--no-prompt", "--allow-net", path];
}

/** Runs `work`, and throws when it takes longer than that many milliseconds. */
export async function within<T>(
  ms: number,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new AssertionError(`waited ${ms / 1000} s for ${what}`)),
    ms,
  );
  try {
    return await Promise.race([work(), promise]);
  } finally {
    clearTimeout(timer);
  }
}
