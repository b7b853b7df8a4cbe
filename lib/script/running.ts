// The script that runs, how it is started and with which Deno, and the address that it has been given: for
// the lines that say what went wrong.

import { checkAllowed, namedEndpoint, resolve } from "../address.ts";
import { type Circumstances, Failure, quoted } from "../errors.ts";

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

/** How to start a script from the command line; `udp`: where it needs UDP, or has been started for it. */
export function command(name: string, udp = Deno.listenDatagram !== undefined): string {
  const started = Deno.mainModule;
  // Whether sockets.ts was started, and runs the script; or a bundle of it, such as `sockets (1).js`.
  const throughSockets = /\/sockets\b[^/]*$/.test(started);
  if (Deno.build.standalone) return throughSockets ? `sockets ${name}` : name;
  // Whether all that the script imports is in one file with it (`deno task bundle`): then so is this.
  const bundled = !import.meta.url.endsWith("/script/running.ts");
  if (!bundled) {
    return `deno run --allow-net scripts/${throughSockets ? `sockets.ts ${name}` : `${name}.ts`}`;
  }
  const isHere = started.startsWith("file:");
  const file = isHere ? decodeURIComponent(started.replace(/^.*\//, "")) : started;
  // UDP is behind a flag of Deno, which deno.json gives to a checkout.
  const flags = udp ? "--allow-net --unstable-net" : "--allow-net";
  return `deno run ${flags} ${quoted(file)}${throughSockets ? ` ${name}` : ""}`;
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

/** The oldest Deno with which the scripts are tested. */
const OLDEST = { major: 2, minor: 9 };

/** Throws a Failure where this Deno is too old. */
export function checkVersion(): void {
  const { deno } = Deno.version;
  const [major = 0, minor = 0] = deno.split(".").map(Number);
  if (major > OLDEST.major || major === OLDEST.major && minor >= OLDEST.minor) return;
  throw new Failure(
    `Deno ${deno} is too old, ${OLDEST.major}.${OLDEST.minor} or newer is needed: "deno upgrade" brings ` +
      `it, or "npm install -g deno"`,
  );
}
