// Framing: where one message ends and the next begins. TCP is a stream of bytes and keeps no
// boundaries (RFC 9293, 3.7); a Framing turns bytes into whole text messages, and back.
// `raw` does as the originals do, `line` and `json` do what TCP demands, `auto` meets both.

/** The names that `--framing` takes. */
export const FRAMINGS = ["auto", "raw", "line", "json"] as const;
/** One of these names. */
export type FramingName = typeof FRAMINGS[number];

/**
 * The longest message, in bytes. What comes and is longer is cut (raw) or refused (line, json). What is
 * to be sent in line framing is cut, since the peer would refuse it.
 */
export const MESSAGE_LIMIT = 64 * 1024;

/** What a peer sent can't be read as messages: not UTF-8, too long, not JSON. */
export class FramingError extends Error {
  override name = "FramingError";
}

/** Bytes in, messages out, and back. One for each connection. */
export interface Framing {
  /** How messages are told apart now; `auto` begins as raw and may become line. */
  readonly name: FramingName;
  /**
   * Takes the bytes of one read; `filled` when they filled the read buffer, so that more may be
   * waiting. Called only when `next` had nothing left. Throws a FramingError.
   */
  push(bytes: Uint8Array, filled: boolean): void;
  /** The next whole message, or undefined where more bytes are needed. Throws a FramingError. */
  next(): string | undefined;
  /**
   * Milliseconds of silence after which what is held counts as whole, for a framing that can tell
   * by nothing else; 0 when only more bytes, or the end, can complete it.
   */
  readonly quiet: number;
  /** No more bytes for now, or none ever: what is held counts as whole. This or `next` throws where it can't. */
  flush(ended: boolean): void;
  /** The bytes that carry a message. */
  encode(message: string): Uint8Array;
  /** Whether messages sent may share a write, because the peer can tell them apart. */
  readonly merges: boolean;
  /** What has come and is no message yet, and why, in words; "" where nothing is held back. */
  readonly held: string;
}

/** A framing that `auto` can begin with: at the first newline it hands over what it holds. */
export interface Beginning extends Framing {
  /** The bytes that no message was made of. */
  takeHeld(): Uint8Array;
}

/**
 * A new framing of that name, for one connection. An exercise may have its own in place of raw, where
 * its messages can be told apart by more than time.
 */
export function framingOf(name: FramingName, raw?: Beginning): Framing {
  switch (name) {
    case "raw":
      return raw ?? new RawFraming();
    case "line":
      return new LineFraming();
    case "json":
      return new JsonFraming();
    case "auto":
      return new AutoFraming(raw ?? new RawFraming());
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text that the bytes are in UTF-8. Throws a FramingError. */
export function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new FramingError("sent bytes that are not UTF-8");
  }
}

/** Turns text into bytes, and remembers the last: a room is sent the same text many times over. */
class Encoder {
  #text = "";
  #bytes: Uint8Array;

  /** `limit`: of longer texts only the first so many bytes are encoded, whole characters of them. */
  constructor(readonly ending: string, readonly limit = Infinity) {
    this.#bytes = encoder.encode(ending);
  }

  encode(text: string): Uint8Array {
    if (text !== this.#text) {
      this.#text = text;
      this.#bytes = encoder.encode(text + this.ending);
      if (this.#bytes.length - this.ending.length > this.limit) {
        const { read } = encoder.encodeInto(text, new Uint8Array(this.limit));
        this.#bytes = encoder.encode(text.slice(0, read) + this.ending);
      }
    }
    return this.#bytes;
  }
}

const rawEncoder = new Encoder("");
const lineEncoder = new Encoder("\n", MESSAGE_LIMIT);

/** How many bytes at the end are the beginning of a UTF-8 character that is not complete (RFC 3629, 4). */
function incompleteTail(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue; // in the middle of a character: look further back
    // 0xc0, 0xc1 and 0xf5 to 0xff begin no character: nothing can complete them.
    const length = byte > 0xf4 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

const nothing = new Uint8Array(0);
/** So many bytes are kept for what is held next, since to allocate them anew takes longer than to copy. */
const KEPT = 1024;

/** A growing run of bytes, for what has arrived and is not whole yet. */
export class HeldBytes {
  #bytes = nothing;
  length = 0;

  add(more: Uint8Array): void {
    const needed = this.length + more.length;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, this.length));
      this.#bytes = larger;
    }
    this.#bytes.set(more, this.length);
    this.length = needed;
  }

  /** All of them, to be used before any are added; nothing is held afterwards. */
  take(): Uint8Array {
    const all = this.#bytes.subarray(0, this.length);
    if (this.#bytes.length > KEPT) this.#bytes = nothing;
    this.length = 0;
    return all;
  }
}

