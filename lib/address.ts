// Where a peer is: as Python writes the address of a socket, and as people do; what a host's name means, and
// whether it may be used.

import { tuple } from "./builtins.ts";

/** The address of a TCP or UDP peer, as Python's socket module gives it. */
export type Address = readonly [host: string, port: number, ...rest: number[]];

/**
 * The address tuple of Python's `accept` and `recvfrom`: `('127.0.0.1', 53422)`, and for IPv6
 * `('::1', 53422, 0, 0)`, with flow label and scope (Python docs, socket, "Socket families").
 */
export function addressTuple({ hostname, port }: Deno.NetAddr): Address {
  return hostname.includes(":") ? tuple(hostname, port, 0, 0) : tuple(hostname, port);
}

/** An address for people: `127.0.0.1:9999`, `[::1]:9999`. */
export function endpoint({ hostname, port }: { hostname: string; port: number }): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}

/** What the user called the hosts of these addresses: that is how lines tell of them. */
const names = new Map<string, string>();

/** As `endpoint`, under the name that the user has given. */
export function namedEndpoint(hostname: string, port: number): string {
  return endpoint({ hostname: names.get(hostname) ?? hostname, port });
}

/**
 * The address that a host's name means: as for the originals, whose sockets are AF_INET, the IPv4 one, or
 * the IPv6 one where there is no other. Unchanged where it is an address already, where Deno has to find
 * it (an unknown host, a link-local address without its interface), or where only the name may be used.
 */
export async function resolve(host: string): Promise<string> {
  if (host.includes(":") || !/[a-zA-Z]/.test(host) || !mayUse(host)) return host;
  const { lookup } = await import("node:dns/promises"); // most programs are given none
  const found = await lookup(host, { all: true }).catch(() => []);
  const { address = host } = found.find(({ family }) => family === 4) ?? found[0] ?? {};
  if (address.startsWith("fe80:") || !mayUse(address)) return host;
  names.set(address, host);
  return address;
}

/**
 * Throws a NotCapable where Deno would ask for the permission to use the address: its question does not say
 * how to start the script, and Ctrl+C does not end it.
 */
export function checkAllowed(hostname: string, port: number): void {
  if (mayUse(hostname, port)) return;
  throw new Deno.errors.NotCapable(`${namedEndpoint(hostname, port)} is not allowed`);
}

function mayUse(hostname: string, port?: number): boolean {
  const host = endpoint({ hostname, port: port ?? 0 });
  const query = { name: "net", host: port === undefined ? host.slice(0, -2) : host } as const;
  return Deno.permissions.querySync(query).state === "granted";
}
