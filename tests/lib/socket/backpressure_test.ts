import { assertEquals } from "@std/assert";
import { Backpressure, type Reader, type Speaker } from "../../../lib/socket/backpressure.ts";

/** A reader for whom much waits. */
function reader(): Reader & { waiting: number; taken: number } {
  return { waiting: 600_000, taken: 0 };
}

function speaker(ahead = 0): Speaker & { ahead: number } {
  return { ahead, ending: "", readAhead() {} };
}

/** Backpressure, and how often it has said that messages may be looked at again. */
function backpressure() {
  const looked = { times: 0, next: Promise.withResolvers<void>() };
  const all = new Backpressure(() => {
    looked.times++;
    looked.next.resolve();
    looked.next = Promise.withResolvers();
  });
  /** Looks again and again, as turns do, until the speaker's message need not wait: how often it did. */
  const untilFree = async (one: Speaker, each = () => {}) => {
    let ticks = 0;
    for (; all.holds(one, false); ticks++) {
      await looked.next.promise;
      each();
    }
    return ticks;
  };
  return { all, untilFree };
}

Deno.test("only who has sent something to a slow reader waits for it", () => {
  const { all } = backpressure();
  const [sender, other] = [speaker(), speaker()];
  assertEquals([all.holds(sender, false), all.holds(other, false)], [false, false]);
  all.fills(sender, reader(), 1000);
  all.turnEnded(sender, 1000);
  assertEquals([all.holds(sender, false), all.holds(other, false)], [true, false]);
});

Deno.test("it waits until the reader has caught up, or is gone", () => {
  const { all } = backpressure();
  const sender = speaker(100_000);
  const [slow, slower] = [reader(), reader()];
  for (const each of [slow, slower]) all.fills(sender, each, 1000);
  all.turnEnded(sender, 1000);
  assertEquals(all.holds(sender, false), true);
  all.caughtUp(slow);
  assertEquals(all.holds(sender, false), true);
  all.caughtUp(slower);
  assertEquals(all.holds(sender, false), false);
});

Deno.test("who waits to be heard waits for four ticks, once", async () => {
  const { all, untilFree } = backpressure();
  const sender = speaker();
  const stuck = reader();
  all.fills(sender, stuck, 1000);
  all.turnEnded(sender, 1000);
  assertEquals(await untilFree(sender), 4);
  // A reader that takes a byte now and then costs no more.
  for (let i = 0; i < 100; i++) {
    stuck.taken++;
    all.fills(sender, stuck, 1000);
    all.turnEnded(sender, 1000);
    assertEquals(all.holds(sender, false), false);
  }
});

Deno.test("who says more without waiting to be heard waits as long as the reader takes something", async () => {
  const { all, untilFree } = backpressure();
  const sender = speaker();
  const slow = reader();
  all.fills(sender, slow, 1000);
  all.turnEnded(sender, 1000);
  let ticks = 0;
  const waited = await untilFree(sender, () => {
    sender.ahead = 5000;
    if (++ticks === 250) slow.taken += 100_000; // within the first 300 it has given a sign
    if (ticks === 600) all.caughtUp(slow);
  });
  assertEquals(waited, 600);
});

Deno.test("a reader that takes nothing at all has stalled after 300 ticks: then nobody waits for it", async () => {
  const { all, untilFree } = backpressure();
  const sender = speaker(100_000);
  const stuck = reader();
  all.fills(sender, stuck, 1000);
  all.turnEnded(sender, 1000);
  assertEquals(await untilFree(sender), 301);
  all.fills(sender, stuck, 1000);
  all.turnEnded(sender, 1000);
  assertEquals(all.holds(sender, false), false);
});

Deno.test("who makes much out of little floods, also one message at a time", async () => {
  const { all, untilFree } = backpressure();
  const sender = speaker();
  const slow = reader();
  all.fills(sender, slow, 60_000);
  all.turnEnded(sender, 70);
  let ticks = 0;
  const waited = await untilFree(sender, () => {
    if (++ticks === 20) all.caughtUp(slow);
  });
  assertEquals(waited, 20);
});

Deno.test("where many speak at once all of them flood", () => {
  const { all } = backpressure();
  all.fills(speaker(), reader(), 1000);
  assertEquals([all.holds(speaker(), true), all.holds(speaker(), false)], [true, false]);
});