/**
 * What the originals do: what one recv brings is one message. Only a message that ends inside a
 * character is held back until its bytes are complete, and what filled the read buffer until the rest
 * of it is there.
 */
class RawFraming implements Beginning {
  readonly name = "raw";
  readonly merges = false;
  quiet = 0;
  #held = new HeldBytes();
  #ended = false;

  push(bytes: Uint8Array, filled: boolean): void {
    this.#held.add(bytes);
    // A full read buffer says that there may be more: 1 ms is enough for what has arrived already.
    this.quiet = filled && this.#held.length < MESSAGE_LIMIT ? 1 : 0;
  }

  next(): string | undefined {
    if (this.#held.length === 0 || this.quiet > 0) return undefined;
    const bytes = this.#held.take();
    const most = bytes.subarray(0, MESSAGE_LIMIT);
    const whole = most.length - incompleteTail(most);
    const text = decode(bytes.subarray(0, whole));
    if (whole < bytes.length) {
      // A character that was cut holds back its message, so that it arrives as one.
      const holdBack = bytes.length < MESSAGE_LIMIT && !this.#ended;
      this.#held.add(holdBack ? bytes : bytes.subarray(whole));
      if (holdBack) return undefined;
    }
    if (whole > 0) return text;
    if (this.#ended) throw new FramingError("ended in the middle of a UTF-8 character");
    return undefined;
  }

  flush(ended: boolean): void {
    this.quiet = 0;
    this.#ended = ended;
  }

  encode(message: string): Uint8Array {
    return rawEncoder.encode(message);
  }

  get held(): string {
    return this.#held.length === 0
      ? ""
      : this.quiet > 0
      ? `${this.#held.length} bytes, which fill the read buffer: more may follow`
      : `${this.#held.length} bytes of a character that is not complete`;
  }

  takeHeld(): Uint8Array {
    return this.#held.take();
  }
}

/** A newline ends a message, `\r\n` too. What follows the last newline counts when the stream ends. */
class LineFraming implements Framing {
  readonly name = "line";
  readonly merges = true;
  readonly quiet = 0;
  #held = new HeldBytes();
  // Of the bytes of the last push, those from #at on are not read yet.
  #bytes: Uint8Array = nothing;
  #at = 0;

  push(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#at = 0;
  }

  next(): string | undefined {
    const end = this.#bytes.indexOf(10, this.#at);
    if (end >= 0) {
      const line = this.#bytes.subarray(this.#at, end);
      this.#at = end + 1;
      return this.#decodeLine(line);
    }
    this.#hold(this.#bytes.subarray(this.#at));
    this.#at = this.#bytes.length;
    return undefined;
  }

  flush(ended: boolean): void {
    if (ended && this.#held.length > 0) this.push(encoder.encode("\n"));
  }

  encode(message: string): Uint8Array {
    return lineEncoder.encode(message);
  }

  get held(): string {
    return this.#held.length > 0 ? `${this.#held.length} bytes without a newline` : "";
  }

  #hold(rest: Uint8Array) {
    if (rest.length === 0) return;
    // One more than a message may have: it could be the `\r` of its end.
    if (this.#held.length + rest.length > MESSAGE_LIMIT + 1) throw tooLong();
    this.#held.add(rest);
  }

  #decodeLine(line: Uint8Array): string {
    if (this.#held.length > 0) {
      this.#held.add(line);
      line = this.#held.take();
    }
    if (line[line.length - 1] === 13) line = line.subarray(0, -1);
    if (line.length > MESSAGE_LIMIT) throw tooLong();
    return decode(line);
  }
}

/** What to throw for a message above the limit. */
export function tooLong(): FramingError {
  return new FramingError(`sent a message longer than ${MESSAGE_LIMIT} bytes`);
}

/** Raw until the peer sends a newline, line from then on, both ways. */
class AutoFraming implements Framing {
  #raw: Beginning | undefined;
  #now: Framing;

  constructor(raw: Beginning) {
    this.#raw = this.#now = raw;
  }

  get name(): FramingName {
    return this.#now.name;
  }

  get merges(): boolean {
    return this.#now.merges;
  }

  get quiet(): number {
    return this.#now.quiet;
  }

  push(bytes: Uint8Array, filled: boolean): void {
    if (this.#raw && bytes.includes(10)) {
      const held = this.#raw.takeHeld();
      const line = this.#now = new LineFraming();
      this.#raw = undefined;
      if (held.length > 0) {
        line.push(held);
        line.next();
      }
    }
    this.#now.push(bytes, filled);
  }

  next(): string | undefined {
    return this.#now.next();
  }

  flush(ended: boolean): void {
    this.#now.flush(ended);
  }

  encode(message: string): Uint8Array {
    return this.#now.encode(message);
  }

  get held(): string {
    return this.#now.held;
  }
}

/** What JSON calls insignificant whitespace (RFC 8259, 2). */
const JSON_SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);
const QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c, COLON = 0x3a;
const OPEN = new Set([0x5b, 0x7b]);
const CLOSE = new Set([0x5d, 0x7d]);
/** Deeper nesting than this is refused; Python's own parser gives up at about 1,000 too. */
const JSON_DEPTH_LIMIT = 500;

/**
 * A message is one JSON text (RFC 8259), wherever the chunks fall and with any whitespace between two.
 * It looks only for where a text ends; whether it is right is for the parser to say. A number has no
 * end of its own, so it counts as whole after 50 ms without another byte.
 */
class JsonFraming implements Framing {
  readonly name = "json";
  // Two numbers in one write would be read as one.
  readonly merges = false;
  #bytes: Uint8Array = nothing;
  #at = 0;
  #held = new HeldBytes();
  #depth = 0;
  #state: "between" | "nested" | "string" | "escape" | "word" = "between";

