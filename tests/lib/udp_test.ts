import { assert, assertEquals, assertRejects } from "@std/assert";
import { stillOpen } from "../../lib/ending.ts";
import { SocketClosed } from "../../lib/errors.ts";
import { UdpSocket } from "../../lib/udp.ts";
import { LIMIT } from "../support/program.ts";
import { netAddr, UdpPeer } from "../support/udp_peer.ts";

function loopbackSocket(): { socket: UdpSocket; port: number } {
  const conn = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  return { socket: new UdpSocket(conn), port: netAddr(conn.addr).port };
}

/** A connection of which a test says what sending and receiving bring. */
class FakeConn implements Deno.DatagramConn {
  readonly addr: Deno.NetAddr = { transport: "udp", hostname: "127.0.0.1", port: 1 };

  constructor(
    readonly receive: () => Promise<[Uint8Array<ArrayBuffer>, Deno.Addr]>,
    readonly send: () => Promise<number>,
  ) {}

  close() {}
  joinMulticastV4 = () => never<Deno.MulticastV4Membership>();
  joinMulticastV6 = () => never<Deno.MulticastV6Membership>();
  [Symbol.asyncIterator](): AsyncIterableIterator<[Uint8Array<ArrayBuffer>, Deno.Addr]> {
    throw new Error("not used");
  }
}

function never<Value>(): Promise<Value> {
  return new Promise(() => {});
}

Deno.test("a recvfrom that gives up waiting loses no datagram", async () => {
  const { socket, port } = loopbackSocket();
  using peer = new UdpPeer();
  await assertRejects(() => socket.recvfrom(0.01), Deno.errors.TimedOut);
  await assertRejects(() => socket.recvfrom(0), Deno.errors.TimedOut);
  for (const text of ["one", "two", "three"]) await peer.send(text, port);
  for (const text of ["one", "two", "three"]) {
    const [data, addr] = await socket.recvfrom(LIMIT / 1000);
    assertEquals(new TextDecoder().decode(data), text);
    assertEquals(addr, ["127.0.0.1", peer.port]);
  }
  await assertRejects(() => socket.recvfrom(0.01), Deno.errors.TimedOut);
  await socket.close();
});

Deno.test("a datagram stays as it was while the next ones arrive", async () => {
  const { socket, port } = loopbackSocket();
  using peer = new UdpPeer();
  await peer.send("first", port);
  await peer.send("second", port);
  const [first] = await socket.recvfrom();
  await socket.recvfrom();
  assertEquals(new TextDecoder().decode(first), "first");
  await socket.close();
});

Deno.test("closing a socket ends the recvfrom that waits, and the list of open sockets forgets it", async () => {
  const { socket } = loopbackSocket();
  assert(stillOpen.has(socket));
  const waiting = assertRejects(() => socket.recvfrom(), SocketClosed);
  await socket.close();
  await waiting;
  await assertRejects(() => socket.recvfrom(), SocketClosed);
  assertEquals(await socket.sendto("too late", ["127.0.0.1", 9]), false);
  assert(!stillOpen.has(socket));
  await socket.close(); // twice does no harm
});

Deno.test("an error while receiving costs nothing but a line: the next datagram is received", async () => {
  const errors = [
    new Deno.errors.ConnectionRefused("Connection refused (os error 111)"),
    new Deno.errors.ConnectionReset("Connection reset (os error 10054)"),
    new Error("out of memory"),
  ];
  const from: Deno.Addr = { transport: "udp", hostname: "::1", port: 7 };
  const conn = new FakeConn(() => {
    const error = errors.shift();
    return error ? Promise.reject(error) : Promise.resolve([new Uint8Array([104, 105]), from]);
  }, never<number>);
  const socket = new UdpSocket(conn);
  const [data, addr] = await socket.recvfrom(LIMIT / 1000);
  assertEquals(new TextDecoder().decode(data), "hi");
  assertEquals(addr, ["::1", 7, 0, 0]);
  await socket.close();
});

Deno.test("datagrams that the kernel does not take are dropped, not kept without bound", async () => {
  let sends = 0;
  const conn = new FakeConn(never<[Uint8Array<ArrayBuffer>, Deno.Addr]>, () => {
    sends++;
    return never<number>();
  });
  const socket = new UdpSocket(conn);
  for (let i = 0; i < 10_000; i++) socket.sendto("hello", ["127.0.0.1", 9]);
  assert(sends < 1000, `${sends} wait to be sent`);
  assertEquals(await socket.sendto("hello", ["127.0.0.1", 9]), false);
  await socket.close();
});
