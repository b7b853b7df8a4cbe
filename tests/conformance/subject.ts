// The program that is checked: started in a session of its own, its console watched, and stopped
// again with everything that it started, whatever it does.

import { anyRuns, descendants, ticksSinceBoot } from "./linux_proc.ts";
import { sleep, type Watch, within } from "./watch.ts";

/** What a program may print of its own while one spec runs, in UTF-16 units; more is a flood. */
const CONSOLE_LIMIT = 1024 * 1024;
/** How long a program has after SIGTERM, in milliseconds; then it is killed. */
const TERM_LIMIT = 500;

/** How often to look whether what was killed is gone, 5 ms between. */
const KILL_TRIES = 400;

/** Between two looks at whether a program runs, in milliseconds. */
const SAMPLE_GAP = 10;

/** What is written into the environment of a program, so that all that it starts can be found again. */
const MARK = "CONFORMANCE_SUBJECT";

/** All that run now, so that none stays when the checker ends before its time. */
const running = new Set<Subject>();
globalThis.addEventListener("unload", () => {
  for (const subject of running) subject.kill();
});

/** The command can't be started at all. */
export class NotStarted extends Error {
  override name = "NotStarted";
}

/** One of the two output streams. */
class Output {
  text = "";
  flooded = false;
  /** What may come, in UTF-16 units. */
  limit = CONSOLE_LIMIT;
  /** Settles when no more will come. */
  readonly ended: Promise<void>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;

  constructor(stream: ReadableStream<Uint8Array>, watch: Watch) {
    this.#reader = stream.getReader();
    this.ended = this.#read(watch);
  }

  async #read(watch: Watch) {
    const decoder = new TextDecoder();
    while (!this.flooded) {
      const { value } = await this.#reader.read();
      if (value === undefined) return;
      const text = decoder.decode(value, { stream: true });
      // A program on Windows ends its lines in \r\n.
      this.text += Deno.build.os === "windows" ? text.replaceAll("\r", "") : text;
      this.flooded = this.text.length > this.limit;
      watch.notify();
    }
    await this.close();
  }

  async close(): Promise<void> {
    await this.#reader.cancel();
  }
}

/** A program that runs. */
export class Subject {
  readonly stdout: Output;
  readonly stderr: Output;
  /** How it ended, if it has. */
  status: Deno.CommandStatus | undefined;
  /** As far as its console has been matched. */
  matched = 0;
  readonly #child: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #descendants: () => ReturnType<typeof descendants>;

  private constructor(child: Deno.ChildProcess, mark: string, since: number, watch: Watch) {
    this.#child = child;
    this.#descendants = () => descendants(child.pid, mark, since);
    this.#stdin = child.stdin.getWriter();
    // A program may end without reading what was typed.
    this.#stdin.closed.catch(() => {});
    this.stdout = new Output(child.stdout, watch);
    this.stderr = new Output(child.stderr, watch);
    child.status.then(async (status) => {
      // What it printed last arrives with the end of its output, unless a child keeps that open.
      await within(Promise.all([this.stdout.ended, this.stderr.ended]), 200);
      this.status = status;
      watch.notify();
    });
    running.add(this);
  }

  /** Starts a command. Throws NotStarted where there is no such program. */
  static start(command: readonly string[], cwd: string, watch: Watch): Subject {
    const mark = `${MARK}=${crypto.randomUUID()}`;
    const [name = "", ...args] = command;
    const since = ticksSinceBoot();
    try {
      const child = new Deno.Command(name, {
        args,
        cwd,
        env: { ...environment(), [MARK]: mark.slice(MARK.length + 1) },
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
        detached: true,
      }).spawn();
      return new Subject(child, mark, since, watch);
    } catch (error) {
      throw new NotStarted(`${name} can't be started: ${(error as Error).message}`); // Deno's errors are
    }
  }

  /** It was sent that many bytes more, and may print what it is sent. */
  allow(bytes: number): void {
    this.stdout.limit += 2 * bytes;
  }

  /** Types at its console; what a program that has ended does not read is no matter. */
  type(text: string): void {
    this.#stdin.write(new TextEncoder().encode(text)).catch(() => {});
  }

  endInput(): void {
    this.#stdin.close().catch(() => {});
  }

  /** Ctrl+C. */
  interrupt(): void {
    this.#signal("SIGINT", [this.#group]);
  }

  /**
   * How large a part of that many milliseconds it, or something that it started, ran or waited for a
   * processor: near 1 for a loop without end, however busy the machine. 0 where that can't be seen.
   */
  async runningPart(ms: number): Promise<number> {
    const all = this.#descendants();
    let samples = 0, running = 0;
    for (const end = performance.now() + ms; performance.now() < end; samples++) {
      await sleep(SAMPLE_GAP);
      if (anyRuns(all)) running++;
    }
    return running / samples;
  }

  /** Stops it and everything that it started: asked first, then made to. */
  async stop(): Promise<void> {
    this.#signal("SIGTERM", this.#pids());
    this.endInput();
    await within(this.#child.status, TERM_LIMIT);
    this.kill();
    await this.#child.status;
    // The others may take a moment to die; a next run may want their port.
    const left = () => this.#descendants().length > 0;
    for (let tries = 0; tries < KILL_TRIES && left(); tries++) await sleep(5);
    await Promise.all([this.stdout.close(), this.stderr.close()]);
    running.delete(this);
  }

  /** Ends it and everything that it started, at once. */
  kill(): void {
    // What is stopped can't fork: when all that is found has been stopped, there is nothing else.
    const stopped = new Set<number>();
    while (true) {
      const found = this.#pids().filter((pid) => !stopped.has(pid));
      if (found.length === 0) break;
      this.#signal("SIGSTOP", found);
      for (const pid of found) stopped.add(pid);
    }
    this.#signal("SIGKILL", stopped);
  }

  /** Its process group, as `kill` takes it; Windows has none. */
  get #group(): number {
    return Deno.build.os === "windows" ? this.#child.pid : -this.#child.pid;
  }

  /** Its process group, and on Linux all else that came of it. */
  #pids(): number[] {
    return [this.#group, ...this.#descendants().map((each) => each.pid)];
  }

  #signal(signal: Deno.Signal, pids: Iterable<number>) {
    if (Deno.build.os === "windows" && signal === "SIGSTOP") return;
    for (const pid of pids) {
      try {
        Deno.kill(pid, signal);
      } catch {
        // It has ended meanwhile.
      }
    }
  }
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
