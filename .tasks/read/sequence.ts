// Draws a sequence diagram as SVG. It takes as much of Mermaid as this project's diagrams use:
// participants, messages (`->>`, `-->>`, `-)`), notes, `loop`, `alt` and `else`. The lines and letters have
// classes, and their colours come from the page.

import { escapeHtml } from "./text.ts";

interface Message {
  kind: "message";
  from: string;
  to: string;
  /** `-->>` is what TCP does by itself, `-)` a datagram. */
  arrow: "->>" | "-->>" | "-)";
  text: string;
}

interface Note {
  kind: "note";
  over: string[];
  text: string;
}

/** A loop or a choice: several parts, of which each has a title. */
interface Block {
  kind: "block";
  /** `loop` or `alt`, and what stands before each further part: `else`. */
  name: string;
  otherwise: string;
  parts: { title: string; items: Item[] }[];
}

type Item = Message | Note | Block;

export interface Sequence {
  /** The titles of the participants by their names, from left to right. */
  participants: Map<string, string>;
  items: Item[];
}

/** Reads a diagram in Mermaid. Throws an Error for a line that is none of those it knows. */
export function parseSequence(mermaid: string): Sequence {
  const participants = new Map<string, string>();
  const items: Item[] = [];
  /** The blocks that are open, innermost last. */
  const open: Block[] = [];
  const add = (item: Item) => (open.at(-1)?.parts.at(-1)?.items ?? items).push(item);
  for (const line of mermaid.split("\n").map((line) => line.trim()).filter(Boolean)) {
    const participant = /^participant (\w+)(?: as (.*))?$/.exec(line);
    const message = /^(\w+) ?(-->>|->>|-\)) ?(\w+): (.*)$/.exec(line);
    const note = /^Note over ([\w, ]+): (.*)$/.exec(line);
    const block = /^(loop|alt|opt) ?(.*)$/.exec(line);
    const other = /^else ?(.*)$/.exec(line);
    if (line === "sequenceDiagram") continue;
    if (participant) {
      participants.set(participant[1]!, plain(participant[2] ?? participant[1]!));
    } else if (message) {
      const [, from, arrow, to, text] = message;
      for (const name of [from!, to!]) if (!participants.has(name)) participants.set(name, name);
      add({
        kind: "message",
        from: from!,
        to: to!,
        arrow: arrow as Message["arrow"], // the pattern takes no other
        text: plain(text!),
      });
    } else if (note) {
      add({ kind: "note", over: note[1]!.split(/, */), text: plain(note[2]!) });
    } else if (block) {
      const started: Block = {
        kind: "block",
        name: block[1]!,
        otherwise: "else",
        parts: [{ title: plain(block[2]!), items: [] }],
      };
      add(started);
      open.push(started);
    } else if (other && open.length > 0) {
      open.at(-1)!.parts.push({ title: plain(other[1]!), items: [] });
    } else if (line !== "end" || open.pop() === undefined) {
      throw new Error(`a diagram has a line that can't be drawn: ${line}`);
    }
  }
  return { participants, items };
}

/** Mermaid's way to say a character: `#92;` is a backslash. */
function plain(text: string): string {
  return text.replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
}

/** The same diagram with other texts. */
export function translate(sequence: Sequence, into: (text: string) => string): Sequence {
  const item = (each: Item): Item =>
    each.kind === "block"
      ? {
        ...each,
        name: into(each.name),
        otherwise: into(each.otherwise),
        parts: each.parts.map(({ title, items }) => ({
          title: into(title),
          items: items.map(item),
        })),
      }
      : { ...each, text: into(each.text) };
  return {
    participants: new Map(
      sequence.participants.entries().map(([name, title]) => [name, into(title)]),
    ),
    items: sequence.items.map(item),
  };
}

/** All texts of a diagram, in order. */
export function textsOf({ participants, items }: Sequence): string[] {
  const of = (item: Item): string[] =>
    item.kind === "block"
      ? [
        item.name,
        item.otherwise,
        ...item.parts.flatMap(({ title, items }) => [title, ...items.flatMap(of)]),
      ]
      : [item.text];
  return [...participants.values(), ...items.flatMap(of)].filter(Boolean);
}

