// The script that runs, how it is started, and the address that it has been given: for the lines that say
// what went wrong.

import { endpoint } from "../address.ts";
import type { Circumstances } from "../errors.ts";

/** What is known of the script so far. */
export const running: { name?: string; host?: string; port?: number } = {};

/** Remembers the address that the script is about to use, where it is among these values. */
export function noteAddress({ host, port }: { host?: unknown; port?: unknown }): void {
  if (typeof host === "string") running.host = host;
  if (typeof port === "number") running.port = port;
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
    address: known ? endpoint({ hostname: host, port }) : undefined,
  };
}
