import { assertEquals } from "@std/assert";
import { MESSAGE_LIMIT } from "../../../lib/framing.ts";
import { encode } from "../../../lib/socket/outbox.ts";

// In a process of its own, where garbage can be collected when the test says so.
const PROGRAM = `
  import { framingOf } from "./lib/framing.ts";
  import { Outbox } from "./lib/socket/outbox.ts";
  import { Turns } from "./lib/socket/turns.ts";
  let last;
  const conn = {
    write(bytes) {
      last = new WeakRef(bytes);
      return Promise.resolve(bytes.length);
    },
  };
  const owner = { conn, framing: framingOf("line"), peer: "", gap: 0, turns: new Turns() };
  const outbox = new Outbox(owner);
  for (let i = 0; i < 16; i++) outbox.send("x".repeat(60_000));
  await outbox.sent();
  await new Promise((resolve) => setTimeout(resolve));
  gc();
  console.log(last.deref()?.length ?? "nothing");
`;

Deno.test("what was sent last is not kept", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--v8-flags=--expose-gc", PROGRAM],
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals(new TextDecoder().decode(stdout), "nothing\n");
});

Deno.test("a line is cut where the peer would refuse it, and never inside a character", () => {
  const decoder = new TextDecoder();
  const whole = "a".repeat(MESSAGE_LIMIT);
  for (const ending of ["\n", "\r\n"] as const) {
    assertEquals(decoder.decode(encode(whole, ending)), whole + ending);
    assertEquals(decoder.decode(encode(whole + "b", ending)), whole + ending);
    const korean = "가".repeat(MESSAGE_LIMIT);
    const sent = decoder.decode(encode(korean, ending));
    assertEquals(sent, "가".repeat(Math.floor(MESSAGE_LIMIT / 3)) + ending);
    assertEquals(encode(korean, "").length, 3 * MESSAGE_LIMIT);
  }
});
