// Ports for programs that can't be told to take any that is free, and for a server that is to be
// reached before it can say which it took.

/** Below those that the kernel gives to clients, so that no connection takes one. */
const FIRST_PORT = 10240;
const PORTS = 20000;
let lastPort = Math.floor(Math.random() * PORTS);

/**
 * A free port. Each is the one after the last, from a random beginning: of two checkers on one machine
 * hardly ever one takes a port that the other has chosen and its program not yet opened.
 */
export function freePort(transport: "tcp" | "udp"): number {
  while (true) {
    lastPort = (lastPort + 1) % PORTS;
    const address = { hostname: "0.0.0.0", port: FIRST_PORT + lastPort };
    try {
      if (transport === "tcp") Deno.listen(address).close();
      else Deno.listenDatagram({ ...address, transport }).close();
      return address.port;
    } catch (error) {
      const { AddrInUse, PermissionDenied } = Deno.errors; // Windows keeps some ports for itself
      if (!(error instanceof AddrInUse || error instanceof PermissionDenied)) throw error;
    }
  }
}
