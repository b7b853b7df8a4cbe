// Source code as a reader sees it: coloured parts, lines, words, and the text within string literals.
// highlight.js tells comments and strings from the rest, for Python and TypeScript alike. Runs in the
// browser too.

// deno-lint-ignore no-import-prefix -- what deno.lock lists, a script's first start downloads
import hljs from "npm:highlight.js@11.12.0/lib/core";
// deno-lint-ignore no-import-prefix -- what deno.lock lists, a script's first start downloads
import python from "npm:highlight.js@11.12.0/lib/languages/python";
// deno-lint-ignore no-import-prefix -- what deno.lock lists, a script's first start downloads
import typescript from "npm:highlight.js@11.12.0/lib/languages/typescript";

hljs.registerLanguage("python", python);
hljs.registerLanguage("typescript", typescript);

export type Language = "python" | "typescript";

/** A part of the source, from one offset to another. */
export interface Part {
  start: number;
  end: number;
}

/** A part that has a colour: the class that highlight.js gives it, `hljs-string` say. */
export interface Colour extends Part {
  name: string;
}

/** Source code, and what it consists of. */
export interface Code {
  language: Language;
  source: string;
  /** Where each line starts; the last number is where a line after the last one would start. */
  lines: number[];
  /** In order, with nothing left out: what has no colour has the name "". */
  colours: Colour[];
  /** What stands within string literals, without quotes; a literal with `{...}` in it is several parts. */
  strings: Part[];
  /** The literals that these are of, with their quotes. */
  literals: Part[];
  comments: Part[];
  /** The source with comments and strings blanked out, at the same offsets. */
  bare: string;
}

/** Reads source code. Line ends become `\n`, tabs four spaces. */
export function readCode(text: string, language: Language): Code {
  const source = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n").replaceAll("\t", "    ")
    .trimEnd() + "\n";
  const lines = [0, ...Array.from(source.matchAll(/\n/g), ({ index }) => index + 1)];
  const parts = colour(source, language);
  let bare = source.replace(/^#!.*/, (line) => " ".repeat(line.length));
  for (const { start, end } of [...parts.comments, ...parts.strings]) {
    const blank = source.slice(start, end).replace(/[^\n]/g, " ");
    bare = bare.slice(0, start) + blank + bare.slice(end);
  }
  return { language, source, lines, ...parts, bare };
}

/** The number of the line, from 0, in which an offset lies. */
export function lineAt({ lines }: Code, offset: number): number {
  let line = 0;
  while (lines[line + 1] !== undefined && lines[line + 1]! <= offset) line++;
  return line;
}

/** What opens a string literal: a prefix such as `f`, and the quotes. */
const OPENING = /^[rbfu]{0,2}("""|'''|"|'|`)/i;

/** A string literal that is being read. */
interface Open {
  start: number;
  /** Its parts so far. */
  parts: Part[];
}

/** Takes apart what highlight.js gives: HTML that consists of text and of nested spans. */
function colour(source: string, language: Language) {
  const { value } = hljs.highlight(source, { language, ignoreIllegals: true });
  const colours: Colour[] = [];
  const strings: Part[] = [];
  const literals: Part[] = [];
  const comments: Part[] = [];
  /** The spans that are open, innermost last, each with the literal that it begins, if it does. */
  const open: { name: string; literal?: Open }[] = [];
  let at = 0;
  for (const [piece, name] of value.matchAll(/<span class="([^"]*)">|<\/span>|[^<]+/g)) {
    if (name !== undefined) {
      const begins = /^hljs-(string|regexp)/.test(name);
      open.push(begins ? { name, literal: { start: at, parts: [] } } : { name });
    } else if (piece === "</span>") {
      const literal = open.pop()?.literal;
      if (literal === undefined) continue;
      literals.push({ start: literal.start, end: at });
      strings.push(...withoutQuotes(source, literal, at));
    } else {
      const part = { start: at, end: at + unescapeHtml(piece).length };
      at = part.end;
      colours.push({ ...part, name: open.at(-1)?.name ?? "" });
      const holder = open.findLast(({ name }) => /^hljs-(string|regexp|subst|comment)/.test(name));
      if (holder?.name === "hljs-comment") comments.push(part);
      holder?.literal?.parts.push(part);
    }
  }
  strings.sort((a, b) => a.start - b.start);
  return { colours, strings, literals, comments };
}

/** The parts of a literal without its quotes, neighbours joined. */
function withoutQuotes(source: string, { start, parts }: Open, end: number): Part[] {
  const [opening = "", quotes = ""] = OPENING.exec(source.slice(start, end)) ?? [];
  const inside: Part[] = [];
  for (const part of parts) {
    const from = Math.max(part.start, start + opening.length);
    const to = Math.min(part.end, end - quotes.length);
    const last = inside.at(-1);
    if (last?.end === from) last.end = to;
    else if (from < to) inside.push({ start: from, end: to });
  }
  return inside;
}

const ENTITIES: Record<string, string> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#x27;": "'",
};

function unescapeHtml(html: string): string {
  return html.replace(/&[#\w]+;/g, (entity) => ENTITIES[entity] ?? entity);
}
