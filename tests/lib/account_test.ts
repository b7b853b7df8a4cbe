import { assertEquals } from "@std/assert";
import { parseAccount } from "../../lib/account.ts";

Deno.test("an account is split at the first separator", () => {
  assertEquals(parseAccount("kim,1234", ","), { id: "kim", password: "1234" });
  assertEquals(parseAccount("kim,a,b,", ","), { id: "kim", password: "a,b," });
  assertEquals(parseAccount("kim:a,b:c", ":"), { id: "kim", password: "a,b:c" });
  assertEquals(parseAccount(" kim , 1 ", ","), { id: " kim ", password: " 1 " });
});

Deno.test("an account without separator, id or password is none, nor is one too long", () => {
  for (const text of ["", "kim", ",", "kim,", ",1234"]) {
    assertEquals(parseAccount(text, ","), undefined, text);
  }
  assertEquals(parseAccount(`${"a".repeat(100)},${"b".repeat(1000)}`, ",")?.id.length, 100);
  assertEquals(parseAccount(`${"a".repeat(101)},b`, ","), undefined);
  assertEquals(parseAccount(`a,${"b".repeat(1001)}`, ","), undefined);
});