  get quiet(): number {
    return this.#state === "word" ? 50 : 0;
  }

  push(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#at = 0;
  }

  next(): string | undefined {
    const bytes = this.#bytes;
    let start = this.#at;
    for (let at = start; at < bytes.length; at++) {
      if (this.#state === "between") {
        if (JSON_SPACE.has(bytes[at]!)) continue;
        start = at;
      }
      const end = this.#endsAt(bytes[at]!, at);
      if (end >= 0) {
        this.#state = "between";
        this.#at = end;
        return this.#text(bytes.subarray(start, end));
      }
    }
    if (this.#state !== "between") this.#hold(bytes.subarray(start));
    this.#at = bytes.length;
    return undefined;
  }

  flush(ended: boolean): void {
    if (this.#state === "word") this.push(encoder.encode(" "));
    else if (ended && this.#state !== "between") {
      throw new FramingError("ended in the middle of a JSON text");
    }
  }

  encode(message: string): Uint8Array {
    return rawEncoder.encode(message);
  }

  get held(): string {
    if (this.#state === "word") return "a number or a word: no byte says where it ends";
    return this.#state === "between" ? "" : `${this.#held.length} bytes of a JSON text`;
  }

  /** Takes one byte of a text; where the text ends with it, or just before it, says at what index. */
  #endsAt(byte: number, at: number): number {
    switch (this.#state) {
      case "escape":
        this.#state = "string";
        return -1;
      case "string":
        if (byte === BACKSLASH) this.#state = "escape";
        else if (byte === QUOTE) {
          if (this.#depth === 0) return at + 1;
          this.#state = "nested";
        }
        return -1;
      case "word": {
        const ends = JSON_SPACE.has(byte) || byte === QUOTE || byte === COMMA || byte === COLON ||
          OPEN.has(byte) || CLOSE.has(byte);
        return ends ? at : -1;
      }
      default: // between two texts, or nested in one
        if (byte === QUOTE) this.#state = "string";
        else if (OPEN.has(byte)) {
          this.#state = "nested";
          if (++this.#depth > JSON_DEPTH_LIMIT) {
            throw new FramingError(`sent JSON nested deeper than ${JSON_DEPTH_LIMIT}`);
          }
        } else if (CLOSE.has(byte)) {
          // One too many ends a text as well: the parser refuses it.
          if (this.#depth <= 1) {
            this.#depth = 0;
            return at + 1;
          }
          this.#depth--;
        } else if (this.#state === "between") {
          if (byte === COMMA || byte === COLON) return at + 1;
          this.#state = "word";
        }
        return -1;
    }
  }

  #hold(rest: Uint8Array) {
    if (this.#held.length + rest.length > MESSAGE_LIMIT) throw tooLong();
    this.#held.add(rest);
  }

  #text(rest: Uint8Array): string {
    this.#hold(rest);
    return decode(this.#held.take());
  }
}
