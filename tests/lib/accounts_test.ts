import { assertEquals } from "@std/assert";
import { UserTable } from "../../lib/accounts.ts";

Deno.test("signing up and logging in", async () => {
  const users = await UserTable.open();
  assertEquals(await users.check({ id: "kim", password: "1" }), undefined);
  assertEquals(await users.add({ id: "kim", password: "1" }), true);
  assertEquals(await users.add({ id: "kim", password: "2" }), false);
  assertEquals(await users.check({ id: "kim", password: "1" }), true);
  assertEquals(await users.check({ id: "kim", password: "2" }), false);
});

Deno.test("names that objects have of themselves are ids like any other", async () => {
  const users = await UserTable.open();
  assertEquals(await users.check({ id: "__proto__", password: "1" }), undefined);
  assertEquals(await users.add({ id: "__proto__", password: "1" }), true);
  assertEquals(await users.check({ id: "__proto__", password: "1" }), true);
});

Deno.test("of many who sign up one id at the same instant exactly one succeeds", async () => {
  const users = await UserTable.open();
  const passwords = Array.from({ length: 50 }, (_, i) => `${i}`);
  const outcomes = await Promise.all(
    passwords.map((password) => users.add({ id: "kim", password })),
  );
  assertEquals(outcomes.filter((success) => success).length, 1);
  const winner = passwords[outcomes.indexOf(true)]!;
  assertEquals(await users.check({ id: "kim", password: winner }), true);
});

Deno.test("an id whose sign-up failed can be signed up again", async () => {
  const kept = new Map<string, string>();
  let full = true;
  const users = new UserTable({
    get: (key) => Promise.resolve(kept.get(key)),
    add(key, value) {
      if (full) return Promise.reject(new Error("disk full"));
      return Promise.resolve(kept.set(key, value).size === 1);
    },
    set: () => Promise.reject(new Error("not used")),
  });
  let failure = "";
  await users.add({ id: "kim", password: "1" }).catch((error) => failure = error.message);
  assertEquals(failure, "disk full");
  full = false;
  assertEquals(await users.add({ id: "kim", password: "1" }), true);
});

Deno.test("a changed password is the one that counts", async () => {
  const users = await UserTable.open();
  await users.add({ id: "kim", password: "1" });
  await users.change({ id: "kim", password: "2" });
  assertEquals(await users.check({ id: "kim", password: "1" }), false);
  assertEquals(await users.check({ id: "kim", password: "2" }), true);
});

Deno.test("a text that is an id and a password is split where an id ends", async () => {
  const users = await UserTable.open();
  for (const id of ["kim", "kim2", "김"]) await users.add({ id, password: "1" });
  assertEquals(await users.split("kim2345"), [{ id: "kim", password: "2345" }, {
    id: "kim2",
    password: "345",
  }]);
  assertEquals(await users.split("김2"), [{ id: "김", password: "2" }]);
  for (const text of ["kim", "lee2345", ""]) assertEquals(await users.split(text), []);
});
