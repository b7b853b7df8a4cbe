// Causes that can be seen in what came, or did not come: they are so, where the cause in a spec is only
// the usual one.

import { fits } from "./bytes.ts";

const NEWLINE =
  "What it sends ends in a newline (println and the like add one), and the course's programs send none.";
const NO_NEWLINE = "What it sends has no newline at its end, and each line needs one.";
const PADDED =
  "NULs (00) follow the text: send as many bytes as the text has, not the whole buffer.";
const MARKED = "A byte-order mark (ef bb bf) stands before the text: write UTF-8 without it.";
const COUNTED =
  "Two bytes with the length stand before the text, as Java's writeUTF sends it: send the text's bytes alone.";

const [NUL, LF, CR] = [0x00, 0x0a, 0x0d];
const MARK = Uint8Array.of(0xef, 0xbb, 0xbf);

/** Encodings that a program may have chosen instead of UTF-8, as TextDecoder and as people call them. */
const ENCODINGS = {
  "euc-kr": "CP949 (EUC-KR), Windows' code page for Korean",
  "utf-16le": "UTF-16",
  "utf-16be": "UTF-16",
};

/**
 * What is wrong with these bytes, where they are the expected ones in another dress; undefined where they
 * are something else altogether. `expected` is empty where nothing more should have come.
 */
export function causeOf(came: Uint8Array, expected: Uint8Array): string | undefined {
  if (came.length === 0) return undefined;
  const text = new TextDecoder().decode(expected);
  if (text.length > 1 && !fits(came, expected)) {
    for (const [encoding, name] of Object.entries(ENCODINGS)) {
      if (!new TextDecoder(encoding).decode(came).startsWith(text)) continue;
      return `It sends the text in ${name}; the course's programs send UTF-8.`;
    }
    if (fits(came, MARK) && fits(came.subarray(MARK.length), expected)) return MARKED;
    if (came[0] === expected.length >> 8 && came[1] === (expected.length & 255)) {
      if (fits(came.subarray(2), expected)) return COUNTED;
    }
  }
  // Where they part.
  const at = expected.findIndex((byte, i) => byte !== came[i]);
  const [what, instead] = at < 0 ? [came[expected.length], undefined] : [came[at], expected[at]];
  const plain = (bytes: Uint8Array) => bytes.filter((byte) => ![NUL, LF, CR].includes(byte));
  if (!fits(plain(came), plain(expected))) return undefined;
  if (what === NUL) return PADDED;
  if (what === LF || what === CR) return NEWLINE;
  if (instead === LF) return NO_NEWLINE;
}

/** Why nothing is there: the program is somewhere else; undefined where it is nowhere. */
export function elsewhere(
  addresses: readonly string[],
  transport: "tcp" | "udp",
  { host, port }: { host: string; port: number },
): string | undefined {
  if (addresses.length === 0) return undefined;
  const verb = transport === "tcp" ? "listens" : "has its socket";
  const where = `It ${verb} on ${addresses.join(" and ")}`;
  return addresses.every((address) => !address.endsWith(`:${port}`))
    ? `${where}, not on port ${port}.`
    : `${where}, where ${host}:${port} does not arrive.`;
}

/** What it should have printed came when its input and its connections had been ended. */
export const PRINTED_LATE =
  "It printed this only at the end of its input and of its connections. Either it waited for that, or what it prints waited in a buffer: then flush stdout after each line.";

/** It printed nothing at all. */
export const PRINTED_NOTHING =
  "It has printed nothing at all. Where it keeps what it prints in a buffer, as some languages do through a pipe, flush stdout after each line.";
