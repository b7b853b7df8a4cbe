import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import net from "node:net";
import { stillOpen } from "../../lib/ending.ts";
import { ConnectionClosed, SocketClosed } from "../../lib/errors.ts";
import { MESSAGE_LIMIT } from "../../lib/framing.ts";
import {
  ClientSocket,
  MessageListener,
  MessageSocket,
  type SocketOptions,
} from "../../lib/socket.ts";
import { Connection } from "../../lib/socket/connection.ts";
import { Turns } from "../../lib/socket/turns.ts";
import { inWine, testUnless } from "../support/needs.ts";
import { LIMIT, within } from "../support/program.ts";
import { Stderr } from "../support/stderr.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const RAW: SocketOptions = { framing: "raw" };
const LINE: SocketOptions = { framing: "line" };

/** A listener on a free port, and what connects to it; all closed with the test. */
class Place implements AsyncDisposable {
  readonly listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #open: { close(): unknown }[] = [];

  /** A message socket, and the bare connection at its other end. */
  async pair(options: SocketOptions): Promise<[MessageSocket, Deno.TcpConn]> {
    const peer = await Deno.connect({ port: this.listener.addr.port });
    const socket = new MessageSocket(await this.listener.accept(), options);
    this.#open.push(socket, peer);
    return [socket, peer];
  }

  async client(options: SocketOptions): Promise<[ClientSocket, Deno.TcpConn]> {
    const client = new ClientSocket(await Deno.connect({ port: this.listener.addr.port }), options);
    const peer = await this.listener.accept();
    this.#open.push(client, peer);
    return [client, peer];
  }

  async [Symbol.asyncDispose]() {
    for (const each of this.#open) {
      try {
        await within(LIMIT, "close", async () => await each.close());
      } catch {
        // The test has closed it.
      }
    }
    this.listener.close();
    assertEquals(stillOpen.size, 0, "sockets left in the list of those that are open");
  }
}

/** All that a connection brings until its end. */
async function readAll(conn: Deno.TcpConn): Promise<string> {
  return await within(LIMIT, "the end of the stream", () => new Response(conn.readable).text());
}

/** Lets everything that is due go on, network included. */
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

/** A connection whose reads and writes end when and how the test says. */
class FakeConn {
  readonly remoteAddr = { transport: "tcp", hostname: "127.0.0.1", port: 4242 };
  readonly writes: { text: string; at: number; end: PromiseWithResolvers<number> }[] = [];
  readonly reads: PromiseWithResolvers<number | null>[] = [];
  #sizes: number[] = [];
  closed = 0;
  writeClosed = 0;
  /** Whether a write ends by itself, all of it written. */
  fast = false;

  setNoDelay() {}
  setKeepAlive() {}

  read(buffer: Uint8Array) {
    const read = Promise.withResolvers<number | null>();
    this.reads.push(read);
    this.#sizes.push(buffer.length);
    return read.promise;
  }

  write(bytes: Uint8Array) {
    const end = Promise.withResolvers<number>();
    this.writes.push({ text: decoder.decode(bytes), at: performance.now(), end });
    if (this.fast) end.resolve(bytes.length);
    return end.promise;
  }

  closeWrite() {
    this.writeClosed++;
    return Promise.resolve();
  }

  close() {
    this.closed++;
    for (const { reject } of this.reads) reject(new Deno.errors.BadResource("closed"));
    for (const { end } of this.writes) end.reject(new Deno.errors.BadResource("closed"));
  }

  /** Its message socket. It has all of a TcpConn that message sockets use, hence the cast. */
  socket(options: SocketOptions) {
    return new MessageSocket(this as unknown as Deno.TcpConn, options);
  }

  client(options: SocketOptions) {
    return new ClientSocket(this as unknown as Deno.TcpConn, options); // as above
  }
}

Deno.test("messages go both ways, and the address is the peer's", async () => {
  for (const framing of ["raw", "line", "auto"] as const) {
    await using place = new Place();
    const client = new ClientSocket(
      await Deno.connect({ port: place.listener.addr.port }),
      { framing },
    );
    const conn = await place.listener.accept();
    const server = new MessageSocket(conn, { framing });
    assertEquals(server.addr, ["127.0.0.1", conn.remoteAddr.port]);
    assertEquals(server.peer, `127.0.0.1:${conn.remoteAddr.port}`);
    for (const message of ["hi", "안녕하세요", "x".repeat(1024), "y".repeat(MESSAGE_LIMIT)]) {
      await client.send(message);
      assertEquals(await server.recv(), message);
      server.send(message);
      assertEquals(await client.recv(), message);
    }
    await Promise.all([client.close(), server.close()]);
  }
});

