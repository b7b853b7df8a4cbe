// `--trace-diagram FILE.svg`: what happens on the wire as a picture of a sequence diagram. It uses lines,
// rectangles and texts only, so that browsers, Word and 한글 all show it as it is.

import type { Sink, TraceEvent } from "./notes.ts";
import { count, shortText, stopwatch } from "./dump.ts";

/** How large a picture may get: rows, and participants beside this program; the rest is left out. */
const ROWS = 300;
const PARTICIPANTS = 12;
/** Sizes, in pixels. */
const LEFT = 170;
const COLUMN = 310;
const ROW = 46;
const NOTE = 26;
const BOX = { width: 170, height: 28 };
/** Bytes that are shown in hex below a message. */
const HEX = 16;

const FOOTER = "</svg>\n";
const COLOURS = { in: "#1a7f37", out: "#0969da", here: "#57606a", wrong: "#cf222e" };
const FONT = "font-family=\"'Malgun Gothic','Apple SD Gothic Neo','Noto Sans KR',sans-serif\"";

/**
 * Draws events into a file. The file is a whole picture at every moment, however the program ends. Throws
 * where it can't be opened. `script` is what the picture calls this program.
 */
export function svgTrace(script: string, path: string): Sink {
  const picture = new Picture(path);
  picture.participant("", script);
  const elapsed = stopwatch();
  return (event) => {
    if (picture.full) return;
    if (event.what === "framing") {
      if (event.messages) picture.segment(event);
      picture.note(event.peer, event.text ?? "", COLOURS.here);
    } else if (event.what === "listen") {
      picture.note("", `listen ${event.peer}`, COLOURS.here);
    } else if (event.what === "close") {
      picture.close(event.peer);
    } else if (event.what === "drop" || event.what === "failed") {
      picture.note(event.peer, `${event.what}: ${event.text}`, COLOURS.wrong);
    } else {
      picture.arrow(event, elapsed().trim());
      if (event.way === "out" && event.data) {
        picture.segment({ ...event, messages: lines(event.data) });
      }
    }
  };
}

/** A picture that grows downwards, and to the right with each participant. */
class Picture {
  readonly #file: Deno.FsFile;
  readonly #columns = new Map<string, number>();
  #widest = 0;
  #rows = 0;
  #height = 16;
  /** Where the footer begins in the file. */
  #end: number;

  constructor(path: string) {
    this.#file = Deno.openSync(path, { write: true, create: true, truncate: true });
    this.#end = encode(this.#header()).length;
    this.#draw(0, "");
  }

  get full(): boolean {
    return this.#rows > ROWS;
  }

  /** The middle of a participant's column, which is drawn from here on until it is closed. */
  participant(peer: string, name = peer): number {
    const known = this.#columns.get(peer);
    if (known !== undefined) return this.#x(known);
    const used = new Set(this.#columns.values());
    let column = 0;
    while (used.has(column) && column < PARTICIPANTS) column++;
    this.#columns.set(peer, column);
    this.#widest = Math.max(this.#widest, column);
    const x = this.#x(column);
    const shown = column === PARTICIPANTS ? "others" : name;
    if (!used.has(column)) this.#draw(BOX.height + 8, box(x, this.#height, shown));
    return x;
  }

  /** The participant's line ends here; its column is free for another. */
  close(peer: string): void {
    this.note(peer, "close", COLOURS.here);
    this.#columns.delete(peer);
  }

  /** Something that goes over the wire; a message with its text, and its first bytes below. */
  arrow({ what, way, peer, data, datagram, text = "" }: TraceEvent, time: string): void {
    const there = this.participant(peer), here = this.participant("");
    const [from, to] = way === "in" ? [there, here] : [here, there];
    const colour = what === "RST" ? COLOURS.wrong : COLOURS[way];
    const y = this.#height + ROW - 12;
    const middle = (from + to) / 2;
    const tip = to > from ? to - 8 : to + 8;
    const label = data
      ? `${shortText(data)}  (${count(data.length)} byte${data.length === 1 ? "" : "s"})`
      : `${what === "accept" ? "connect" : what}${text === "" ? "" : `: ${text}`}`;
    const hex = data?.subarray(0, HEX).toHex().replace(/../g, "$& ") ?? "";
    const more = data !== undefined && data.length > HEX ? "..." : "";
    // What TCP does by itself is dashed, and a datagram, which may get lost, dotted.
    const dash = datagram ? 'stroke-dasharray="2 3"' : data ? "" : 'stroke-dasharray="6 4"';
    this.#draw(
      ROW,
      texts(10, y + 4, time, 'fill="#8c959f" font-size="11"') +
        texts(middle, y - 18, label, `text-anchor="middle" fill="${colour}" font-size="13"`) +
        texts(middle, y - 5, hex + more, `text-anchor="middle" fill="#57606a" ${HEX_FONT}`) +
        `<line x1="${from}" y1="${y}" x2="${tip}" y2="${y}" stroke="${colour}" ${dash}/>` +
        `<polygon points="${to},${y} ${tip},${y - 4} ${tip},${y + 4}" fill="${colour}"/>\n`,
    );
  }

