// Texts and bytes that several exercises have.

import type { Content } from "../spec.ts";

/** Bytes that never occur in UTF-8 (RFC 3629, 1). */
export const INVALID_UTF8 = new Uint8Array([0xff, 0xfe, 0xfd]);

/** The usual cause where the console is worded otherwise. */
export const WORDED =
  "Compare the texts character by character with the original's: Python's print puts a space between its arguments, and a newline behind.";

/** Words that the course's slides spell wrongly, and how they are spelled. */
export const SPELLINGS: Readonly<Record<string, string>> = {
  "Braodcast": "Broadcast",
  "Connencted": "Connected",
  "Form Server": "From Server",
};

/** What finds a text in what a program printed, with words of the slides spelled either way. */
export function patternOf(text: string): RegExp {
  const parts = text.split(new RegExp(`(${Object.keys(SPELLINGS).join("|")})`));
  const pattern = parts.map((part) =>
    part in SPELLINGS ? `(?:${part}|${SPELLINGS[part]})` : RegExp.escape(part)
  );
  return new RegExp(pattern.join(""));
}

/** A text in two pieces, cut inside the last of its characters that has several bytes. */
export function cutInside(text: string): Content[] {
  const bytes = new TextEncoder().encode(text);
  const at = bytes.findLastIndex((byte) => byte >= 0xc0) + 1;
  return [bytes.slice(0, at), bytes.slice(at)];
}
