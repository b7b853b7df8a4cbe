// The script that runs, how it is started, and the address that it has been given: for the lines that say
// what went wrong.

import { checkAllowed, namedEndpoint, resolve } from "../address.ts";
import type { Circumstances } from "../errors.ts";

/** What is known of the script so far. */
export const running: { name?: string; host?: string; port?: number } = {};

/**
 * Remembers the address that the script is about to use, where it is among these values, in which the
 * address takes the place of a host's name. Throws where it may not be used.
 */
export async function noteAddress(values: { host?: unknown; port?: unknown }): Promise<void> {
  if (typeof values.host === "string") values.host = running.host = await resolve(values.host);
  if (typeof values.port === "number") running.port = values.port;
  const { host, port } = running;
  if (host !== undefined && port !== undefined) checkAllowed(host, port);
}

/** Whether it is sockets.ts that was started, and runs the script. `deno task compile` makes a .js of it. */
const throughSockets = /\/sockets\.[jt]s$/.test(Deno.mainModule);

/** How to start a script from the command line. */
export function command(name: string): string {
  if (Deno.build.standalone) return throughSockets ? `sockets ${name}` : name;
  return `deno run --allow-net scripts/${throughSockets ? `sockets.ts ${name}` : `${name}.ts`}`;
}

/** What `explain` has to know. */
export function circumstances(): Circumstances {
  const { name = "", host, port } = running;
  const known = host !== undefined && port !== undefined;
  return {
    command: command(name),
    address: known ? namedEndpoint(host, port) : undefined,
  };
}
