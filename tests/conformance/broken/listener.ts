// A UDP server that can be broken on purpose: `listener.ts PORT BUG` has that one bug, and without BUG it
// has none. Each bug is caught by the spec named beside it in conformance_test.ts.

const [port, bug] = Deno.args;

const encoder = new TextEncoder();

const socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: Number(port) });
Deno.stdout.writeSync(encoder.encode("UDP server up and listening\n"));
for await (const [bytes, sender] of socket) {
  if (bytes.length === 0 && bug === "empty-is-the-end") break;
  if (bytes.length > 1024 && bug === "dies-of-long") throw new Error("buffer too small");
  const { hostname, port } = sender as Deno.NetAddr; // a UDP socket's peers have no other kind of address
  const text = String.fromCharCode(...bytes.subarray(0, 100));
  Deno.stdout.writeSync(encoder.encode(`Message [b'${text}'] from ('${hostname}', ${port})\n`));
  await socket.send(encoder.encode("Hello UDP Client"), sender);
}
