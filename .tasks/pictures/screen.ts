// Draws what stands on terminals as a picture in SVG: one window beside the other, every word in the cells
// in which the terminal shows it, a Hangul syllable in two. The picture brings no font and runs no code, so
// that it is shown wherever an image is, and has a ground of its own, for light pages and for dark ones.

import { textWidth } from "../../lib/console/layout.ts";

/** A terminal to draw. */
export interface Screen {
  title: string;
  /** Its lines, as `tmux capture-pane -e -p` gives them: colours are in them as escape sequences. */
  text: string;
  columns: number;
  rows: number;
  /** Where the cursor is, from 0. */
  cursor?: { column: number; row: number };
}

/** Sizes, in pixels. */
const CELL = { width: 8, height: 19 };
const MARGIN = 12;
const TITLE = 32;
const GAP = 14;

const PAPER = "#1f2430";
const INK = "#e6e8ee";
/** What a terminal calls colours 0 to 7, and after them the bright ones. */
const COLOURS = ["#6e7681", "#ff7b72", "#7ee787", "#e3b341", "#79c0ff", "#d2a8ff", "#76e3ea", INK]
  .concat(["#8c959f", "#ffa198", "#aff5b4", "#f2cc60", "#a5d6ff", "#e2c5ff", "#b3f0ff", "#ffffff"]);

/** The picture of these terminals, from left to right. */
export function drawScreens(screens: readonly Screen[]): string {
  let x = 0;
  const windows = screens.map((screen) => {
    const place = `<g transform="translate(${x})">`;
    x += widthOf(screen) + GAP;
    return `${place}\n${drawWindow(screen)}\n</g>\n`;
  });
  const size = [x - GAP, Math.max(...screens.map(heightOf))];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size[0]}" height="${size[1]}" ` +
    `viewBox="0 0 ${size.join(" ")}" font-size="14" fill="${INK}" font-family="ui-monospace, ` +
    `'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace">\n${
      windows.join("")
    }</svg>\n`;
}

function drawWindow(screen: Screen): string {
  const { title, text, cursor } = screen;
  const parts = [
    `<rect width="${widthOf(screen)}" height="${heightOf(screen)}" rx="8" fill="${PAPER}"/>`,
    `<text x="${widthOf(screen) / 2}" y="20" text-anchor="middle" font-size="12" opacity="0.7">` +
    `${escaped(title)}</text>`,
  ];
  for (const [i, colour] of ["#ff5f57", "#febc2e", "#28c840"].entries()) {
    parts.push(`<circle cx="${MARGIN + 6 + 18 * i}" cy="16" r="5.5" fill="${colour}"/>`);
  }
  if (cursor) {
    const [x, y] = cell(cursor.column, cursor.row);
    parts.push(
      `<rect x="${x}" y="${y}" width="${CELL.width}" height="${CELL.height}" opacity="0.6"/>`,
    );
  }
  text.split("\n").forEach((line, row) => parts.push(...drawLine(line, row)));
  return parts.join("\n");
}

/** The words of a line. Whatever the reader's font is, each is made as wide as its cells. */
function drawLine(line: string, row: number): string[] {
  const words: string[] = [];
  let column = 0;
  let style = "";
  // An escape sequence for colours; spaces; ASCII; the rest, which is Hangul most of the time.
  // deno-lint-ignore no-control-regex -- that is how an escape sequence begins
  for (const [part, codes] of line.matchAll(/\x1b\[([\d;]*)m| +|[!-~]+|[^ -~]+/g)) {
    if (codes !== undefined) {
      style = styleAfter(style, codes);
      continue;
    }
    const width = textWidth(part);
    if (!part.startsWith(" ")) {
      const [x, y] = cell(column, row);
      const length = `textLength="${width * CELL.width}" lengthAdjust="spacingAndGlyphs"`;
      words.push(
        `<text x="${x}" y="${y + 14}" ${length}${style}>${escaped(part)}</text>`,
      );
    }
    column += width;
  }
  return words;
}

/** The attributes of a text after an escape sequence with these codes. */
function styleAfter(style: string, codes: string): string {
  for (const code of codes.split(";").map(Number)) {
    const colour = COLOURS[code >= 90 ? code - 90 + 8 : code - 30];
    if (code === 0) style = "";
    else if (code === 1) style += ' font-weight="bold"';
    else if (code === 2) style += ' opacity="0.6"';
    else if (code === 39) style = style.replace(/ fill="[^"]*"/, "");
    else if (colour) style = `${style.replace(/ fill="[^"]*"/, "")} fill="${colour}"`;
  }
  return style;
}

/** Where a cell begins: its left and its top. */
function cell(column: number, row: number): [x: number, y: number] {
  return [MARGIN + column * CELL.width, TITLE + row * CELL.height];
}

function widthOf({ columns }: Screen): number {
  return 2 * MARGIN + columns * CELL.width;
}

function heightOf({ rows }: Screen): number {
  return TITLE + rows * CELL.height + MARGIN;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
