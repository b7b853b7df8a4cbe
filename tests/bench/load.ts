// The load generator: a process of its own, which plays all the clients of one measurement, prints
// what it measured as one line of JSON, and ends. measure.ts starts it with what to do as its argument.

import { print } from "../../lib/console.ts";
import { close, Epoll, EPOLLERR, EPOLLHUP, EPOLLIN, EPOLLOUT } from "./epoll.ts";
import { openTcp, openUdp, recv, send } from "./epoll.ts";
import { cpuSeconds, memory } from "../support/linux_proc.ts";

/** What to do, to which server. */
export interface Load {
  kind: keyof typeof KINDS;
  /** The server: its port at 127.0.0.1, and its process. */
  port: number;
  pid: number;
  clients: number;
  /** Whether messages end in a newline. */
  line: boolean;
  /** How long to warm up, and how long to measure. */
  warmUpSeconds: number;
  seconds: number;
}

/** What was measured; each kind fills in what applies to it. */
export interface Measured {
  /** Deliveries, round trips or connections in a second. */
  rate: number;
  /** Round trips, in milliseconds: half of them, and 99 in 100, are quicker than this. */
  p50?: number;
  p99?: number;
  /** Processor time of the server for each delivery or round trip, in microseconds. */
  cost?: number;
  /** Processor time of server and load while measuring, as shares of one core. */
  serverCpu?: number;
  loadCpu?: number;
  /** Connections that were refused. */
  refused?: number;
  /** How many connections in a second were not only made, but heard from as well. */
  served?: number;
  /** Memory that the server takes for each idle connection, in bytes. */
  memory?: number;
  /** The longest round trip in a room whose members all read, and with one that does not, in milliseconds. */
  longest?: number;
  longestStalled?: number;
}

/** Every chat message is as long as this, newline included, so that bytes count messages. */
const MESSAGE_SIZE = 32;
/** How long to wait for what must come, in milliseconds. */
const PATIENCE = 20_000;
/** When nothing has come for so long, nothing is on its way, in milliseconds. */
const QUIET = 200;

const buffer = new Uint8Array(1024 * 1024);
/** The same bytes by twos: where a message begins, its sender's mark. */
const marks = new Uint16Array(buffer.buffer);
const nothing = new Uint8Array(0);
const encoder = new TextEncoder();

/** One client and its connection. */
class Client {
  readonly text: string;
  readonly message: Uint8Array<ArrayBuffer>;
  /** The first two bytes of its messages, which nobody else's begin with. */
  readonly mark: number;
  sentAt = 0;
  /** What came of a message that is not whole yet. */
  rest: Uint8Array<ArrayBuffer> = nothing;

  constructor(readonly fd: number, number: number, line: boolean) {
    const mark = String.fromCharCode(35 + number % 90, 35 + Math.floor(number / 90));
    const text = `${mark} says: good morning, everyone!`;
    this.text = line ? text.slice(0, -1) + "\n" : text;
    this.message = encoder.encode(this.text);
    this.mark = new Uint16Array(this.message.buffer)[0]!;
  }

  send(): void {
    this.sentAt = performance.now();
    send(this.fd, this.message);
  }
}

/** Many clients of one server. */
class Clients {
  readonly all: Client[] = [];
  readonly #epoll = new Epoll();

  constructor(readonly load: Load) {}

  /** Begins to connect so many more. */
  open(count: number): void {
    for (let i = 0; i < count; i++) {
      const number = this.all.length;
      const client = new Client(openTcp(this.load.port), number, this.load.line);
      this.#epoll.add(client.fd, EPOLLOUT, number);
      this.all.push(client);
    }
  }

