// Auto framing, for servers that meet both kinds of clients: raw until the client ends what it sends with a
// newline, lines from then on, both ways.

import { LineFraming } from "./line.ts";
import {
  type Ending,
  type FirstFraming,
  type Framing,
  type FramingName,
  PendingBytes,
} from "./message.ts";

const NEWLINE = 10;
/**
 * Milliseconds of silence after which a newline in the middle, and none at the end, is a part of a raw
 * message (a text of several lines), and not of a line that was cut: the rest of that comes at once.
 */
const CUT_TIMEOUT = 250;
/** So much may wait for it, in bytes. What is more is lines: nobody types so much. */
const CUT_LIMIT = 4096;
/** The same for what follows a line, without a newline: the peer has gone back to raw messages. */
const REST_TIMEOUT = 1000;
/** The same where it comes a character at a time: a telnet sends each key as it is typed. */
const TYPED_TIMEOUT = 30_000;

/** Begins as the framing that it is given, becomes line framing, and goes back where no newline comes. */
export class AutoFraming implements Framing {
  /** Kept here, and not asked of the framing of lines: a room looks at it for each message and member. */
  ending: Ending | undefined;
  readonly #raw: FirstFraming;
  /** Where the peer sends lines. */
  #lines: LineFraming | undefined;
  /** Bytes with a newline in the middle, of which time will tell. */
  #cut = new PendingBytes();
  #isTelnet = false;
  /** Whether what waits for its newline has come a character at a time. */
  #typed = false;

  constructor(raw: FirstFraming) {
    this.#raw = raw;
  }

  push(bytes: Uint8Array, bufferFull: boolean, messages: string[]): number {
    if (!this.#lines) {
      this.ending = "";
      if (this.#cut.length === 0 && !bytes.includes(NEWLINE)) {
        return this.#raw.push(bytes, bufferFull, messages);
      }
      this.#cut.add(this.#raw.takePending());
      if (!endsLine(bytes) && !bufferFull && this.#cut.length + bytes.length <= CUT_LIMIT) {
        this.#cut.add(bytes);
        return bytes.length;
      }
      this.#becomeLine(messages);
    }
    return this.#pushLines(this.#lines!, bytes, messages);
  }

  flush(atEnd: boolean, messages: string[]): void {
    if (this.#cut.length > 0) {
      if (atEnd) this.#becomeLine(messages);
      else this.#raw.push(this.#cut.take(), false, messages);
    }
    if (!this.#lines) return this.#raw.flush(atEnd, messages);
    this.#lines.flush(true, messages);
    if (atEnd) return; // who has ended may still be answered, in lines
    this.#lines = undefined;
    this.ending = "";
  }

  /** Telnet has nothing but lines, however slowly they come. */
  telnet(): void {
    this.#isTelnet = true;
    this.#lines ??= new LineFraming(true);
    this.ending = this.#lines.ending;
  }

  get name(): FramingName {
    return this.#lines ? "line" : "raw";
  }

  get timeout(): number {
    if (this.#cut.length > 0) return CUT_TIMEOUT;
    if (!this.#lines) return this.#raw.timeout;
    if (this.#lines.pending === 0 || this.#isTelnet) return 0;
    return this.#typed ? TYPED_TIMEOUT : REST_TIMEOUT;
  }

  get pending(): number {
    return this.#cut.length + (this.#lines ?? this.#raw).pending;
  }

  get mayMerge(): boolean {
    return (this.#lines ?? this.#raw).mayMerge;
  }

  get damaged(): boolean {
    return this.#lines?.damaged ?? false;
  }

  #becomeLine(messages: string[]) {
    this.#lines = new LineFraming(true);
    for (let rest = this.#cut.take(); rest.length > 0;) {
      const batch: string[] = [];
      rest = rest.subarray(this.#lines.push(rest, false, batch));
      messages.push(...batch);
    }
    this.ending = this.#lines.ending;
  }

  #pushLines(lines: LineFraming, bytes: Uint8Array, messages: string[]): number {
    const wasEmpty = lines.pending === 0;
    const taken = lines.push(bytes, false, messages);
    this.ending = lines.ending;
    if (lines.pending > 0) this.#typed = (wasEmpty || this.#typed) && isOneCharacter(bytes);
    return taken;
  }
}

/** Whether a newline comes last; a C program may have sent NULs behind it. */
function endsLine(bytes: Uint8Array): boolean {
  return bytes[bytes.findLastIndex((byte) => byte !== 0)] === NEWLINE;
}

/** Whether the bytes are one character: all but the first go on with it (RFC 3629, 3). */
function isOneCharacter(bytes: Uint8Array): boolean {
  return bytes.length <= 4 && bytes.subarray(1).every((byte) => (byte & 0xc0) === 0x80);
}
