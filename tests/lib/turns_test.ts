import { assert, assertEquals } from "@std/assert";
import { catchesUp, fallsBehind, mayWrite, whenMayHandle, whenMayWrite } from "../../lib/turns.ts";

/** What Deno completes in one turn of its event loop; see lib/turns.ts. */
const BUDGET = 128;

/** Counts the writes of each turn, until it is disposed of. */
class Turns implements Disposable {
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

for (const members of [10, 100, 300]) {
  Deno.test(`a room of ${members}: messages in order, and never more writes than a turn completes`, async () => {
    using turns = new Turns();
    const handled: number[] = [];
    const received = Array.from({ length: members }, () => [] as number[]);
    await Promise.all(received.map(async (_, sender) => {
      await whenMayHandle(5);
      handled.push(sender);
      for (const member of received) {
        const write = () => {
          turns.write();
          member.push(sender);
        };
        if (mayWrite()) write();
        else whenMayWrite(write);
      }
    }));
    const inOrder = received.map((_, sender) => sender);
    assertEquals(handled, inOrder);
    while (received.some(({ length }) => length < members)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const messages of received) assertEquals(messages, inOrder);
    const most = Math.max(...turns.writes);
    assert(most <= BUDGET, `${most} writes in one turn`);
  });
}

Deno.test("what is written together waits for the messages that are there, and no longer", async () => {
  const happened: string[] = [];
  const handle = async (name: string, length: number) => {
    await whenMayHandle(length);
    happened.push(name);
    await new Promise<void>((resolve) => whenMayWrite(resolve));
    happened.push(`${name} written`);
  };
  await Promise.all([handle("a", 5), handle("b", 5), handle("c", 5)]);
  assertEquals(happened, ["a", "b", "c", "a written", "b written", "c written"]);

  // Messages that would not find room in a queue of 1 MiB do not come all at once.
  happened.length = 0;
  await Promise.all(Array.from({ length: 20 }, (_, i) => handle(`${i}`, 64 * 1024)));
  assert(happened.indexOf("0 written") < happened.indexOf("8"), happened.join());
});

Deno.test("a message waits until those who are behind have caught up, writes do not", async () => {
  const happened: string[] = [];
  fallsBehind("a");
  fallsBehind("b");
  const handled = whenMayHandle(1).then(() => happened.push("message"));
  for (const peer of ["a", "b"]) {
    await new Promise<void>((resolve) => whenMayWrite(resolve));
    happened.push(peer);
    catchesUp(peer);
  }
  await handled;
  assertEquals(happened, ["a", "b", "message"]);
});

Deno.test("a message does not wait for long for one who never catches up, and only once", async () => {
  fallsBehind("stuck");
  await whenMayHandle(1); // in the end it is handled
  // From then on nobody waits for that one: a turn of the event loop without a timer is enough.
  let handled = false;
  whenMayHandle(1).then(() => handled = true);
  await new Promise((resolve) => setImmediate(resolve));
  assertEquals(handled, true);
});