  /** Waits until the last so many are connected; gives the number of those that were refused. */
  connected(count: number): number {
    let refused = 0;
    while (count > 0) {
      const events = this.#epoll.wait(PATIENCE, (number, events) => {
        if (events & (EPOLLERR | EPOLLHUP)) refused++;
        this.#epoll.change(this.all[number]!.fd, EPOLLIN, number);
      });
      if (events === 0) throw new Error(`${count} connections were not accepted`);
      count -= events;
    }
    return refused;
  }

  /** Reads no more of what the client is sent. */
  ignore(client: Client): void {
    this.#epoll.change(client.fd, 0, this.all.indexOf(client));
  }

  /** Waits once for what the clients are sent, and hands each of them its messages in `buffer`. */
  hear(patience: number, heard: (client: Client, bytes: number) => void): number {
    return this.#epoll.wait(patience, (number) => {
      const client = this.all[number]!;
      const count = recv(client.fd, buffer);
      if (count <= 0) throw new Error("the server closed a connection");
      heard(client, count);
    });
  }

  /**
   * As `connected`, for those who come into a room: each says something, and when all have heard
   * themselves, all that is on its way is heard to its end. In framing auto, a client's first line
   * makes the server send it lines: what others said before came to it without a newline.
   */
  joined(count: number): void {
    this.connected(count);
    const newcomers = this.all.slice(-count);
    for (const client of newcomers) client.send();
    this.#hearUntil(newcomers, (client, text) => text.includes(client.text), () => {});
    // With threads, what one of them says may overtake what others said before: then again.
    const { fd, text } = newcomers[0]!;
    const last = "!!" + text.slice(2); // nobody's mark
    const sayLast = () => send(fd, encoder.encode(last));
    sayLast();
    this.#hearUntil(this.all, (_, text) => text.endsWith(last), sayLast);
  }

  /** Hears what comes until each of some has heard enough; calls `again` whenever nothing comes. */
  #hearUntil(some: Client[], enough: (client: Client, text: string) => boolean, again: () => void) {
    const texts = new Map(some.map((client) => [client, ""]));
    const waiting = new Set(some);
    const end = performance.now() + PATIENCE;
    while (waiting.size > 0) {
      const events = this.hear(QUIET, (client, count) => {
        const text = texts.get(client);
        if (text === undefined) return;
        const more = text + String.fromCharCode(...buffer.subarray(0, count));
        texts.set(client, more);
        if (enough(client, more)) waiting.delete(client);
        else waiting.add(client);
      });
      if (events === 0) again();
      if (performance.now() > end) {
        throw new Error(`${waiting.size} clients did not hear what was said`);
      }
    }
  }

  close(): void {
    for (const client of this.all) close(client.fd);
  }
}

/** Counts what comes back in a while, how quickly, and what it costs. */
class Meter {
  count = 0;
  #times: number[] = [];
  #begin = performance.now();
  #serverBegin: number;
  #loadBegin = cpuSeconds(Deno.pid);

  constructor(readonly pid: number) {
    this.#serverBegin = cpuSeconds(pid);
  }

  roundTrip(sentAt: number): void {
    this.#times.push(performance.now() - sentAt);
  }

  result(): Measured {
    const seconds = (performance.now() - this.#begin) / 1000;
    const server = cpuSeconds(this.pid) - this.#serverBegin;
    const load = cpuSeconds(Deno.pid) - this.#loadBegin;
    const times = this.#times.sort((a, b) => a - b);
    return {
      rate: this.count / seconds,
      p50: times[Math.floor(times.length * 0.5)] ?? NaN,
      p99: times[Math.floor(times.length * 0.99)] ?? NaN,
      cost: server / this.count * 1e6,
      serverCpu: server / seconds,
      loadCpu: load / seconds,
    };
  }
}

/** Calls `turn` for so many seconds, first to warm up and then to measure. */
function measure(load: Load, turn: (meter: Meter) => void): Measured {
  let meter = new Meter(load.pid);
  for (const seconds of [load.warmUpSeconds, load.seconds]) {
    meter = new Meter(load.pid);
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) turn(meter);
  }
  return meter.result();
}

