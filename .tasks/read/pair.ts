// A pair as HTML: the original and its script side by side, in rows. Made when the page is built, and once
// more in the browser where a file is dropped there.

import { align, alone, type Piece, type Row, type Side } from "./align.ts";
import { type Code, lineAt, type Part, readCode } from "./code.ts";
import type { ScriptDocs } from "./docs.ts";
import { type Fault, placesOf } from "./faults.ts";
import { marksOf, type MatchedMark } from "./marks.ts";
import { findPlaces, type Place } from "./partners.ts";
import { both, escapeHtml, type Text } from "./text.ts";

/** A file with Python in it. */
export interface Original {
  name: string;
  text: string;
}

/** A script, and all that is shown with it. */
export interface Pair {
  /** The script's name, as `chat_server`. */
  name: string;
  source: string;
  docs: ScriptDocs;
  faults: Fault[];
}

/** What a page says of a tie that it shows: the names on both sides, and how they differ. */
export interface Correspondence {
  python: string;
  script: string;
  difference: Text;
}

/** A pair, as it is shown. */
export interface ShownPair {
  html: string;
  correspondences: Correspondence[];
  /** How many marks the original has, and how many of them have a partner. */
  marks: { all: number; matched: number };
}

/** The number of a fault in a circle: ①. */
export function circled(number: number): string {
  return number <= 20 ? String.fromCodePoint(0x245f + number) : `(${number})`;
}

/** Shows a script beside its original, or alone where there is none. */
export function showPair(pair: Pair, original?: Original): ShownPair {
  return new Shown(pair, original).show();
}

/** What stands in a gap: a fault of the original, or another reason. */
interface Remark {
  fault?: number;
  text: Text;
}

const HEADING: Text = {
  ko: "머리말: 무엇을 하는 스크립트인지, 어떻게 시작하는지.",
  en: "Its heading: what the script does, and how to start it.",
};

/** A script beside its original, made into rows, and the rows into HTML. */
class Shown {
  readonly #script: Code;
  readonly #python: Code | undefined;
  readonly #rows: Row[];
  readonly #marks: { python: Part[]; script: Part[]; matched: MatchedMark[] };
  readonly #places: Place[];
  /** The places of faults: their line on the script's side, and on the original's. */
  readonly #faultLines: { script: (number | undefined)[]; python: (number | undefined)[] };

  constructor(readonly pair: Pair, python: Original | undefined) {
    this.#script = readCode(pair.source, "typescript");
    this.#python = python && readCode(python.text, "python");
    const { rows, marks } = this.#python ? align(this.#python, this.#script) : alone(this.#script);
    this.#rows = rows;
    this.#marks = {
      python: this.#python ? marksOf(this.#python) : [],
      script: marks.map(({ script }) => script),
      matched: marks,
    };
    this.#places = findPlaces(rows, this.#script, pair.docs.mentions, this.#python);
    const lines = (code: Code | undefined, side: Side) =>
      placesOf(pair.faults, side, code?.source ?? "").map((offset) =>
        code && offset >= 0 ? lineAt(code, offset) : undefined
      );
    this.#faultLines = {
      script: lines(this.#script, "script"),
      python: lines(this.#python, "python"),
    };
  }

  show(): ShownPair {
    const blocks = this.#blocks().map((rows) => {
      const has = (side: Side) =>
        rows.some((row) => row[side].some((piece) => this.#says(side, piece)));
      const names = ["block", has("python") ? "" : "no-python", has("script") ? "" : "no-script"];
      return `<div class="${names.filter(Boolean).join(" ")}">${
        rows.map((row) => this.#row(row)).join("")
      }</div>`;
    });
    return {
      html: `<div class="code${this.#python ? "" : " alone"}">${blocks.join("")}</div>`,
      correspondences: this.#correspondences(),
      marks: { all: this.#marks.python.length, matched: this.#marks.matched.length },
    };
  }

  #code(side: Side): Code | undefined {
    return side === "python" ? this.#python : this.#script;
  }

