import { assert, assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import { hashPassword, passwordMatches } from "../../../lib/accounts/password.ts";
import { python, testWithPython } from "../../support/python.ts";

Deno.test("a password matches what was kept of it, and no other does", async () => {
  const kept = await hashPassword("비밀,1");
  assertMatch(kept, /^pbkdf2-sha256\$600000\$[0-9a-f]{32}\$[0-9a-f]{64}$/);
  assertEquals(await passwordMatches("비밀,1", kept), true);
  assertEquals(await passwordMatches("비밀,2", kept), false);
  assertEquals(await passwordMatches("", kept), false);
});

Deno.test("one password is kept in another way each time", async () => {
  assertNotEquals(await hashPassword("1234"), await hashPassword("1234"));
});

Deno.test("where nothing was kept, no password matches", async () => {
  assertEquals(await passwordMatches("", undefined), false);
});

Deno.test("a password kept with another number of rounds still counts", async () => {
  // RFC 7914, 11: PBKDF2-HMAC-SHA-256 (P="passwd", S="salt", c=1), the first 32 of 64 bytes.
  const kept = "pbkdf2-sha256$1$73616c74$" +
    "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc";
  assertEquals(await passwordMatches("passwd", kept), true);
});

Deno.test("what hashPassword did not write is refused", async () => {
  const kept = await hashPassword("x");
  for (const damaged of ["", "x", kept.slice(0, -1) + "?", kept.replace("600000", "")]) {
    await assertRejects(() => passwordMatches("x", damaged), Error, "damaged");
  }
});

Deno.test("timers go on while passwords are hashed", async () => {
  let ended = false;
  const hashing = Promise.all(Array.from({ length: 4 }, () => hashPassword("1234")))
    .then(() => ended = true);
  let ticks = 0;
  while (!ended) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    ticks++;
  }
  await hashing;
  assert(ticks > 10, `only ${ticks} turns of the event loop`);
});

testWithPython("Python's hashlib makes the same hash", async () => {
  const kept = await hashPassword("비밀");
  const program = `
import hashlib, sys
name, rounds, salt, _ = sys.argv[1].split('$')
print(hashlib.pbkdf2_hmac('sha256', '비밀'.encode(), bytes.fromhex(salt), int(rounds)).hex())`;
  assertEquals((await python(program, kept)).trim(), kept.split("$")[3]);
});