/**
 * A chat room in a closed loop: each speaker has one message in flight, every message comes to all,
 * and whoever has its own back says the next.
 */
function talk(load: Load, clients: Clients, speakers: number): Measured {
  let talking = true;
  let speaking = speakers;
  const turn = (meter: Meter) => {
    const events = clients.hear(PATIENCE, (client, count) => {
      const { rest } = client;
      if (rest.length > 0) {
        buffer.copyWithin(rest.length, 0, count);
        buffer.set(rest);
        count += rest.length;
      }
      const whole = Math.floor(count / MESSAGE_SIZE);
      const end = whole * MESSAGE_SIZE;
      client.rest = end < count ? buffer.slice(end, count) : nothing;
      meter.count += whole;
      for (let i = 0; i < whole; i++) {
        if (marks[i * MESSAGE_SIZE / 2] !== client.mark) continue;
        meter.roundTrip(client.sentAt);
        if (talking) client.send();
        else speaking--;
      }
    });
    if (events === 0) throw new Error("the server fell silent");
  };
  for (const client of clients.all.slice(0, speakers)) client.send();
  const measured = measure(load, turn);
  talking = false;
  const ignored = new Meter(load.pid);
  while (speaking > 0) turn(ignored);
  return measured;
}

function room(load: Load): Measured {
  const clients = new Clients(load);
  clients.open(load.clients);
  clients.joined(load.clients);
  const measured = talk(load, clients, load.clients);
  clients.close();
  return measured;
}

/** Many connect at once, to a room; it is complete when all hear what one of them says. */
function connections(load: Load): Measured {
  const warmUp = new Clients(load);
  warmUp.open(load.clients);
  warmUp.connected(load.clients);
  warmUp.close();
  settle(load.pid);

  const clients = new Clients(load);
  const begin = performance.now();
  clients.open(load.clients);
  const refused = clients.connected(load.clients);
  const connected = performance.now();
  clients.all[load.clients - 1]!.send();
  let bytes = load.clients * (MESSAGE_SIZE - 1);
  while (bytes > 0) {
    if (clients.hear(PATIENCE, (_, count) => bytes -= count) === 0) {
      throw new Error("the server does not serve all whom it let connect");
    }
  }
  const served = performance.now();
  clients.close();
  return {
    rate: load.clients / (connected - begin) * 1000,
    served: load.clients / (served - begin) * 1000,
    refused,
  };
}

/** Waits until the server has nothing to do any more. */
function settle(pid: number): void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  let before = -1;
  while (before !== (before = cpuSeconds(pid))) Atomics.wait(sleeper, 0, 0, 100);
}

/** Memory for connections that send nothing; then, with them in the room, ten who talk. */
function idle(load: Load): Measured {
  const clients = new Clients(load);
  clients.open(10);
  clients.joined(10);
  talk({ ...load, seconds: 0 }, clients, 10);
  settle(load.pid);
  const before = memory(load.pid).now;
  clients.open(load.clients);
  clients.connected(load.clients);
  settle(load.pid);
  const after = memory(load.pid).now;
  const measured = talk(load, clients, 10);
  clients.close();
  return { ...measured, memory: (after - before) / load.clients };
}

/** What is said in a room with a member that does not read: this, so many times. */
const LONG_MESSAGE = 8192;
const LONG_MESSAGES = 3000;
/** A room that is silent for so long has stopped, in milliseconds. */
const STOPPED = 5000;

/**
 * All but the last say something in turn, each when all have heard the one before: first with the last
 * among those who hear, then while it reads no more. It is sent 24 MB, more than the kernel keeps for it.
 */
