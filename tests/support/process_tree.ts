// A program and everything that it started, to be signalled and killed as a whole: what it forked, what
// began a session of its own, and what lost its environment.

import { anyRuns, descendants, listening, scheduledTime, ticksSinceBoot } from "./linux_proc.ts";
import { sleep } from "./waiting.ts";

/** What is written into the environment of a program, so that all that it starts can be found again. */
const MARK = "TESTED_PROGRAM";
/** How often to look whether what was killed is gone, 5 ms between. */
const KILL_TRIES = 400;
/** Between two looks at whether a program runs, in milliseconds. */
const SAMPLE_GAP = 10;

const windows = Deno.build.os === "windows";

/** All that run now, so that none stays when the test or the checker ends before its time. */
const running = new Set<ProcessTree>();
globalThis.addEventListener("unload", () => {
  for (const tree of running) tree.kill();
});

/** The mark of one program, made before it is started. */
export class TreeMark {
  readonly #text = crypto.randomUUID();
  readonly since = ticksSinceBoot();

  get environment(): Record<string, string> {
    return { [MARK]: this.#text };
  }

  get entry(): string {
    return `${MARK}=${this.#text}`;
  }
}

/**
 * The processes that came of one program. It was started `detached`, in a session of its own; not so on
 * Windows, where Deno ends it with this program then, however this one ends.
 */
export class ProcessTree {
  /** The program itself has ended: Windows finds nothing of it any more, and may have given its number away. */
  leaderEnded = false;

  constructor(readonly leader: number, readonly mark: TreeMark) {
    running.add(this);
  }

  /** Ctrl+C, say: to all in the program's process group. Windows has none. */
  signalGroup(signal: Deno.Signal): void {
    this.#signal(signal, [this.#group]);
  }

  /** To all of it. On Windows, which has no signals, that is its end. */
  signalAll(signal: Deno.Signal): void {
    if (windows) return this.kill();
    this.#signal(signal, this.#pids());
  }

  /**
   * Waits until, for that many milliseconds, none of its threads has run or waited for a processor; no
   * longer than `limit`. Where that can't be seen it is at rest.
   */
  async atRest(ms: number, limit: number): Promise<void> {
    const end = performance.now() + limit;
    let all = this.#descendants();
    for (let since = performance.now(); performance.now() - since < ms;) {
      await sleep(SAMPLE_GAP);
      if (!anyRuns(all)) continue;
      if (performance.now() > end) return;
      since = performance.now();
      all = this.#descendants(); // what ran may have started something
    }
  }

  /**
   * How large a part of that many milliseconds one of its threads ran or waited for a processor: near 1 for
   * a loop without end, however busy the machine. (To look now and then does not tell: on a busy machine who
   * looks gets a processor just when the loop has left it.) 0 where that can't be seen.
   */
  async runningPart(ms: number): Promise<number> {
    const all = this.#descendants();
    const before = scheduledTime(all);
    const begin = performance.now();
    await sleep(ms);
    const elapsed = performance.now() - begin;
    const parts = Array.from(
      scheduledTime(all),
      ([thread, time]) => (time - (before.get(thread) ?? 0)) / elapsed,
    );
    return Math.max(0, ...parts);
  }

  /** Where its processes listen, or over UDP have a socket; nothing where that can't be seen. */
  listening(transport: "tcp" | "udp"): string[] {
    return listening(this.#descendants().map(({ pid }) => pid), transport);
  }

  /** Ends all of it, at once. */
  kill(): void {
    if (windows) return this.#killByTaskkill();
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

  /** What comes with Windows knows who started whom, as long as the program itself runs. */
  #killByTaskkill() {
    if (this.leaderEnded) return;
    try {
      const args = ["/F", "/T", "/PID", String(this.leader)];
      new Deno.Command("taskkill", { args, stdout: "null", stderr: "null" }).outputSync();
    } catch {
      // A Windows without it (Wine may be): then what the program started goes on.
    }
    this.#signal("SIGKILL", [this.leader]);
  }

  /** Waits until all that was killed is gone: a next run may want its port. */
  async gone(): Promise<void> {
    const left = () => this.#descendants().length > 0;
    for (let tries = 0; tries < KILL_TRIES && left(); tries++) await sleep(5);
    running.delete(this);
  }

  #descendants() {
    return descendants(this.leader, this.mark.entry, this.mark.since);
  }

  /** The process group, as `kill` takes it. */
  get #group(): number {
    return -this.leader;
  }

  /** The process group, and on Linux all else that came of the program. */
  #pids(): number[] {
    return [this.#group, ...this.#descendants().map((each) => each.pid)];
  }

  #signal(signal: Deno.Signal, pids: Iterable<number>) {
    for (const pid of pids) {
      try {
        Deno.kill(pid, signal);
      } catch {
        // It has ended meanwhile.
      }
    }
  }
}
