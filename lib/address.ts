// Where a peer is: as Python writes the address of a socket, and as people do.

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