const FONT = 13;
const LINE = 18; // of text
const MARGIN = 12;
/** Room between two lifelines, if no text needs more. */
const GAP = 150;
/** The longest line of a text. */
const WIDEST = 330;

/** About how wide a text is: a Hangul syllable is as wide as high, a Latin letter about half as wide. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += /[\u1100-\uffdc]/.test(character) ? 1 : 0.56;
  return width * FONT;
}

/** A text in lines, none wider than WIDEST. */
function wrap(text: string): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = lines.at(-1) === "" ? word : `${lines.at(-1)} ${word}`;
    if (widthOf(longer) <= WIDEST) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

const widest = (lines: string[]) => Math.max(...lines.map(widthOf));

/** Draws the diagram; `title` tells what it shows to who can't see it. */
export function drawSequence(sequence: Sequence, title: string): string {
  return new Drawing(sequence).svg(title);
}

class Drawing {
  readonly #names: string[];
  readonly #titles: string[];
  /** The x of each lifeline. */
  readonly #x: number[] = [];
  readonly #shapes: string[] = [];
  #y = MARGIN;
  #width: number;

  constructor(readonly sequence: Sequence) {
    this.#names = [...sequence.participants.keys()];
    this.#titles = [...sequence.participants.values()];
    const depth = depthOf(sequence.items);
    const gaps = this.#gaps();
    let x = MARGIN + depth * 10 + (widthOf(this.#titles[0] ?? "") + 28) / 2;
    for (const [i] of this.#names.entries()) {
      this.#x.push(x);
      x += gaps[i] ?? 0;
    }
    const last = this.#x.at(-1) ?? 0;
    this.#width = last + (widthOf(this.#titles.at(-1) ?? "") + 28) / 2 + depth * 10 + MARGIN;
    this.#reserveNotes(sequence.items);
  }

  /** How far each lifeline is from the next, so that all texts fit between them. */
  #gaps(): number[] {
    const gaps = this.#names.slice(1).map((_, i) => {
      return Math.max(GAP, (widthOf(this.#titles[i]!) + widthOf(this.#titles[i + 1]!)) / 2 + 48);
    });
    const spans = messagesOf(this.sequence.items).map(({ from, to, text }) => {
      const ends = [this.#names.indexOf(from), this.#names.indexOf(to)].sort((a, b) => a - b);
      return { left: ends[0]!, right: ends[1]!, need: widest(wrap(text)) + 36 };
    });
    for (const { left, right, need } of spans.sort((a, b) => a.right - a.left - b.right + b.left)) {
      const has = gaps.slice(left, right).reduce((sum, gap) => sum + gap, 0);
      for (let i = left; i < right; i++) gaps[i]! += Math.max(0, need - has) / (right - left);
    }
    return gaps;
  }

  /** Makes the drawing wide enough for notes at its edges. */
  #reserveNotes(items: readonly Item[]) {
    for (const item of items) {
      if (item.kind === "note") {
        const { x, width } = this.#noteAt(item);
        const left = MARGIN - x;
        if (left > 0) {
          for (const [i] of this.#x.entries()) this.#x[i]! += left;
          this.#width += left;
        }
        this.#width = Math.max(this.#width, x + Math.max(left, 0) + width + MARGIN);
      } else if (item.kind === "block") {
        for (const part of item.parts) this.#reserveNotes(part.items);
      }
    }
  }

  #noteAt({ over, text }: Note) {
    const xs = over.map((name) => this.#x[this.#names.indexOf(name)] ?? MARGIN);
    const [left, right] = [Math.min(...xs), Math.max(...xs)];
    const width = Math.max(right - left + 40, widest(wrap(text)) + 20);
    return { x: (left + right) / 2 - width / 2, width };
  }

  svg(title: string): string {
    const top = this.#y;
    this.#heads(top);
    this.#y += 34;
    const lifeFrom = this.#y;
    this.#y += 10;
    this.#draw(this.sequence.items, 0);
    this.#y += 14;
    const life = this.#x.map((x) => line(x, lifeFrom, x, this.#y, "life"));
    const [width, height] = [Math.ceil(this.#width), Math.ceil(this.#y + MARGIN)];
    return `<svg class="sequence" role="img" aria-label="${escapeHtml(title)}" ` +
      `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-size="${FONT}">` +
      life.join("") + this.#shapes.join("") + "</svg>";
  }

  #heads(y: number) {
    for (const [i, title] of this.#titles.entries()) {
      const width = widthOf(title) + 28;
      const x = this.#x[i]!;
      this.#shapes.push(
        box(x - width / 2, y, width, 34, "head", 6),
        text([title], x, y + 22, "middle"),
      );
    }
  }

  #draw(items: readonly Item[], depth: number) {
    for (const item of items) {
      if (item.kind === "message") this.#message(item);
      else if (item.kind === "note") this.#note(item);
      else this.#block(item, depth);
    }
  }

  #message({ from, to, arrow, text: words }: Message) {
    const [start, end] = [this.#x[this.#names.indexOf(from)]!, this.#x[this.#names.indexOf(to)]!];
    const lines = wrap(words);
    const quiet = arrow === "-->>" ? " quiet" : "";
    this.#shapes.push(text(lines, (start + end) / 2, this.#y + LINE - 2, "middle", `says${quiet}`));
    this.#y += lines.length * LINE + 5;
    const way = Math.sign(end - start);
    this.#shapes.push(
      line(start, this.#y, end - way * 2, this.#y, arrow === "-->>" ? "by-itself" : "sends"),
      arrow === "-)"
        ? `<path class="open" d="M${end - way * 9} ${this.#y - 5}L${end - way} ${this.#y}` +
          `L${end - way * 9} ${this.#y + 5}"/>`
        : `<path class="tip${quiet}" d="M${end - way * 9} ${this.#y - 4.5}L${
          end - way
        } ${this.#y}` +
          `L${end - way * 9} ${this.#y + 4.5}Z"/>`,
    );
    this.#y += 9;
  }

  #note(note: Note) {
    const lines = wrap(note.text);
    const { x, width } = this.#noteAt(note);
    const height = lines.length * LINE + 10;
    this.#y += 6;
    this.#shapes.push(
      box(x, this.#y, width, height, "note", 3),
      text(lines, x + width / 2, this.#y + LINE, "middle"),
    );
    this.#y += height + 6;
  }

  #block({ name, otherwise, parts }: Block, depth: number) {
    this.#y += 6;
    const [x, width] = [4 + depth * 8, this.#width - 8 - depth * 16];
    const top = this.#y;
    for (const [i, { title, items }] of parts.entries()) {
      if (i > 0) this.#shapes.push(line(x, this.#y, x + width, this.#y, "else"));
      const word = i === 0 ? name : otherwise;
      const wordWidth = widthOf(word) + 16;
      this.#shapes.push(
        box(x, this.#y, wordWidth, 22, "word", 3),
        text([word], x + wordWidth / 2, this.#y + 15.5, "middle", "word"),
        text([title], x + wordWidth + 8, this.#y + 15.5, "start", "when"),
      );
      this.#y += 24;
      this.#draw(items, depth + 1);
      this.#y += 6;
    }
    this.#shapes.push(box(x, top, width, this.#y - top, "block", 4));
    this.#y += 6;
  }
}

/** How deep blocks stand in blocks. */
function depthOf(items: readonly Item[]): number {
  const inside = items.map((item) => {
    return item.kind === "block"
      ? 1 + Math.max(...item.parts.map(({ items }) => depthOf(items)))
      : 0;
  });
  return Math.max(0, ...inside);
}

function messagesOf(items: readonly Item[]): Message[] {
  return items.flatMap((item) => {
    if (item.kind === "block") return item.parts.flatMap(({ items }) => messagesOf(items));
    return item.kind === "message" ? [item] : [];
  });
}

function line(x1: number, y1: number, x2: number, y2: number, name: string): string {
  return `<line class="${name}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;
}

function box(x: number, y: number, width: number, height: number, name: string, round: number) {
  return `<rect class="${name}" x="${x}" y="${y}" width="${width}" height="${height}" rx="${round}"/>`;
}

function text(lines: string[], x: number, y: number, anchor: string, name = "words"): string {
  const spans = lines.map((words, i) =>
    `<tspan x="${x}" y="${y + i * LINE}">${escapeHtml(words)}</tspan>`
  );
  return `<text class="${name}" text-anchor="${anchor}">${spans.join("")}</text>`;
}
