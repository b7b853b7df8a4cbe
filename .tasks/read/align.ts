// Brings an original and its script to one height: rows, each with lines of one or both. Marks that match
// (marks.ts) decide; between two of them go together the lines that have most in common. Runs in the
// browser too.

import { type Code, lineAt, type Part } from "./code.ts";
import { marksOf, type MatchedMark, matchMarks } from "./marks.ts";
import { TIES } from "./ties.ts";

/** Which of the two programs: the original, or the script. */
export type Side = "python" | "script";

/**
 * A line, or a part of one: a line is cut where the other program has on several lines what it has on
 * one.
 */
export interface Piece extends Part {
  line: number;
}

/** What stands on one height. */
export interface Row {
  python: Piece[];
  script: Piece[];
  /** Why both stand here: they have a mark in common, or words. Undefined where only one side has it. */
  together: "mark" | "words" | undefined;
}

export interface Alignment {
  rows: Row[];
  marks: MatchedMark[];
}

/** A piece of each side, by number, that belong together. */
interface Couple {
  python: number;
  script: number;
  by: "mark" | "words";
}

/** Aligns an original with its script. */
export function align(python: Code, script: Code): Alignment {
  const lineFeatures = (code: Code, { start }: Part) => features(code, lineOf(code, start));
  const marks = matchMarks(
    marksOf(python),
    marksOf(script),
    (a, b) => likeness(lineFeatures(python, a), lineFeatures(script, b)),
  );
  const { anchors, cuts } = anchor(python, script, marks);
  const left = pieces(python, cuts.python);
  const right = pieces(script, cuts.script);
  const fixed = anchors.map((mark): Couple => ({
    python: left.findIndex((piece) => contains(piece, mark.python.start)),
    script: right.findIndex((piece) => contains(piece, mark.script.start)),
    by: "mark",
  }));
  const couples: Couple[] = [];
  const leftWords = left.map((piece) => features(python, piece));
  const rightWords = right.map((piece) => features(script, piece));
  let [p, s] = [0, 0];
  for (
    const next of [...fixed, { python: left.length, script: right.length, by: "mark" as const }]
  ) {
    couples.push(...coupleLines(leftWords, rightWords, { p, s, until: next }), next);
    [p, s] = [next.python + 1, next.script + 1];
  }
  return { rows: toRows(left, right, couples, { python, script }), marks };
}

/** The rows of a script without an original. */
export function alone(script: Code): Alignment {
  return {
    rows: pieces(script, []).map((piece) => ({
      python: [],
      script: [piece],
      together: undefined,
    })),
    marks: [],
  };
}

const contains = (part: Part, offset: number) => part.start <= offset && offset < part.end;

/**
 * One mark for each row that has some, and the offsets where a line has to be cut, because its marks
 * stand on several lines on the other side.
 */
function anchor(python: Code, script: Code, marks: readonly MatchedMark[]) {
  const anchors: MatchedMark[] = [];
  const cuts = { python: [] as number[], script: [] as number[] };
  let last: (MatchedMark & { lines: [number, number] }) | undefined;
  for (const mark of marks) {
    const lines: [number, number] = [
      lineAt(python, mark.python.start),
      lineAt(script, mark.script.start),
    ];
    const same = [lines[0] === last?.lines[0], lines[1] === last?.lines[1]];
    if (last && same[0] && !same[1]) {
      cuts.python.push(cutBefore(python, mark.python, last.python));
    }
    if (last && same[1] && !same[0]) {
      cuts.script.push(cutBefore(script, mark.script, last.script));
    }
    if (!(same[0] && same[1])) anchors.push(mark);
    last = { ...mark, lines };
  }
  return { anchors, cuts };
}

/**
 * Where to cut so that the mark begins a new piece: before what is called with it, and its quotes, if all
 * that comes after the last one.
 */