Deno.test("a slow reader gets every byte, in order, from all who sent", async () => {
  for (const options of [RAW, LINE]) {
    await using place = new Place();
    const [socket, peer] = await place.pair(options);
    let sent = "";
    const send = async (name: string) => {
      for (let i = 0; i < 20; i++) {
        const message = `${name}${i}`.padEnd(i % 3 === 0 ? 60_000 : 7, ".");
        sent += message + (options === LINE ? "\n" : "");
        socket.send(message);
        if (i % 4 === 0) await turn();
      }
    };
    const received = Promise.all(["a", "b", "c", "d"].map(send)).then(() => {
      const all = readAll(peer);
      socket.close();
      return all;
    });
    assertEquals(await received === sent, true, "not the bytes that were sent");
  }
});

Deno.test("a write that takes a part is followed by the rest, and only then by others", async () => {
  const conn = new FakeConn();
  const socket = conn.socket(RAW);
  socket.send("hello");
  socket.send("world");
  assertEquals(conn.writes.map(({ text }) => text), ["hello"]);
  conn.writes[0]!.end.resolve(2);
  await turn();
  assertEquals(conn.writes.map(({ text }) => text), ["hello", "llo"]);
  conn.writes[1]!.end.resolve(3);
  await turn();
  assertEquals(conn.writes.map(({ text }) => text), ["hello", "llo", "world"]);
  conn.fast = true;
  conn.writes[2]!.end.resolve(5);
  const closing = socket.close();
  await turn();
  conn.reads[0]!.resolve(null);
  await closing;
  assertEquals([conn.writeClosed, conn.closed], [1, 1]);
});

Deno.test("raw messages each have their write, line messages share one", async () => {
  const raw = new FakeConn();
  raw.fast = true;
  const rawSocket = raw.socket(RAW);
  for (const message of ["a", "b", "", "c"]) rawSocket.send(message);
  await turn();
  assertEquals(raw.writes.map(({ text }) => text), ["a", "b", "c"]);

  const line = new FakeConn();
  line.fast = true;
  const lineSocket = line.socket(LINE);
  for (const message of ["a", "b", "", "c"]) lineSocket.send(message);
  await turn();
  assertEquals(line.writes.map(({ text }) => text), ["a\nb\n\nc\n"]);
  await Promise.all([rawSocket.close(), lineSocket.close()]);
});

Deno.test("a peer that does not read is dropped at 1 MiB, with one line on stderr", async () => {
  for (const [size, most] of [[10_000, 105], [0, 17_000], [1, 17_000]] as const) {
    using stderr = new Stderr();
    const conn = new FakeConn();
    const socket = conn.socket(LINE);
    const received = socket.recv();
    let count = 0;
    while (conn.closed === 0 && count <= most) {
      socket.send("x".repeat(size));
      count++;
    }
    assert(count > most / 2 && count <= most, `${count} messages of ${size} bytes`);
    assertEquals(await received, null);
    socket.send("more");
    assertEquals(await socket.recv(), null);
    await socket.close();
    await turn();
    assertEquals(stderr.lines, ["127.0.0.1:4242 dropped: it does not read what it is sent"]);
    assertEquals(conn.closed, 1);
  }
});

Deno.test("what has been read does not count any more", async () => {
  for (const options of [RAW, LINE]) {
    using stderr = new Stderr();
    await using place = new Place();
    const [socket, peer] = await place.pair(options);
    const buffer = new Uint8Array(1024 * 1024);
    for (let round = 0; round < 40; round++) {
      let length = 0;
      for (let i = 0; i < 50; i++) {
        socket.send("x".repeat(10_000));
        length += options === LINE ? 10_001 : 10_000;
      }
      while (length > 0) length -= await peer.read(buffer) ?? 0;
      assertEquals(length, 0);
    }
    assertEquals(stderr.lines, []);
  }
});

Deno.test("a client in raw framing leaves a gap between two sends, and never merges them", async () => {
  const conn = new FakeConn();
  conn.fast = true;
  const client = conn.client(RAW);
  const messages = ["a", "b", "x".repeat(20_000), "y".repeat(20_000), "c"];
  await Promise.all(messages.map((message) => client.send(message)));
  assertEquals(conn.writes.map(({ text }) => text), messages);
  for (let i = 1; i < conn.writes.length; i++) {
    const gap = conn.writes[i]!.at - conn.writes[i - 1]!.at;
    assert(gap >= 19, `${gap} ms between two sends`); // timers may be early by less than one
  }
  const closing = client.close();
  await turn();
  conn.reads[0]!.resolve(null);
  await closing;
});

