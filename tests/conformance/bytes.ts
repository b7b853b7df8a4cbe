// Bytes and texts compared: what came with what should have come.

import { visible } from "../../lib/builtins.ts";
import type { Content } from "./spec.ts";

/** Text as UTF-8. */
export function bytesOf(content: Content): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

/** Whether what came so far is the beginning of what should come, or begins with it. */
export function fits(came: Uint8Array, expected: Uint8Array): boolean {
  const length = Math.min(came.length, expected.length);
  for (let i = 0; i < length; i++) if (came[i] !== expected[i]) return false;
  return true;
}

/** Where the bytes stand among others; -1 where they don't. */
export function indexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let at = -1; (at = bytes.indexOf(wanted[0]!, at + 1)) >= 0;) {
    if (at + wanted.length <= bytes.length && fits(bytes.subarray(at), wanted)) return at;
  }
  return -1;
}

/** Where the first JSON object or array ends; undefined while it is not whole. */
export function jsonEnd(bytes: Uint8Array): number | undefined {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at++) {
    const character = String.fromCharCode(bytes[at]!);
    if (inString) {
      if (character === "\\") at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{" || character === "[") depth++;
    else if ((character === "}" || character === "]") && --depth <= 0) return at + 1;
  }
}

/** The value of a JSON text; undefined where it is none. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined; // which equals no value of a spec
  }
}

/** Several runs of bytes as one. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** All orders of a few items. */
export function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, i) =>
    permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest])
  );
}

/** How many characters of a content are quoted in a sentence. */
const QUOTED = 40;

/** Bytes as text in quotes, cut where they are many. */
export function quoted(bytes: Uint8Array, limit = QUOTED): string {
  const text = new TextDecoder().decode(bytes.subarray(0, 4 * limit));
  const shown = Array.from(text).slice(0, limit).join("");
  const escaped = shown.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
  return `"${visible(escaped)}"${shown.length < text.length ? " ..." : ""}`;
}
