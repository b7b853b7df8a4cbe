import { assertEquals, assertThrows } from "@std/assert";
import { FramingError } from "../../lib/errors.ts";
import { MESSAGE_LIMIT } from "../../lib/framing.ts";
import { LoginFraming } from "../../lib/login_framing.ts";
import { Framed } from "../support/framed.ts";

/** The messages of these segments, and how they are told apart by then. */
function messages(...segments: string[]): [messages: string[], framing: string] {
  const framing = new Framed("auto", new LoginFraming());
  for (const segment of segments) framing.push(new TextEncoder().encode(segment), false);
  return [take(framing), framing.name];
}

function take(framing: Framed): string[] {
  const taken: string[] = [];
  for (let message; (message = framing.next()) !== undefined;) taken.push(message);
  return taken;
}

Deno.test("login framing: lines, however they are cut", () => {
  assertEquals(messages("k", "im\r\n12", "34\n"), [["kim", "1234"], "line"]);
  assertEquals(messages("Login\n1\n"), [["Login", "1"], "line"]);
  assertEquals(messages("Logi", "n\n1\n"), [["Login", "1"], "line"]);
  assertEquals(messages("kim"), [[], "raw"]); // not certain yet
});

Deno.test("login framing: a command without a newline, and what follows it as it comes", () => {
  assertEquals(messages("Login"), [["Login\n"], "raw"]);
  assertEquals(messages("Re", "gister", "김", "1234"), [["Register\n", "김", "1234"], "raw"]);
  assertEquals(messages("Loginkim", "1"), [["Login\n", "kim", "1"], "raw"]);
});

Deno.test("login framing: the last line may lack its newline, and none may be endless", () => {
  const framing = new Framed("auto", new LoginFraming());
  framing.push(new TextEncoder().encode("kim"), false);
  framing.flush(true);
  assertEquals(take(framing), ["kim"]);
  assertThrows(() => messages("x".repeat(MESSAGE_LIMIT + 1)), FramingError);
});
