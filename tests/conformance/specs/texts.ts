// Bytes that several exercises send.

import type { Content } from "../spec.ts";

/** Bytes that never occur in UTF-8 (RFC 3629, 1). */
export const INVALID_UTF8 = new Uint8Array([0xff, 0xfe, 0xfd]);

/** A text in two pieces, cut inside the last of its characters that has several bytes. */
export function cutInside(text: string): Content[] {
  const bytes = new TextEncoder().encode(text);
  const at = bytes.findLastIndex((byte) => byte >= 0xc0) + 1;
  return [bytes.slice(0, at), bytes.slice(at)];
}
