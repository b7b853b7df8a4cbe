// `--trace` and `--trace-diagram`: what goes over the wire, call by call, on stderr and as a Mermaid
// sequence diagram. A socket that is traced has its connection and its framing wrapped; one that is
// not uses Deno's own, so that tracing costs nothing when it is off.

import { encodeHex } from "@std/encoding/hex";
import { cyan, dim, green, red, setColorEnabled, yellow } from "@std/fmt/colors";
import { reportStyled, visible } from "./console.ts";
import type { Framing } from "./framing.ts";
import { repr } from "./repr.ts";
import { endpoint } from "./socket.ts";

/** Bytes in a row. */
const ROW = 16;
/** Of long data only so many rows are shown, from its beginning and from its end. */
const FIRST_ROWS = 12;
const LAST_ROWS = 3;
/** How long a diagram may get, in characters: Mermaid refuses more than 50,000 (its `maxTextSize`). */
const DIAGRAM_LIMIT = 49_000;
/** How many characters of a message a diagram shows. */
const DIAGRAM_TEXT = 40;

/** What a socket uses of a Deno.TcpConn. */
export type Connection = Pick<Deno.TcpConn, "read" | "write" | "closeWrite" | "close">;
/** What a socket uses of a Deno.DatagramConn. */
export type DatagramConnection = Pick<Deno.DatagramConn, "receive" | "send" | "close">;

/** How a connection comes about. */
export type Origin = "accept" | "connect";

/**
 * What happened. `in` comes from the peer, `out` goes to it, `here` stays in this program. `datagram`
 * tells the data of UDP from that of a connection.
 */
interface Event {
  what:
    | "listen"
    | Origin
    | "recv"
    | "send"
    | "FIN"
    | "RST"
    | "failed"
    | "framing"
    | "drop"
    | "close";
  way: "in" | "out" | "here";
  peer: string;
  text?: string;
  data?: Uint8Array;
  datagram?: boolean;
}

type Sink = (event: Event) => void;

/** What is traced; undefined where nothing is. */
export let tracer: Tracer | undefined;

/**
 * Begins to trace the sockets made from now on: on stderr, if `console`, and to the file, if `diagram`
 * names one. Throws where the file can't be opened. `script` is what the diagram calls this program.
 */
export function startTrace(script: string, console: boolean, diagram?: string): void {
  const sinks: Sink[] = [];
  if (console) sinks.push(consoleTrace());
  if (diagram !== undefined) sinks.push(diagramTrace(script, diagram));
  if (sinks.length > 0) tracer = new Tracer((event) => sinks.forEach((sink) => sink(event)));
}

/** Hands every event to where it is shown. */
class Tracer {
  constructor(readonly tell: Sink) {}

  /** A server waits for clients or datagrams from here on. */
  listening(addr: Deno.NetAddr): void {
    this.tell({ what: "listen", way: "here", peer: endpoint(addr) });
  }

  /** The connection, so wrapped that all that goes over it is told. */
  connection(conn: Deno.TcpConn, framing: Framing, origin: Origin): TracedConnection {
    return new TracedConnection(conn, framing, origin, this.tell);
  }

  /** The same for UDP. */
  datagrams(conn: Deno.DatagramConn): TracedDatagrams {
    return new TracedDatagrams(conn, this.tell);
  }

  /** This program ends a connection because of its peer. */
  dropped(peer: string, reason: string): void {
    this.tell({ what: "drop", way: "here", peer, text: reason.replace(`${peer} `, "") });
  }
}

/** A TCP connection that tells what goes over it: a line for each call that Python would make. */
class TracedConnection implements Connection {
  readonly framing: Framing;
  readonly #peer: string;
  /** Whether this side has said that it sends no more. */
  #ended = false;
  #closed = false;