  /** What one segment carried, message by message. */
  segment({ peer, messages = [], way }: TraceEvent): void {
    if (messages.length < 2) return;
    const there = this.participant(peer), here = this.participant("");
    const all = COLUMN - 30;
    const width = all / Math.min(messages.length, 4);
    const [fill, stroke] = way === "out" ? ["#ddf4ff", COLOURS.out] : ["#dafbe1", COLOURS.in];
    const y = this.#height + 2;
    const left = (here + there - all) / 2;
    const cells = messages.slice(0, 4).map((message, i) => {
      const last = i === 3 && messages.length > 4;
      const shown = last ? `and ${messages.length - 3} more` : shortText(encode(message), 14);
      const x = left + i * width;
      return `<rect x="${x}" y="${y}" width="${width}" height="22" fill="${fill}" stroke="${stroke}"/>` +
        texts(x + width / 2, y + 15, shown, 'text-anchor="middle" font-size="11"');
    });
    this.#draw(NOTE + 2, cells.join(""));
  }

  /** What this program makes of it. */
  note(peer: string, text: string, colour: string): void {
    const x = (this.participant(peer) + this.participant("")) / 2;
    const shown = text.length > 60 ? `${text.slice(0, 60)}...` : text;
    const y = this.#height + 15;
    this.#draw(NOTE, texts(x, y, shown, `text-anchor="middle" fill="${colour}" font-size="12"`));
  }

  #x(column: number): number {
    return LEFT + column * COLUMN;
  }

  /** Adds a row: the lines of all participants go on beside it. */
  #draw(height: number, row: string) {
    this.#rows++;
    const top = this.#height;
    this.#height += height;
    const rest = this.full
      ? texts(10, this.#height + 14, "the rest is left out", 'font-size="12"')
      : "";
    if (this.full) this.#height += NOTE;
    const columns = new Set(this.#columns.values());
    const lines = Array.from(columns, (column) => {
      const x = this.#x(column);
      return `<line x1="${x}" y1="${top}" x2="${x}" y2="${this.#height}" stroke="#d0d7de"/>`;
    });
    const bytes = encode(`${lines.join("")}\n${row}${rest}`);
    // The old footer is overwritten by the row and a new footer in one go, and only then is there room.
    this.#write(this.#end, new Uint8Array([...bytes, ...encode(FOOTER)]));
    this.#end += bytes.length;
    this.#write(0, encode(this.#header()));
    if (this.full) this.#file.close();
  }

  #write(at: number, bytes: Uint8Array) {
    this.#file.seekSync(at, Deno.SeekMode.Start);
    for (let done = 0; done < bytes.length;) done += this.#file.writeSync(bytes.subarray(done));
  }

  /** Always as long, so that it can be written again in its place. */
  #header(): string {
    const size = (pixels: number) => String(Math.ceil(pixels)).padStart(6, "0");
    const [width, height] = [size(this.#x(this.#widest) + LEFT - 60), size(this.#height + 12)];
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
      `viewBox="0 0 ${width} ${height}" ${FONT}>` +
      `<rect width="100%" height="100%" fill="#ffffff"/>\n`;
  }
}

const HEX_FONT = 'font-size="10" font-family="Consolas,D2Coding,monospace"';
const textEncoder = new TextEncoder();

function encode(text: string): Uint8Array {
  return textEncoder.encode(text);
}

/** The lines that a segment holds, each of them a message where the framing is line. */
function lines(data: Uint8Array): string[] {
  return new TextDecoder().decode(data).split(/(?<=\n)/);
}

function box(x: number, y: number, name: string): string {
  return `<rect x="${
    x - BOX.width / 2
  }" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="4" ` +
    `fill="#f6f8fa" stroke="#8c959f"/>` +
    texts(x, y + 19, name, 'text-anchor="middle" font-size="13" font-weight="bold"');
}

/** A text at a place, as XML takes it. */
function texts(x: number, y: number, text: string, attributes: string): string {
  const escaped = text.toWellFormed().replace(/[&<>"]/g, (it) => `&#${it.charCodeAt(0)};`);
  return `<text x="${x}" y="${y}" xml:space="preserve" ${attributes}>${escaped}</text>\n`;
}