function stalled(load: Load): Measured {
  const clients = new Clients(load);
  clients.open(load.clients);
  clients.joined(load.clients);
  const message = encoder.encode("x".repeat(LONG_MESSAGE - 1) + "\n");
  const speakers = clients.all.slice(0, -1);
  const deaf = clients.all.at(-1)!;
  let rate = NaN;
  const longest = (readers: number) => {
    let longest = 0;
    const begin = performance.now();
    for (let i = 0; i < LONG_MESSAGES; i++) {
      const sentAt = performance.now();
      send(speakers[i % speakers.length]!.fd, message);
      for (let missing = readers * LONG_MESSAGE; missing > 0;) {
        if (clients.hear(STOPPED, (_, count) => missing -= count) === 0) {
          throw new Error("who does not read stops the room");
        }
      }
      longest = Math.max(longest, performance.now() - sentAt);
    }
    rate = LONG_MESSAGES / (performance.now() - begin) * 1000;
    return longest;
  };
  const all = longest(load.clients);
  clients.ignore(deaf);
  const measured = { longest: all, longestStalled: longest(speakers.length), rate };
  clients.close();
  return measured;
}

/** As json_client: so many requests on a connection, each when the answer to the last is there. */
const REQUESTS = 10;
const request = encoder.encode('{"name": "jung", "count": 7}'); // the answer is the same

function json(load: Load): Measured {
  const epoll = new Epoll();
  const sockets = Array.from({ length: load.clients }, (_, number) => {
    return { number, fd: -1, answers: REQUESTS, sentAt: 0, missing: 0 };
  });
  const ask = (socket: typeof sockets[number]) => {
    socket.missing = request.length;
    socket.sentAt = performance.now();
    send(socket.fd, request);
  };
  const connect = (socket: typeof sockets[number]) => {
    if (socket.fd >= 0) close(socket.fd);
    socket.fd = openTcp(load.port);
    socket.answers = 0;
    epoll.add(socket.fd, EPOLLOUT, socket.number);
  };
  sockets.forEach(connect);
  const measured = measure(load, (meter) => {
    const events = epoll.wait(PATIENCE, (number, events) => {
      const socket = sockets[number]!;
      if (events & EPOLLOUT) {
        epoll.change(socket.fd, EPOLLIN, number);
        return ask(socket);
      }
      const count = recv(socket.fd, buffer);
      if (count <= 0) throw new Error("the server closed a connection");
      socket.missing -= count;
      if (socket.missing > 0) return;
      meter.count++;
      meter.roundTrip(socket.sentAt);
      if (++socket.answers < REQUESTS) ask(socket);
      else connect(socket);
    });
    if (events === 0) throw new Error("the server fell silent");
  });
  for (const socket of sockets) close(socket.fd);
  return measured;
}

/** As notify: a datagram, and the next when the answer is there. One that is lost is sent again. */
function udp(load: Load): Measured {
  const epoll = new Epoll();
  const datagram = encoder.encode("Hello UDP Listener");
  const sockets = Array.from(
    { length: load.clients },
    () => ({ fd: openUdp(load.port), sentAt: 0 }),
  );
  const ask = (socket: typeof sockets[number]) => {
    socket.sentAt = performance.now();
    send(socket.fd, datagram);
  };
  sockets.forEach(({ fd }, number) => epoll.add(fd, EPOLLIN, number));
  sockets.forEach(ask);
  const measured = measure(load, (meter) => {
    const events = epoll.wait(QUIET, (number) => {
      const socket = sockets[number]!;
      if (recv(socket.fd, buffer) <= 0) throw new Error("the server is gone");
      meter.count++;
      meter.roundTrip(socket.sentAt);
      ask(socket);
    });
    if (events === 0) sockets.forEach(ask);
  });
  for (const { fd } of sockets) close(fd);
  return measured;
}

/** What a load does, by its name. */
const KINDS = { room, connections, idle, stalled, json, udp };

if (import.meta.main) {
  const load: Load = JSON.parse(Deno.args[0] ?? "");
  print(JSON.stringify(KINDS[load.kind](load)));
  settle(load.pid); // those who have left are not to disturb what is measured next
}
