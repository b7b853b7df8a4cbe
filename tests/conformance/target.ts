// What is checked, and where: the command that starts it, and the address that it is to use.

import { freePort } from "../support/free_port.ts";
import { isInTimeWait } from "../support/linux_proc.ts";
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

/** Waits until no ended connections hold the port that the program has of its own. */
export async function portIsFree({ transport, port }: Exercise, target: Target): Promise<void> {
  const fixed = target.port ?? (target.command?.some(holdsPort) ? undefined : port);
  if (transport === "udp" || fixed === undefined || !isInTimeWait(fixed)) return;
  target.onWait?.(
    `waiting, up to a minute, for port ${fixed}: ended connections hold it (TIME_WAIT)`,
  );
  const end = performance.now() + TIME_WAIT_LIMIT;
  while (isInTimeWait(fixed) && performance.now() < end) await sleep(100);
}

function holdsPort(word: string): boolean {
  return word.includes("{port}");
}
