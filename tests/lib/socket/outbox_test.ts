import { assertEquals } from "@std/assert";

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
