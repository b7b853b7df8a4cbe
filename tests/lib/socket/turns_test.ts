import { assert, assertEquals } from "@std/assert";
import type { Speaker } from "../../../lib/socket/backpressure.ts";
import { Turns } from "../../../lib/socket/turns.ts";

/** What Deno completes in one turn of its event loop; see lib/socket/turns.ts. */
const BUDGET = 128;

/** Counts the writes of each turn of the event loop, until it is disposed of. */
class EventLoop implements Disposable {
  readonly writes = [0];
  #timer = setImmediate(() => this.#next());

  #next() {
    this.writes.push(0);
    this.#timer = setImmediate(() => this.#next());
  }

  write() {
    this.writes[this.writes.length - 1]!++;
  }

  [Symbol.dispose]() {
    clearImmediate(this.#timer);
  }
}

const macrotask = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Lets as many microtasks pass as a script with so many `await` on its way. */
async function awaits(count: number) {
  for (let i = 0; i < count; i++) await null;
}

function written(turns: Turns): Promise<void> {
  return new Promise((beginWrite) => turns.whenMayWrite({ beginWrite }));
}

/** One who says something, and has nothing more to say yet. */
function speaker(ahead = 0): Speaker {
  return { ahead, ending: "", readAhead() {} };
}

for (const members of [10, 100, 300]) {
  for (const steps of [0, 3, 30]) {
    Deno.test(`a room of ${members}, handlers with ${steps} awaits: in order, and no more writes than a turn completes`, async () => {
      using loop = new EventLoop();
      const turns = new Turns();
      const handled: number[] = [];
      const received = Array.from({ length: members }, () => [] as number[]);
      await Promise.all(received.map(async (_, sender) => {
        const one = speaker();
        await turns.next(one, 5);
        handled.push(sender);
        await awaits(steps);
        for (const member of received) {
          const beginWrite = () => {
            loop.write();
            member.push(sender);
          };
          if (turns.mayWrite()) beginWrite();
          else turns.whenMayWrite({ beginWrite });
        }
        turns.handled(one);
      }));
      const inOrder = received.map((_, sender) => sender);
      assertEquals(handled, inOrder);
      while (received.some(({ length }) => length < members)) await macrotask();
      for (const messages of received) assertEquals(messages, inOrder);
      const most = Math.max(...loop.writes);
      assert(most <= BUDGET, `${most} writes in one turn`);
    });
  }
}

Deno.test("a handler that waits for a timer holds up nobody", async () => {
  const turns = new Turns();
  const happened: string[] = [];
  const slow = turns.next(speaker(), 5).then(async () => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    happened.push("slow");
  });
  const quick = turns.next(speaker(), 5).then(() => happened.push("quick"));
  await quick;
  assertEquals(happened, ["quick"]);
  await slow;
});

Deno.test("what is written together waits for the messages that are there, and no longer", async () => {
  const turns = new Turns();
  const happened: string[] = [];
  const handle = async (name: string, length: number) => {
    const one = speaker();
    await turns.next(one, length);
    happened.push(name);
    turns.handled(one);
    await written(turns);
    happened.push(`${name} written`);
  };
  await Promise.all([handle("a", 5), handle("b", 5), handle("c", 5)]);
  assertEquals(happened, ["a", "b", "c", "a written", "b written", "c written"]);

  // Messages that would not find room in a queue of 1 MiB do not come all at once.
  happened.length = 0;
  await Promise.all(Array.from({ length: 20 }, (_, i) => handle(`${i}`, 64 * 1024)));
  assert(happened.indexOf("0 written") < happened.indexOf("8"), happened.join());
});

Deno.test("a write that throws is told, and stops neither the writes nor the messages after it", async () => {
  const turns = new Turns();
  const told = Promise.withResolvers<unknown>();
  const listener = (event: ErrorEvent) => {
    event.preventDefault();
    told.resolve(event.error);
  };
  addEventListener("error", listener);
  const mistake = new Error("broken");
  turns.whenMayWrite({
    beginWrite() {
      throw mistake;
    },
  });
  await written(turns);
  assertEquals(await told.promise, mistake);
  await turns.next(speaker(), 5);
  await written(turns);
  removeEventListener("error", listener);
});