function cutBefore({ literals, source }: Code, mark: Part, last: Part): number {
  const literal = literals.findLast((literal) => contains(literal, mark.start));
  if (literal === undefined || literal.start < last.end) return mark.start;
  const between = source.slice(last.end, literal.start);
  return literal.start - (/(?:await )?[\w.]*\($/.exec(between)?.[0].length ?? 0);
}

/** The whole line in which an offset lies. */
function lineOf(code: Code, offset: number): Piece {
  const line = lineAt(code, offset);
  return { line, start: code.lines[line]!, end: code.lines[line + 1]! - 1 };
}

/** The lines, cut at these offsets. */
function pieces({ lines, source }: Code, cuts: readonly number[]): Piece[] {
  const all: Piece[] = [];
  for (let line = 0; line + 1 < lines.length; line++) {
    const end = lines[line + 1]! - 1; // without its newline
    let start = lines[line]!;
    for (const cut of cuts.filter((cut) => cut > start && cut < end).sort((a, b) => a - b)) {
      all.push({ line, start, end: cut });
      start = cut;
    }
    // An empty line has to contain its own offset.
    all.push({ line, start, end: Math.max(end, start) });
  }
  return all.length > 0 ? all : [{ line: 0, start: 0, end: source.length }];
}

/** What a line has, and how much that says: the more a thing says, the more it weighs. */
type Features = Map<string, number>;

const KEYWORDS = new Map([
  ["elif", "else"],
  ["except", "catch"],
  ["def", "function"],
  ...["import", "class", "if", "else", "while", "for", "break", "return", "try", "finally", "catch"]
    .map((word) => [word, word] as const),
]);
/** Words that say nothing about which line it is. */
const SILENT =
  /^(const|let|await|async|new|self|this|from|in|of|and|or|not|true|while|export|type)$/;

const WORD = /[\p{L}\p{N}]{2,}/gu;

function features(code: Code, { start, end }: Piece): Features {
  const found: Features = new Map();
  const add = (feature: string, weight: number) => {
    if (!found.has(feature)) found.set(feature, weight);
  };
  const inside = (part: Part) => part.start < end && part.end > start;
  const textOf = (part: Part) =>
    code.source.slice(Math.max(part.start, start), Math.min(part.end, end));
  const bare = code.bare.slice(start, end);
  for (const tie of TIES) {
    if (!tie.python || !tie.script) continue; // says nothing about the other side
    const pattern = tie[code.language === "python" ? "python" : "script"]!;
    if (!bare.matchAll(pattern).next().done) add(`tie ${tie.id}`, tie.id === "print" ? 2 : 4);
  }
  const first = KEYWORDS.get(/\w+/.exec(bare)?.[0] ?? "");
  if (first !== undefined) add(`begins with ${first}`, 1);
  const variable = /^\s*(?:const |let |this\.|self\.)?(\w+)(?:: [^=]+)?\s*=[^=]/.exec(bare)?.[1];
  if (variable !== undefined) add(`sets ${variable.replaceAll("_", "").toLowerCase()}`, 2);
  for (const [word] of bare.matchAll(/[A-Za-z_]\w*|\d+/g)) {
    const key = word.replaceAll("_", "").toLowerCase();
    const keyword = KEYWORDS.get(word);
    if (keyword !== undefined) add(keyword, 1);
    else if (!SILENT.test(key)) add(key, /^[a-z]$/.test(key) ? 0.5 : 1);
  }
  for (const part of code.strings.filter(inside)) {
    const text = textOf(part);
    const module = /^\.\.\/lib\/(\w+)\.ts$/.exec(text)?.[1];
    if (module !== undefined) add(module, 2);
    else {
      add(`"${text.trim()}`, 2);
      for (const [word] of text.matchAll(WORD)) add(`" ${word.toLowerCase()}`, 0.5);
    }
  }
  for (const part of code.comments.filter(inside)) {
    for (const [word] of textOf(part).matchAll(WORD)) add(`# ${word.toLowerCase()}`, 1);
  }
  return found;
}

/** How well two lines go together; 0 where they don't. */
function likeness(a: Features, b: Features): number {
  if (a.size === 0 && b.size === 0) return 0.1; // empty lines, or nothing but brackets
  let shared = 0;
  for (const [feature, weight] of a) {
    if (b.has(feature)) shared += Math.min(weight, b.get(feature)!);
  }
  if (shared === 0) return 0;
  const part = Math.min(1, 2 * shared / (weightOf(a) + weightOf(b)));
  const setSame = a.keys().some((feature) => feature.startsWith("sets ") && b.has(feature));
  return part >= 0.3 || shared >= 4 || setSame ? shared + 2 * part : 0;
}

/** What all of it weighs. A comment after code does not count: few have the same on the other side. */
function weightOf(features: Features): number {
  const isComment = ([feature]: [string, number]) => feature.startsWith("# ");
  const code = [...features].filter((feature) => !isComment(feature));
  return (code.length > 0 ? code : [...features]).reduce((all, [, weight]) => all + weight, 0);
}

/**
 * Couples lines in order, from the given ones on until those of the next anchor, so that the couples have
 * as much in common as possible, taken together.
 */
function coupleLines(
  python: readonly Features[],
  script: readonly Features[],
  { p, s, until }: { p: number; s: number; until: Couple },
): Couple[] {
  const rows = until.python - p;
  const columns = until.script - s;
  const like = (i: number, j: number) => likeness(python[p + i]!, script[s + j]!);
  /** The best sum for the lines from i and from j on. */
  const best = Array.from({ length: rows + 1 }, () => new Array<number>(columns + 1).fill(0));
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      const gain = like(i, j);
      best[i]![j] = Math.max(
        best[i + 1]![j]!,
        best[i]![j + 1]!,
        gain > 0 ? gain + best[i + 1]![j + 1]! : 0,
      );
    }
  }
  const couples: Couple[] = [];
  let [i, j] = [0, 0];
  while (i < rows && j < columns) {
    if (best[i]![j] === best[i + 1]![j]) i++;
    else if (best[i]![j] === best[i]![j + 1]) j++;
    else couples.push({ python: p + i++, script: s + j++, by: "words" });
  }
  return couples;
}

/** The rows: couples, and before each of them what only one side has. */
function toRows(
  left: readonly Piece[],
  right: readonly Piece[],
  couples: readonly Couple[],
  { python, script }: { python: Code; script: Code },
): Row[] {
  const rows: Row[] = [];
  const isEmpty = ({ bare }: Code, piece: Piece) => !/\w/.test(bare.slice(piece.start, piece.end));
  let [p, s] = [0, 0];
  for (const couple of couples) {
    const only = { python: left.slice(p, couple.python), script: right.slice(s, couple.script) };
    if (
      only.python.every((piece) => isEmpty(python, piece)) ||
      only.script.every((piece) => isEmpty(script, piece))
    ) {
      if (only.python.length + only.script.length > 0) rows.push({ ...only, together: undefined });
    } else {
      rows.push({ python: only.python, script: [], together: undefined });
      rows.push({ python: [], script: only.script, together: undefined });
    }
    const couplePieces = {
      python: left.slice(couple.python, couple.python + 1),
      script: right.slice(couple.script, couple.script + 1),
    };
    if (couplePieces.python.length > 0) rows.push({ ...couplePieces, together: couple.by });
    [p, s] = [couple.python + 1, couple.script + 1];
  }
  return rows;
}
