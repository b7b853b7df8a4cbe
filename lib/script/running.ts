// The script that runs, and the address that it has been given: for the lines that say what went wrong.

import { endpoint } from "../address.ts";
import type { Circumstances } from "../errors.ts";
import { command } from "./usage.ts";

/** What is known of the script so far. */
export const running: { name?: string; host?: string; port?: number } = {};

/** Remembers the address that the script is about to use, where it is among these values. */
export function noteAddress({ host, port }: { host?: unknown; port?: unknown }): void {
  if (typeof host === "string") running.host = host;
  if (typeof port === "number") running.port = port;
}

/** What `explain` has to know. */
export function circumstances(): Circumstances {
  const { name = "", host, port } = running;
  const known = host !== undefined && port !== undefined;
  return {
    command: command(name),
    address: known ? endpoint({ hostname: host, port }) : undefined,
  };
}
