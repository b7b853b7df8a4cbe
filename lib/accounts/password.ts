// Passwords are never kept as typed: what is kept is a salted PBKDF2 hash, slow on purpose, so that
// who gets the table can't guess the passwords from it. The hashing runs beside the event loop.

import { timingSafeEqual } from "@std/crypto/timing-safe-equal";

/**
 * Rounds of PBKDF2-HMAC-SHA-256, the number that OWASP names for it: Password Storage Cheat Sheet,
 * "PBKDF2", https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#pbkdf2
 */
const ITERATIONS = 600_000;
/** Bytes of a salt (NIST SP 800-132, 5.1: 16 at least), and of a hash: all that SHA-256 gives. */
const SALT_LENGTH = 16;
const HASH_LENGTH = 32;

/**
 * What to keep of a password: `pbkdf2-sha256$600000$SALT$HASH`, salt and hash in hex. Two calls with
 * one password give two different texts.
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_LENGTH));
  const hash = await derive(password, salt, ITERATIONS);
  return `pbkdf2-sha256$${ITERATIONS}$${salt.toHex()}$${hash.toHex()}`;
}

/**
 * Whether a password is the one of which `kept` was kept. It takes as long where there is none, so
 * that time does not tell who has an account. Throws where `kept` is not what `hashPassword` gave.
 */
export async function passwordMatches(password: string, kept: string | undefined) {
  if (kept === undefined) {
    await derive(password, new Uint8Array(SALT_LENGTH), ITERATIONS);
    return false;
  }
  const [, iterations, salt, hash] =
    /^pbkdf2-sha256\$(\d+)\$([0-9a-f]+)\$([0-9a-f]+)$/.exec(kept) ??
      [];
  if (!iterations || !salt || !hash) throw new Error("the kept password is damaged");
  return timingSafeEqual(
    await derive(password, Uint8Array.fromHex(salt), Number(iterations)),
    Uint8Array.fromHex(hash),
  );
}

async function derive(password: string, salt: Uint8Array<ArrayBuffer>, iterations: number) {
  const bytes = new TextEncoder().encode(password);
  const key = await crypto.subtle.importKey("raw", bytes, "PBKDF2", false, ["deriveBits"]);
  const algorithm = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return await inTurn(async () =>
    new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 8 * HASH_LENGTH))
  );
}

// As many hashes at a time as there are cores: more would make none of them faster, and a flood of
// sign-ups would take a thread each.
let free = navigator.hardwareConcurrency;
const waiting: (() => void)[] = [];

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (free > 0) free--;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else free++;
  }
}
