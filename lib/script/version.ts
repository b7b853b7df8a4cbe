// Which Deno the scripts need. An older one runs some of them, until something is not there that they use.

import { Failure } from "../errors.ts";

/** The oldest Deno with which the scripts are tested. */
const OLDEST = { major: 2, minor: 9 };

/** Throws a Failure where this Deno is too old. */
export function checkVersion(): void {
  const { deno } = Deno.version;
  const [major = 0, minor = 0] = deno.split(".").map(Number);
  if (major > OLDEST.major || major === OLDEST.major && minor >= OLDEST.minor) return;
  throw new Failure(
    `Deno ${deno} is too old, ${OLDEST.major}.${OLDEST.minor} or newer is needed: "deno upgrade" brings ` +
      `it, or "npm install -g deno"`,
  );
}