  /** Whether there is more in it than brackets. */
  #says(side: Side, { start, end }: Piece): boolean {
    const code = this.#code(side);
    return code !== undefined && /[^\s(){}\[\];,]/.test(code.source.slice(start, end));
  }

  /** The rows in groups of what belongs together: on a phone one stands below the other. */
  #blocks(): Row[][] {
    const rows = this.#rows.flatMap((row) => this.#split(row));
    const blocks: Row[][] = [];
    let lines = 0;
    let pause = true;
    for (const row of rows) {
      const begins = blocks.length === 0 || lines >= 4 && pause || lines >= 16 && row.together;
      if (begins) {
        blocks.push([]);
        lines = 0;
      }
      blocks.at(-1)!.push(row);
      lines += Math.max(row.python.length, row.script.length);
      const isEmpty = (side: Side) => {
        const last = row[side].at(-1);
        return last !== undefined && !this.#says(side, last);
      };
      pause = isEmpty("python") && (row.script.length === 0 || isEmpty("script")) ||
        isEmpty("script") && row.python.length === 0;
    }
    return blocks;
  }

  /** Rows of one side only, so that each remark stands beside the line that it is about. */
  #split(row: Row): Row[] {
    if (row.together !== undefined) return [row];
    const side = row.script.length > 0 ? "script" : "python";
    const other = opposite(side);
    const rows: Row[] = [];
    for (const [i, piece] of row[side].entries()) {
      const last = rows.at(-1);
      if (last && this.#remarks(side, [piece]).length === 0) last[side].push(piece);
      else rows.push({ ...row, [side]: [piece], [other]: i === 0 ? row[other] : [] });
    }
    return rows;
  }

  /** Why the other side has nothing like these lines. */
  #remarks(side: Side, pieces: readonly Piece[]): Remark[] {
    const faults = this.#faultsIn(side, pieces).map((fault) => ({
      fault,
      text: this.pair.faults[fault]!.what,
    }));
    if (faults.length > 0) return faults;
    if (!this.#python) return []; // there is a place to drop it, and that is all there is to say
    if (side === "script" && pieces.some(({ line }) => line === 0)) return [{ text: HEADING }];
    const reasons = this.#places
      .filter((place) => place.side === side && pieces.some((piece) => contains(piece, place)))
      .flatMap(({ ties }) => ties.filter(({ partners }) => partners.length === 0))
      .flatMap(({ tie }) => tie.alone ?? []);
    return [...new Set(reasons)].slice(0, 1).map((text) => ({ text }));
  }

  /** The faults whose place begins with one of these pieces. */
  #faultsIn(side: Side, pieces: readonly Piece[]): number[] {
    const { lines } = this.#code(side)!;
    return pieces.filter(({ line, start }) => start === lines[line])
      .flatMap(({ line }) => this.#faultsAt(side, line));
  }

  #faultsAt(side: Side, line: number): number[] {
    return [...this.#faultLines[side].keys()].filter((i) => this.#faultLines[side][i] === line);
  }

  #row(row: Row): string {
    const name = row.together === undefined ? "row" : `row together by-${row.together}`;
    return `<div class="${name}">${this.#cell(row, "python")}${this.#cell(row, "script")}</div>`;
  }

  #cell(row: Row, side: Side): string {
    const other = opposite(side);
    const isGap = row.together === undefined &&
      row[other].some((piece) => this.#says(other, piece)) &&
      !row[side].some((piece) => this.#says(side, piece));
    const lines = row[side].map((piece) => this.#line(side, piece));
    const remarks = isGap
      ? this.#remarks(other, row[other]).map((remark) => this.#remark(remark, side))
      : [];
    const names = [
      side,
      isGap && this.#python ? "gap" : "",
      lines.length + remarks.length === 0 ? "empty" : "",
    ];
    return `<div class="${names.filter(Boolean).join(" ")}">${lines.join("")}${
      remarks.join("")
    }</div>`;
  }

  #remark({ fault, text }: Remark, side: Side): string {
    if (fault === undefined) return `<p class="remark">${both(text)}</p>`;
    const number = circled(fault + 1);
    const label = side === "python"
      ? both({ ko: `원본에 없는 것 ${number}`, en: `What the original lacks ${number}` })
      : both({ ko: `원본의 흠 ${number}`, en: `What breaks in the original ${number}` });
    return `<p class="remark fault"><a href="#${this.pair.name}-fault-${fault + 1}">${label}</a> ${
      both(text)
    }</p>`;
  }

  #line(side: Side, piece: Piece): string {
    const code = this.#code(side)!;
    const text = code.source.slice(code.lines[piece.line]!, code.lines[piece.line + 1]! - 1);
    const indent = text.search(/\S|$/);
    const isFirst = piece.start === code.lines[piece.line];
    const number = isFirst ? String(piece.line + 1) : "";
    const space = isFirst ? "" : " ".repeat(indent + 4);
    const isLast = piece.end >= code.lines[piece.line + 1]! - 1;
    const faults = (isLast ? this.#faultsAt(side, piece.line) : []).map((fault) =>
      `<a class="see" href="#${this.pair.name}-fault-${fault + 1}" data-fault="${fault + 1}">${
        circled(fault + 1)
      }</a>`
    );
    return `<div class="line${isFirst ? "" : " more"}"><span class="number">${number}</span>` +
      `<code style="--indent:${indent + 4}">${space}${this.#coloured(side, piece)}${
        faults.join("")
      }</code></div>`;
  }

  /** The text of a piece, with what is coloured, tied, or a mark in elements of its own. */
  #coloured(side: Side, piece: Piece): string {
    const code = this.#code(side)!;
    const inside = (part: Part) => part.start < piece.end && part.end > piece.start;
    const colours = code.colours.filter(inside);
    const places = this.#places.filter((place) => place.side === side && inside(place));
    const marks = this.#marks[side].filter(inside);
    const edges = [piece, ...colours, ...places, ...marks].flatMap(({ start, end }) => [start, end])
      .filter((edge) => edge >= piece.start && edge <= piece.end);
    const cuts = [...new Set(edges)].sort((a, b) => a - b);
    let html = "";
    let place: Place | undefined;
    let mark: Part | undefined;
    for (const [i, start] of cuts.slice(0, -1).entries()) {
      const covers = (part: Part) => part.start <= start && start < part.end;
      const nextPlace = places.find(covers);
      const nextMark = marks.find(covers);
      if (mark && mark !== nextMark) html += "</span>";
      if (place && place !== nextPlace) html += "</span>";
      if (nextPlace && nextPlace !== place) html += this.#openPlace(nextPlace);
      if (nextMark && nextMark !== mark) html += this.#openMark(side, nextMark);
      [place, mark] = [nextPlace, nextMark];
      const text = escapeHtml(code.source.slice(start, cuts[i + 1]));
      const colour = colours.find(covers)?.name;
      html += colour ? `<span class="${colour}">${text}</span>` : text;
    }
    return html + (mark ? "</span>" : "") + (place ? "</span>" : "");
  }

  #openMark(side: Side, mark: Part): string {
    const number = side === "script"
      ? this.#marks.matched.findIndex(({ script }) => script.start === mark.start)
      : this.#marks.matched.findIndex(({ python }) => python.start === mark.start);
    return `<span class="mark" data-mark="${number < 0 ? "" : number}">`;
  }

  #openPlace(place: Place): string {
    const id = (each: Place) => `${this.pair.name}-${each.side}-${each.start}`;
    const partners = new Set(place.ties.flatMap(({ partners }) => partners.map(id)));
    const ties = place.ties.map(({ tie, partners }) => partners.length > 0 ? tie.id : `${tie.id}!`);
    return `<span class="tie" tabindex="0" role="button" id="${id(place)}"` +
      (ties.length > 0 ? ` data-ties="${ties.join(" ")}"` : "") +
      (partners.size > 0 ? ` data-partners="${[...partners].join(" ")}"` : "") +
      (place.doc ? ` data-doc="${escapeHtml(place.doc)}"` : "") + ">";
  }

  /** What the page lists of its ties, each once. */
  #correspondences(): Correspondence[] {
    const list = new Map<string, Correspondence>();
    const text = (place: Place) =>
      place.doc ?? this.#code(place.side)!.source.slice(place.start, place.end);
    for (const place of this.#places) {
      for (const { tie, partners } of place.ties) {
        const [python, script] = place.side === "python"
          ? [place, partners[0]]
          : [partners[0], place];
        const known = list.get(tie.id);
        if (known && (known.python && known.script || partners.length === 0)) continue;
        list.set(tie.id, {
          python: python ? text(python) : this.#python ? "" : tie.name ?? "",
          script: script ? text(script) : "",
          difference: partners.length === 0 && this.#python
            ? tie.alone ?? tie.difference
            : tie.difference,
        });
      }
    }
    return [...list.values()];
  }
}

const opposite = (side: Side): Side => side === "python" ? "script" : "python";
const contains = (outer: Part, inner: Part) =>
  outer.start <= inner.start && inner.start < outer.end;