  constructor(
    readonly conn: Deno.TcpConn,
    framing: Framing,
    origin: Origin,
    readonly tell: Sink,
  ) {
    this.#peer = endpoint(conn.remoteAddr);
    const text = origin === "connect" ? `from ${endpoint(conn.localAddr)}` : "";
    this.tell({ what: origin, way: origin === "connect" ? "out" : "in", peer: this.#peer, text });
    const decided = (text: string) =>
      this.tell({ what: "framing", way: "here", peer: this.#peer, text });
    this.framing = new TracedFraming(framing, decided);
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    try {
      const count = await this.conn.read(buffer);
      if (this.#closed) return count;
      const [way, peer] = ["in", this.#peer] as const;
      if (count === null) this.tell({ what: "FIN", way, peer, text: "the peer has ended" });
      else this.tell({ what: "recv", way, peer, data: buffer.subarray(0, count) });
      return count;
    } catch (error) {
      throw this.#failed("in", error);
    }
  }

  async write(bytes: Uint8Array): Promise<number> {
    try {
      const count = await this.conn.write(bytes);
      const text = count < bytes.length ? `, of ${bytes.length}: the kernel takes no more now` : "";
      const data = bytes.subarray(0, count);
      this.tell({ what: "send", way: "out", peer: this.#peer, data, text });
      return count;
    } catch (error) {
      throw this.#failed("out", error);
    }
  }

  async closeWrite(): Promise<void> {
    await this.conn.closeWrite();
    if (this.#ended) return; // once is all that goes over the wire
    this.#ended = true;
    this.tell({ what: "FIN", way: "out", peer: this.#peer, text: "this side has ended" });
  }

  close(): void {
    this.conn.close();
    this.#closed = true;
    this.tell({ what: "close", way: "here", peer: this.#peer });
  }

  /** Tells of an error, unless it is that this program has closed the connection meanwhile. */
  #failed(way: "in" | "out", error: unknown): unknown {
    if (!this.#closed) {
      const { ConnectionReset, BrokenPipe } = Deno.errors;
      const reset = error instanceof ConnectionReset || error instanceof BrokenPipe;
      const text = reset
        ? "the peer broke off the connection"
        : error instanceof Error
        ? error.message
        : String(error);
      this.tell({
        what: reset ? "RST" : "failed",
        way: reset ? "in" : way,
        peer: this.#peer,
        text,
      });
    }
    return error;
  }
}

/** A framing that tells what it makes of each read, where that is not simply one message. */
class TracedFraming implements Framing {
  #messages: string[] = [];
  #failed = false;
  #failure: unknown;

  constructor(readonly framing: Framing, readonly tell: (text: string) => void) {}

  get name() {
    return this.framing.name;
  }

  get quiet() {
    return this.framing.quiet;
  }

  get merges() {
    return this.framing.merges;
  }

  get held() {
    return this.framing.held;
  }

  push(bytes: Uint8Array, filled: boolean): void {
    const { name, held } = this.framing;
    this.framing.push(bytes, filled);
    if (this.framing.name !== name) {
      this.tell(`newline seen: ${this.framing.name} framing from here on`);
    }
    this.#drain();
    const count = this.#messages.length;
    if (count > 1) this.tell(`${count} messages ${held === "" ? "in one recv" : "are whole now"}`);
    if (this.held !== "") this.tell(`held back: ${this.held}`);
  }

  flush(ended: boolean): void {
    this.framing.flush(ended);
    this.#drain();
    if (this.#messages.length > 0) {
      this.tell(`${ended ? "the end" : "silence"}: what was held back counts as whole`);
    }
  }

  next(): string | undefined {
    const message = this.#messages.shift();
    if (message === undefined && this.#failed) throw this.#failure;
    return message;
  }

  encode(message: string): Uint8Array {
    return this.framing.encode(message);
  }

  /** Takes all messages at once, to count them. An error is for after those that were whole. */
  #drain() {
    try {
      while (true) {
        const message = this.framing.next();
        if (message === undefined) return;
        this.#messages.push(message);
      }
    } catch (error) {
      this.#failed = true;
      this.#failure = error;
    }
  }
}

/** A UDP socket that tells of every datagram. */
class TracedDatagrams implements DatagramConnection {
  #closed = false;

  constructor(readonly conn: Deno.DatagramConn, readonly tell: Sink) {
    this.tell({ what: "listen", way: "here", peer: peerOf(conn.addr) });
  }

  async receive(buffer?: Uint8Array): Promise<[Uint8Array<ArrayBuffer>, Deno.Addr]> {
    try {
      const [data, addr] = await this.conn.receive(buffer);
      this.tell({ what: "recv", way: "in", peer: peerOf(addr), data, datagram: true });
      return [data, addr];
    } catch (error) {
      if (!this.#closed) this.#failed("in", "", error);
      throw error;
    }
  }

  async send(bytes: Uint8Array, addr: Deno.Addr): Promise<number> {
    try {
      const count = await this.conn.send(bytes, addr);
      this.tell({ what: "send", way: "out", peer: peerOf(addr), data: bytes, datagram: true });
      return count;
    } catch (error) {
      if (!this.#closed) this.#failed("out", peerOf(addr), error);
      throw error;
    }
  }

  close(): void {
    this.#closed = true;
    this.conn.close();
    this.tell({ what: "close", way: "here", peer: peerOf(this.conn.addr) });
  }

  #failed(way: "in" | "out", peer: string, error: unknown) {
    const text = error instanceof Error ? error.message : String(error);
    this.tell({ what: "failed", way, peer, text });
  }
}

function peerOf(addr: Deno.Addr): string {
  return "hostname" in addr ? endpoint(addr) : "";
}

/** Shows events as lines on stderr, in colour where it is a terminal and NO_COLOR is unset. */
function consoleTrace(): Sink {
  setColorEnabled(Deno.stderr.isTerminal() && !Deno.noColor);
  const elapsed = stopwatch();
  return ({ what, way, peer, text = "", data }) => {
    // What this program makes of the bytes takes no time on the wire.
    const time = what === "framing" || what === "drop" ? " ".repeat(11) : elapsed();
    const arrow = { in: "<-", out: "->", here: "  " }[way];
    const size = data ? `  ${count(data.length)} byte${data.length === 1 ? "" : "s"}` : "";
    const line = `${time}  ${what.padEnd(7)} ${arrow} ${peer}${size}`;
    const colour = { in: green, out: cyan, here: yellow }[way];
    const shown = what === "RST" || what === "failed" || what === "drop" ? red : colour;
    const rows = data ? dump(data).map((row) => `\n    ${row}`).join("") : "";
    reportStyled(shown(visible(text === "" ? line : `${line}  ${text}`)) + dim(rows));
  };
}

/** Gives the time since the call before, 11 characters wide: `   +12.3 ms`, `   +3.00 s `. */
function stopwatch(): () => string {
  let last = performance.now();
  return () => {
    const ms = performance.now() - last;
    last += ms;
    return (ms < 999.95 ? `+${ms.toFixed(1)} ms` : `+${(ms / 1000).toFixed(2)} s `).padStart(11);
  };
}

/** A number of bytes with its thousands apart: `63,000`. */
function count(bytes: number): string {
  return bytes.toLocaleString("en");
}

/**
 * Bytes in rows of 16: offset, hex, and text. A character stands in the row in which its first byte
 * does; `↵` is a newline, `·` any other byte that shows nothing, or that is part of no character. Of
 * long data the middle is left out.
 */
export function dump(data: Uint8Array): string[] {
  const rows = Math.ceil(data.length / ROW);
  if (rows <= FIRST_ROWS + LAST_ROWS) return dumpRows(data, 0, rows);
  return [
    ...dumpRows(data, 0, FIRST_ROWS),
    `....  ${count((rows - FIRST_ROWS - LAST_ROWS) * ROW)} more bytes`,
    ...dumpRows(data, rows - LAST_ROWS, rows),
  ];
}

function dumpRows(data: Uint8Array, first: number, end: number): string[] {
  const lines: string[] = [];
  for (let from = first * ROW; from < end * ROW; from += ROW) {
    const offset = from.toString(16).padStart(4, "0");
    const hex = encodeHex(data.subarray(from, from + ROW)).replace(/../g, "$& ").padEnd(3 * ROW);
    const text = textOf(data, from, Math.min(from + ROW, data.length));
    lines.push(`${offset}  ${hex} ${text}`.trimEnd());
  }
  return lines;
}

/** The characters that begin between two places. */
function textOf(data: Uint8Array, from: number, end: number): string {
  let text = "";
  let at = from;
  // The first bytes may belong to the last character of the row before.
  for (let back = Math.min(3, from); back > 0 && at === from; back--) {
    at += Math.max(characterAt(data, from - back).size - back, 0);
  }
  while (at < end) {
    const { shown, size } = characterAt(data, at);
    text += shown;
    at += size;
  }
  return text;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
// What a terminal shows nothing for, or what could drive it, as Python's isprintable has it.
const UNSEEN = /[\p{C}\p{Z}]/u;

/** The character that begins with that byte, as it is shown, and its bytes; `·` where none begins. */
function characterAt(data: Uint8Array, at: number): { shown: string; size: number } {
  const lead = data[at]!;
  const size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  try {
    const character = decoder.decode(data.subarray(at, at + size));
    if (character === "\n") return { shown: "↵", size };
    return { shown: character !== " " && UNSEEN.test(character) ? "·" : character, size };
  } catch {
    return { shown: "·", size: 1 }; // not UTF-8, or only a part of a character has come
  }
}

/**
 * Writes events to a file as a Mermaid sequence diagram (https://mermaid.js.org, "Sequence
 * diagrams"). Each goes to the file at once, so that it is whole however the program ends, and once
 * the diagram is as long as Mermaid takes, it says so and nothing more is written.
 */
function diagramTrace(script: string, path: string): Sink {
  const file = Deno.openSync(path, { write: true, create: true, truncate: true });
  const encoder = new TextEncoder();
  const participants = new Map<string, string>();
  let room = DIAGRAM_LIMIT;
  const write = (line: string) => {
    const bytes = encoder.encode(line);
    for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
    room -= line.length;
  };
  const participant = (peer: string) => {
    let name = participants.get(peer);
    if (name === undefined) {
      name = `p${participants.size + 1}`;
      participants.set(peer, name);
      write(`  participant ${name} as ${diagramText(peer)}\n`);
    }
    return name;
  };
  write(`sequenceDiagram\n  participant us as ${diagramText(script)}\n`);
  return (event) => {
    if (room < 0) return;
    write(diagramLine(event, participant));
    if (room < 0) {
      write("  Note over us: the rest is left out: Mermaid takes 50,000 characters\n");
      file.close();
    }
  };
}

function diagramLine(event: Event, participant: (peer: string) => string): string {
  const { what, way, peer, text = "", data, datagram } = event;
  // A note needs no participant of its own where it is about this program alone.
  if (what === "listen" || peer === "") {
    return `  Note over us: ${diagramText(`${what} ${peer || text}`)}\n`;
  }
  if (what === "close") return "";
  const name = participant(peer);
  if (what === "framing" || what === "drop" || what === "failed") {
    return `  Note over us,${name}: ${
      diagramText(what === "framing" ? text : `${what}: ${text}`)
    }\n`;
  }
  // A message is a solid line, with an open head for a datagram, which may get lost; what TCP does
  // by itself is a dotted one, and a reset a cross.
  const line = data ? (datagram ? "-)" : "->>") : what === "RST" ? "--x" : "-->>";
  const [from, to] = way === "in" ? [name, "us"] : ["us", name];
  const label = what === "accept" ? "connect" : what;
  return `  ${from}${line}${to}: ${data ? diagramData(data) : label}\n`;
}

/** What a message holds, as Python would write it, cut where it is long. */
function diagramData(data: Uint8Array): string {
  const start = data.subarray(0, 4 * DIAGRAM_TEXT);
  let value: string | Uint8Array = start;
  try {
    // A cut in the middle of a character is no error.
    const cut = { stream: start.length < data.length };
    value = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(start, cut);
  } catch {
    // Not text: Python's bytes show it.
  }
  const shown = Array.from(repr(value));
  if (start.length === data.length && shown.length <= DIAGRAM_TEXT) {
    return diagramText(shown.join(""));
  }
  return diagramText(`${shown.slice(0, DIAGRAM_TEXT).join("")}... (${count(data.length)} bytes)`);
}

/** Text as Mermaid takes it: whatever could mean something to it becomes an entity, `#35;`. */
function diagramText(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,:'"!?()\[\]{}=+*/_-]/gu, (it) => `#${it.codePointAt(0)};`);
}