Deno.test("close sends what is queued, and then the end of the stream", async () => {
  for (const options of [RAW, LINE]) {
    await using place = new Place();
    const [socket, peer] = await place.pair(options);
    let sent = "";
    for (let i = 0; i < 15; i++) {
      const message = String(i).padEnd(60_000, "."); // more than the kernel takes at once
      sent += message + (options === LINE ? "\n" : "");
      socket.send(message);
    }
    const closing = socket.close();
    socket.send("too late");
    assertEquals(await readAll(peer) === sent, true, "not the bytes that were sent");
    await closing;
  }
});

Deno.test("close does not reset a peer that reads later, whatever it sent meanwhile", async () => {
  await using place = new Place();
  const [socket, peer] = await place.pair(RAW);
  await peer.write(encoder.encode("nobody reads this".repeat(2000)));
  socket.send("good bye");
  await within(LIMIT, "close", () => socket.close());
  assertEquals(await readAll(peer), "good bye");
});

Deno.test("close gives up on a peer that does not read", async () => {
  using stderr = new Stderr();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using _peer = await Deno.connect({ port: listener.addr.port });
  const connection = new Connection(await listener.accept(), RAW, new Turns());
  // As much as the kernel takes, and then some: in the end a message stays with us for good.
  for (let idle = 0; idle < 4;) {
    connection.send("x".repeat(50_000));
    idle = await settlesSoon(connection.sent()) ? 0 : idle + 1;
  }
  assertEquals(stderr.lines, []);
  await within(LIMIT, "close", () => connection.close());
  assertEquals(stderr.lines, []);
});

/** Whether a promise settles within a moment. */
async function settlesSoon(promise: Promise<void>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), 50);
  const settled = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return settled;
}

Deno.test("after close there is nothing to receive, and a second close is the first", async () => {
  await using place = new Place();
  const [socket, peer] = await place.pair(RAW);
  const pending = socket.recv();
  const closing = socket.close();
  assert(socket.close() === closing);
  await peer.write(encoder.encode("too late"));
  assertEquals(await pending, null);
  assertEquals(await socket.recv(), null);
  peer.close();
  await closing;
  assertEquals(await socket.recv(), null);

  const [client, server] = await place.client(RAW);
  const received = assertRejects(() => client.recv(), SocketClosed);
  const closed = client.close();
  await received;
  await assertRejects(() => client.send("too late"), SocketClosed);
  await assertRejects(() => client.recv(), SocketClosed);
  server.close();
  await closed;
});

Deno.test("a peer that ends its side is still sent to", async () => {
  await using place = new Place();
  const [socket, peer] = await place.pair(LINE);
  await peer.write(encoder.encode("one\ntwo"));
  await peer.closeWrite();
  assertEquals([await socket.recv(), await socket.recv()], ["one", "two"]);
  assertEquals([await socket.recv(), await socket.recv()], [null, null]);
  socket.send("still here");
  const closing = socket.close();
  assertEquals(await readAll(peer), "still here\n");
  await closing;
});

Deno.test("a reset in mid-message is told in one line, after what arrived before it", async () => {
  using stderr = new Stderr();
  await using place = new Place();
  const peer = net.connect(place.listener.addr.port, "127.0.0.1");
  const socket = new MessageSocket(await place.listener.accept(), LINE);
  peer.write("whole\nha");
  assertEquals(await socket.recv(), "whole");
  const pending = socket.recv();
  await turn();
  peer.resetAndDestroy();
  assertEquals(await pending, null);
  assertEquals(await socket.recv(), null);
  socket.send("to nobody");
  await socket.close();
  await turn();
  assertEquals(stderr.lines, [`${socket.peer} reset the connection`]);
});

Deno.test("a reset that a write finds out about is told in one line, and a close is not", async () => {
  const { BrokenPipe, ConnectionReset } = Deno.errors;
  const reset = ["127.0.0.1:4242 reset the connection"];
  const cases: [write: Error, read: Error | null, lines: string[]][] = [
    [new ConnectionReset("reset"), null, reset], // Linux tells it once
    [new BrokenPipe("Broken pipe (os error 32)"), new ConnectionReset("reset"), reset],
    // The peer had closed its socket before: what was sent to it crossed its end, which is read now.
    [new BrokenPipe("Broken pipe (os error 32)"), null, []],
  ];
  for (const [write, read, lines] of cases) {
    using stderr = new Stderr();
    const conn = new FakeConn();
    const socket = conn.socket(RAW);
    const pending = socket.recv();
    socket.send("a");
    socket.send("b");
    conn.writes[0]!.end.reject(write);
    await turn();
    socket.send("c");
    assertEquals(conn.writes.length, 1, "it went on writing");
    assertEquals(stderr.lines, [], "what arrived before is to be read first");
    if (read) conn.reads[0]!.reject(read);
    else conn.reads[0]!.resolve(null);
    assertEquals(await pending, null);
    await socket.close();
    await turn();
    assertEquals(stderr.lines, lines);
    assertEquals(conn.closed, 1);
  }
});

