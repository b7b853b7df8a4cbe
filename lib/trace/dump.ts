// Bytes and times for people: rows of 16 with offset, hex and text; a message in one short text.

import { repr } from "../builtins.ts";
import { decode } from "../framing.ts";

/** Bytes in a row. */
const ROW = 16;
/** Of long data only so many rows are shown, from its beginning and from its end. */
const FIRST_ROWS = 12;
const LAST_ROWS = 3;

/** A number of bytes with its thousands apart: `63,000`. */
export function count(bytes: number): string {
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
    const hex = data.subarray(from, from + ROW).toHex().replace(/../g, "$& ").padEnd(3 * ROW);
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

// What a terminal shows nothing for, or what could drive it, as Python's isprintable has it.
const UNSEEN = /[\p{C}\p{Z}]/u;

/** The character that begins with that byte, as it is shown, and its bytes; `·` where none begins. */
function characterAt(data: Uint8Array, at: number): { shown: string; size: number } {
  const lead = data[at]!;
  const size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  try {
    const character = decode(data.subarray(at, at + size));
    if (character === "\n") return { shown: "↵", size };
    return { shown: character !== " " && UNSEEN.test(character) ? "·" : character, size };
  } catch {
    return { shown: "·", size: 1 }; // not UTF-8, or only a part of a character has come
  }
}

/** What a message holds, as Python would write it; of a long one the beginning, and `...`. */
export function shortText(data: Uint8Array, limit = 40): string {
  const start = data.subarray(0, 4 * limit);
  let value: string | Uint8Array = start;
  try {
    // A cut in the middle of a character is no error.
    const cut = { stream: start.length < data.length };
    value = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(start, cut);
  } catch {
    // Not text: Python's bytes show it.
  }
  const shown = Array.from(repr(value));
  if (start.length === data.length && shown.length <= limit) return shown.join("");
  return `${shown.slice(0, limit).join("")}...`;
}

/** Gives the time since the call before, 11 characters wide: `   +12.3 ms`, `   +3.00 s `. */
export function stopwatch(): () => string {
  let last = performance.now();
  return () => {
    const ms = performance.now() - last;
    last += ms;
    return (ms < 999.95 ? `+${ms.toFixed(1)} ms` : `+${(ms / 1000).toFixed(2)} s `).padStart(11);
  };
}
