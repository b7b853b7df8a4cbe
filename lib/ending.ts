// How the program ends: by Python's `sys.exit`, or by a signal. What is open is put down here, so that
// all of it can be closed in an orderly way; nothing here knows what it is.

/** Something that is open until it is closed. */
export interface Closable {
  /** Closes it, when what it had to send or write has gone out. Never throws. */
  close(): Promise<void>;
}

/** The exit status of each signal: 128 and its number, as POSIX shells have it. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143, SIGBREAK: 149 } as const;
/** Milliseconds in which a program has ended after a signal, even if its console takes nothing. */
const SIGNAL_LIMIT = 2000;

/** Sockets and files that are open. Each adds itself, and takes itself off when it closes. */
export const stillOpen = new Set<Closable>();
/** What is called when all that was open is closed, the last one first. */
const callbacks: (() => Promise<void>)[] = [];
/** Whether the program is about to end; what began first decides the status. */
let ending = false;
/** What Ctrl+C does instead of ending the program, if anything. */
let handler: (() => void) | undefined;

/** Calls `callback` when the program ends and all its sockets are closed. Python's `atexit.register`. */
export function atExit(callback: () => Promise<void>): void {
  callbacks.unshift(callback);
}

/** Whether the program is about to end: what fails from then on is no news. */
export function isEnding(): boolean {
  return ending;
}

/** Python's `sys.exit`: ends the program, when what was to be sent and printed has gone out. */
export async function exit(status: number): Promise<never> {
  if (ending) return new Promise<never>(() => {}); // never settles: the program ends meanwhile
  ending = true;
  await Promise.all(Array.from(stillOpen, (each) => each.close()));
  for (const callback of callbacks) await callback();
  Deno.exit(status);
}

/** Lets `handle` decide what Ctrl+C does. Python's `signal.signal(signal.SIGINT, handler)`. */
export function onInterrupt(handle: () => void): void {
  handler = handle;
}

/** Does what Ctrl+C does. */
export function interrupt(): void {
  if (handler && !ending) return handler();
  endWith(SIGNALS.SIGINT);
}

/** Lets a signal end the program as `exit` does. Where the system has no such signal, nothing changes. */
export function endOnSignal(signal: keyof typeof SIGNALS): void {
  if (signal === (Deno.build.os === "windows" ? "SIGQUIT" : "SIGBREAK")) return;
  Deno.addSignalListener(
    signal,
    signal === "SIGINT" ? interrupt : () => endWith(SIGNALS[signal]),
  );
}

/**
 * Lets the program outlive its terminal where no standard stream is one, as with `nohup`: that has the
 * system ignore SIGHUP, but Deno takes it up again. At a terminal it ends the program. (Windows ends it.)
 */
export function outliveTerminal(): void {
  const terminal = [Deno.stdin, Deno.stdout, Deno.stderr].some((each) => each.isTerminal());
  if (!terminal && Deno.build.os !== "windows") Deno.addSignalListener("SIGHUP", () => {});
}

function endWith(status: number): void {
  if (ending) Deno.exit(status); // a second signal: the user does not want to wait
  exit(status);
  setTimeout(() => Deno.exit(status), SIGNAL_LIMIT); // a console that takes nothing must not keep it
}
