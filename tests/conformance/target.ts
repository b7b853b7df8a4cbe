// What is checked, and where: the command that starts it, and the address that it is to use.

import { freePort } from "../support/free_port.ts";
import { isHeldByEnded } from "../support/linux_proc.ts";
import { sleep } from "../support/waiting.ts";
import type { Exercise, Spec } from "./spec.ts";

/** What is checked: a command to start, or a server that runs already. */
export interface Target {
  /** With `{host}` and `{port}` for the address; undefined for a server that runs already. */
  readonly command: readonly string[] | undefined;
  /** Where the command is started. */
  readonly cwd: string;
  /** The server's host; undefined for this machine. */
  readonly host?: string | undefined;
  /** The server's port; undefined for the course's, or a free one where the command takes it. */
  readonly port?: number | undefined;
  /** Milliseconds that the program may take for each thing that is waited for. */
  readonly limit: number;
  /** Called with a line for people when a spec has to wait before it begins. */
  readonly onWait?: (line: string) => void;
}

/** The port that the exercise asks for can't be used: no spec can run. */
export class PortTaken extends Error {
  override name = "PortTaken";
}

/** The server's address, in one run of a spec. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Where the server is to be: the program, or the checker that plays it. */
export function addressFor(exercise: Exercise, target: Target): Address {
  const takesPort = exercise.port === undefined || exercise.args !== undefined ||
    target.command?.some(holdsPort);
  return {
    host: target.host ?? exercise.host ?? "127.0.0.1",
    port: target.port ??
      (takesPort ? freePort(exercise.transport) : exercise.port!), // takesPort where it is undefined
  };
}

/** The command line for a spec. `fill` puts the address in. */
export function commandFor(
  words: readonly string[],
  exercise: Exercise,
  spec: Spec,
  fill: (text: string) => string,
): string[] {
  const filled = words.map(fill);
  if (spec.args !== undefined) {
    return [...filled.filter((_, i) => !/^\{(host|port)\}$/.test(words[i]!)), ...spec.args];
  }
  const ownArgs = words.some((word) => /\{(host|port)\}/.test(word));
  return ownArgs ? filled : [...filled, ...(exercise.args ?? []).map(fill)];
}

/** How long connections stay in TIME_WAIT on Linux, and a little more, in milliseconds. */
const TIME_WAIT_LIMIT = 65_000;
/** How long another program may still have a port, in milliseconds: one that was just ended, say. */
const TAKEN_LIMIT = 2000;
/** Between two looks at a port, in milliseconds. */
const PORT_GAP = 50;

/**
 * Waits until the port that the program has of its own is free, of ended connections as well. Throws
 * PortTaken where another program keeps it: the checker would meet that one.
 */
export async function portIsFree({ transport, port }: Exercise, target: Target): Promise<void> {
  const fixed = target.port ?? (target.command?.some(holdsPort) ? undefined : port);
  const elsewhere = target.host !== undefined && target.host !== "127.0.0.1";
  if (fixed === undefined || elsewhere) return;
  const address = { hostname: "0.0.0.0", port: fixed };
  await whenFree(transport, fixed, target, () => {
    try {
      if (transport === "tcp") Deno.listen(address).close();
      else Deno.listenDatagram({ ...address, transport }).close();
    } catch (error) {
      if (!(error instanceof Deno.errors.PermissionDenied)) throw error; // what we may not, it perhaps may
    }
    // It may do without SO_REUSEADDR, which lets us listen.
    if (isHeldByEnded(transport, fixed)) throw new Deno.errors.AddrInUse();
  });
}

/** Takes a port; where it is in use, tries again as long as ended connections, or who just ended, hold it. */
export async function whenFree<T>(
  transport: Exercise["transport"],
  port: number,
  { onWait }: Pick<Target, "onWait">,
  take: () => T | Promise<T>,
): Promise<T> {
  const begun = performance.now();
  let lastEnded = begun; // when ended connections were last seen to hold it
  for (let told = false;; await sleep(PORT_GAP)) {
    try {
      return await take();
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined; // of Node's errors
      if (!(error instanceof Deno.errors.AddrInUse || code === "EADDRINUSE")) throw error;
    }
    const ended = isHeldByEnded(transport, port);
    const now = performance.now();
    if (ended) lastEnded = now;
    if (now - begun > TIME_WAIT_LIMIT || now - lastEnded > TAKEN_LIMIT) {
      throw new PortTaken(`port ${port} is in use: stop the program that has it`);
    }
    if (!ended || told) continue;
    onWait?.(`waiting, up to a minute, for port ${port}: ended connections hold it (TIME_WAIT)`);
    told = true;
  }
}

function holdsPort(word: string): boolean {
  return word.includes("{port}");
}
