// Where the line being typed stands on the screen: how many columns a text takes, where the terminal breaks
// it into rows, and the control sequences (ECMA-48) that draw it and take it away again.

// @std/cli/unicode-width tells widths too, but the npm copy of std that deno.json names comes without the
// table that it reads. East Asian Width W and F (Unicode Standard Annex #11): Hangul, Chinese characters,
// kana, full-width forms; and what is shown as a picture, save the letters that flags are made of in pairs.
const WIDE =
  /(?![\u{1f1e6}-\u{1f1ff}])[\p{Emoji_Presentation}\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u3247\u3250-\u4dbf\u4e00-\ua4c6\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18d08}\u{1aff0}-\u{1b2fb}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]/u;
// What joins the character before it: marks, format characters (the soft hyphen aside), and the vowels
// and final consonants of Hangul written in pieces.
const JOINING = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\ud7b0-\ud7ff]/u;

/** The columns that one character takes: 0, 1 or 2. Control characters are for the caller to replace. */
function characterWidth(character: string): number {
  if (character <= "~") return 1; // the most frequent case
  if (WIDE.test(character)) return 2;
  return JOINING.test(character) && character !== "\u00ad" ? 0 : 1;
}

/** The columns that a text without control characters takes. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** What is to be drawn: the text on both sides of the cursor. */
export interface Line {
  before: string;
  after: string;
}

/** A line as it stands on the screen. */
interface Layout {
  /** The rows that are seen: where the line is higher than the screen, those around the cursor. */
  rows: string[];
  /** The cursor's row, of those that are seen, and its column. */
  row: number;
  column: number;
}

function layout({ before, after }: Line): Layout {
  const { columns, rows: height } = screen();
  const above = rowsOf(before, columns);
  const rows = rowsOf(before + after, columns);
  let row = above.length - 1;
  let column = textWidth(above.at(-1)!);
  // The cursor stands before a character; that one may be the first of the next row.
  if (after !== "" && column === columns) {
    row++;
    column = 0;
  }
  const first = Math.max(0, Math.min(row, rows.length - height));
  return { rows: rows.slice(first, first + height), row: row - first, column };
}

/** What draws the line, from the beginning of a row on. */
export function drawn(line: Line): string {
  const { rows, row, column } = layout(line);
  const text = rows.join("");
  if (line.after === "") return text;
  return `${text}${move(rows.length - 1 - row, "A")}\r${move(column, "C")}`;
}

/**
 * What takes the line away again, and leaves the cursor where it began. Row by row: to erase all that is
 * below the screen's first place is taken for clearing the screen, of which tmux keeps a copy.
 */
export function erased(line: Line): string {
  const { rows, row } = layout(line);
  const last = rows.length - 1;
  return `${move(row, "A")}\r${ERASE_ROW}${`${DOWN}${ERASE_ROW}`.repeat(last)}${move(last, "A")}`;
}

/** What clears the screen, with the cursor in its first row. */
export const CLEAR_SCREEN = "\x1b[H\x1b[2J";
const ERASE_ROW = "\x1b[K";
const DOWN = "\x1b[B";

/** So many rows up (A), or columns to the right (C). */
function move(distance: number, direction: "A" | "C"): string {
  return distance > 0 ? `\x1b[${distance}${direction}` : "";
}

/** A text as the terminal breaks it into rows: a wide character is never cut. */
function rowsOf(text: string, columns: number): string[] {
  const rows: string[] = [];
  let row = "";
  let width = 0;
  for (const character of text) {
    const more = characterWidth(character);
    if (width + more > columns) {
      rows.push(row);
      row = "";
      width = 0;
    }
    row += character;
    width += more;
  }
  return [...rows, row];
}

/** The size of the screen; 80 by 24 where the terminal does not know it. */
function screen(): { columns: number; rows: number } {
  try {
    const { columns, rows } = Deno.consoleSize();
    return { columns: columns || 80, rows: rows || 24 };
  } catch {
    return { columns: 80, rows: 24 }; // the terminal is gone
  }
}