Deno.test("what is no text, or too long, costs the connection and one line", async () => {
  const cases: [Uint8Array, RegExp][] = [
    [Uint8Array.of(0x68, 0xff, 10), /sent bytes that are not UTF-8$/],
    [new Uint8Array(MESSAGE_LIMIT + 2).fill(0x61), /sent a message longer than 65536 bytes$/],
  ];
  for (const [bytes, line] of cases) {
    using stderr = new Stderr();
    await using place = new Place();
    const [socket, peer] = await place.pair(LINE);
    const writing = peer.write(bytes).catch(() => {}); // it may be reset before all is written
    assertEquals(await socket.recv(), null);
    await turn();
    assertEquals(stderr.lines.length, 1);
    assertMatch(stderr.lines[0]!, line);
    assert(stderr.lines[0]!.startsWith(socket.peer));
    await writing;
  }
});

Deno.test("a client is told by an exception how the connection ended", async () => {
  await using place = new Place();
  const [first, server] = await place.client(RAW);
  server.close();
  await assertRejects(() => first.recv(), ConnectionClosed, "closed the connection");

  const conn = new FakeConn();
  const second = conn.client(RAW);
  const sending = assertRejects(() => second.send("a"), ConnectionClosed, "reset the connection");
  conn.writes[0]!.end.reject(new Deno.errors.ConnectionReset("reset"));
  await sending;
  await assertRejects(() => second.send("b"), ConnectionClosed, "reset the connection");
  const receiving = assertRejects(() => second.recv(), ConnectionClosed, "reset the connection");
  await turn();
  conn.reads[0]!.resolve(null);
  await receiving;
  await second.close();
});

/** A listener whose accept gives what the test says. */
function fakeListener(accepts: (() => Deno.TcpConn)[]): Deno.TcpListener {
  const closed = Promise.withResolvers<never>();
  const listener = {
    addr: { transport: "tcp", hostname: "127.0.0.1", port: 4242 },
    accept: async () => accepts.shift()?.() ?? await closed.promise,
    close: () => closed.reject(new Deno.errors.BadResource("closed")),
  };
  return listener as unknown as Deno.TcpListener; // it has all of it that MessageListener uses
}

Deno.test("accept goes on after failing, says so once, and ends when it is closed", async () => {
  using stderr = new Stderr();
  const failing = () => {
    throw new Error("Too many open files (os error 24)");
  };
  const good = () => new FakeConn() as unknown as Deno.TcpConn; // see FakeConn.socket
  const broken = () => {
    const conn = new FakeConn();
    conn.setNoDelay = () => {
      throw new Error("Invalid argument (os error 22)");
    };
    left.push(conn);
    return conn as unknown as Deno.TcpConn; // see FakeConn.socket
  };
  const left: FakeConn[] = [];
  const listener = new MessageListener(
    fakeListener([failing, failing, broken, good, failing]),
    RAW,
  );
  const [socket, addr] = await listener.accept();
  assertEquals(addr, ["127.0.0.1", 4242]);
  assertEquals(left.map((conn) => conn.closed), [1]);
  const ending = assertRejects(() => listener.accept(), SocketClosed);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await listener.close();
  await listener.close();
  await ending;
  await assertRejects(() => listener.accept(), SocketClosed);
  assertEquals(stderr.lines, [
    "accept failed, trying again: Too many open files (os error 24)",
    "127.0.0.1:4242 lost: Invalid argument (os error 22)",
    "accept failed, trying again: Too many open files (os error 24)",
  ]);
  await within(LIMIT, "close", () => socket.close());
  assertEquals(stillOpen.size, 0);
});

const acceptsNone = inWine ? "Wine's accept fails with EINVAL for it" : undefined;

testUnless(
  acceptsNone,
  "a client that is reset before it is accepted costs the next one nothing",
  async () => {
    using stderr = new Stderr();
    await using place = new Place();
    const { port } = place.listener.addr;
    for (let i = 0; i < 20; i++) {
      const client = net.connect(port, "127.0.0.1");
      await new Promise<void>((resolve) => client.once("connect", resolve));
      await new Promise<void>((resolve) => client.once("close", () => resolve()).resetAndDestroy());
    }
    const peer = await Deno.connect({ port });
    const listener = new MessageListener(place.listener, RAW);
    stillOpen.delete(listener); // place closes what it listens on
    const [socket] = await within(LIMIT, "accept", () => listener.accept());
    await socket.close();
    peer.close();
    assertEquals(stderr.lines, []);
    assertEquals(socket.addr[1], peer.localAddr.port);
  },
);
