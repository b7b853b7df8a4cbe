// What TCP and UDP sockets have in common: the list of those that are open, for the end of the
// program; what they throw once they are closed; and an address as people write it.

/** Something that is open until it is closed. */
export interface Closable {
  /** Closes it, when what it had to send has gone out. Never throws. */
  close(): Promise<void>;
}

/** All sockets that are open. Each adds itself, and takes itself off when it closes. */
export const openSockets = new Set<Closable>();

/** Closes every socket, each when what it had to send has gone out. */
export async function closeAll(): Promise<void> {
  await Promise.all(Array.from(openSockets, (socket) => socket.close()));
}

/** This program has closed the socket itself. Python's `OSError: Bad file descriptor`. */
export class SocketClosed extends Error {
  override name = "SocketClosed";
  constructor() {
    super("the socket is closed");
  }
}

/** An address for people: `127.0.0.1:9999`, `[::1]:9999`. */
export function endpoint({ hostname, port }: { hostname: string; port: number }): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
