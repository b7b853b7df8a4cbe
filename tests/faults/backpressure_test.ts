// Backpressure: who reads is never dropped, however slowly the machine lets it read; who floods waits, and
// nobody else does; and the memory that it takes has a bound.

import { assert, assertEquals } from "@std/assert";
import { memory } from "../support/linux_proc.ts";
import { noProc, noSignals, testUnless } from "../support/needs.ts";
import { Peer } from "../support/peer.ts";
import { eventually, sleep } from "../support/waiting.ts";
import { Member, Members, ROOMS, startQuiet, STDOUT_CLOSED, told } from "./servers.ts";

const ROOM = ROOMS.find(({ name }) => name === "my_server")!;

/** What the flooder says; its nickname makes 60 KB for each member out of each of these lines. */
function flood(count: number): string {
  return `${"n".repeat(60_000)}\n${floodLines(1, count)}`;
}

function floodLines(first: number, count: number): string {
  return Array.from({ length: count }, (_, i) => `good:max:${first + i}:\n`).join("");
}

/** A member that reads so many bytes at a time, with a pause after each. */
async function slowMember(port: number, bytes: number, pause: number) {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  await conn.write(new TextEncoder().encode("slow\n"));
  const member = { conn, text: "", ended: false };
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(bytes);
  (async () => {
    for (let count; (count = await conn.read(buffer)) !== null;) {
      // Enough of it to count the flooder's lines.
      member.text += decoder.decode(buffer.subarray(0, count), { stream: true }).replace(
        /n+/g,
        "n",
      );
      await sleep(pause);
    }
  })().catch(() => {}).then(() => member.ended = true); // reset, or closed by the test
  return member;
}

/** A room with ann and bob, a slow member and a flooder. */
async function flooded(
  count: number,
  work: (
    place: { program: Awaited<ReturnType<typeof startQuiet>>[0]; members: Members; max: Member },
  ) => Promise<void>,
) {
  const [program, port] = await startQuiet(ROOM);
  await using _end = program;
  const members = await ROOM.gather(port);
  assert(members instanceof Members);
  const slow = await slowMember(port, 64 * 1024, 2);
  await eventually("the slow one to enter", () => /slow님이 입장/.test(slow.text));
  const max = await Member.connect("max", port);
  try {
    await max.write(flood(count));
    await work({ program, members, max });
    await Promise.all([...members.members, max].map((member) => member.hears("max", count)));
    const last = new RegExp(`good:max:${count}:`);
    await eventually("the slow one to hear all", () => last.test(slow.text) || slow.ended);
    assertEquals(slow.text.match(/good:max:/g)?.length, count);
    assertEquals(told(program).filter((line) => line !== STDOUT_CLOSED), []);
  } finally {
    slow.conn.close();
    max.close();
    members.close();
  }
}

Deno.test("a member who reads slowly hears a flood of 12 MB to its end", async () => {
  await flooded(200, () => Promise.resolve());
});

testUnless(
  noSignals,
  "a server that was stopped for 3 seconds in mid-flood drops nobody",
  async () => {
    await flooded(200, async ({ program, members }) => {
      await members.members[0]!.hears("max", 10);
      program.kill("SIGSTOP");
      await sleep(3000); // time is what it is about
      program.kill("SIGCONT");
    });
  },
);

Deno.test("while a flooder waits for one who does not read, the others talk", async () => {
  const [program, port] = await startQuiet(ROOM);
  await using _end = program;
  const members = await ROOM.gather(port);
  assert(members instanceof Members);
  using deaf = await Peer.deaf(port);
  await deaf.send("deaf\n");
  const max = await Member.connect("max", port);
  let talking = true;
  /** Says more as soon as the kernel takes it: 60 MB to each member lie in each of these writes. */
  const floodOn = async () => {
    for (let first = 1001; talking; first += 1000) await max.write(floodLines(first, 1000));
  };
  try {
    await max.write(flood(1000));
    await max.hears("max", 1); // it is in the room, and hears others from their first word on
    floodOn().catch(() => {}); // the test ends, and with it the room, before all is said
    // The room's kernel buffers are full of the flood; what ann and bob say comes behind that.
    await members.exchange(200);
    await max.hears("max", 200);
    const line = `${deaf.address} dropped: it does not read what it is sent`;
    await program.says("stderr", new RegExp(`${line}\n`));
  } finally {
    talking = false;
    max.close();
    members.close();
  }
});

Deno.test("one who takes a byte now and then is dropped like one who takes none", async () => {
  const [program, port] = await startQuiet(ROOM);
  await using _end = program;
  const members = await ROOM.gather(port);
  const slow = await slowMember(port, 1, 20);
  const { port: address } = slow.conn.localAddr;
  try {
    while (!program.stderr.includes(`127.0.0.1:${address} dropped: it does not read`)) {
      await members.exchange(4, 50_000);
    }
    await members.exchange(10);
  } finally {
    slow.conn.close();
    members.close();
  }
});

testUnless(
  noProc,
  "a flood, and one who does not read it, take no memory in the long run",
  async () => {
    const [program, port] = await startQuiet(ROOM);
    await using _end = program;
    const members = await ROOM.gather(port);
    assert(members instanceof Members);
    /** By how many MiB the server grows in a flood. */
    const growth = async (count: number) => {
      const before = memory(program.pid).most;
      using deaf = await Peer.deaf(port);
      await deaf.send("deaf\n");
      const max = await Member.connect("max", port);
      await max.write(flood(count));
      const hearers = [...members.members, max];
      await Promise.all(hearers.map((member) => member.hears("max", count)));
      max.close();
      for (const member of hearers) member.heard.delete("max");
      return (memory(program.pid).most - before) / 1024 / 1024;
    };
    try {
      // The heap grows to its size, sooner or later: what is kept of each flood, 18 MiB, would grow for ever.
      const grown: number[] = [];
      do grown.push(await growth(300)); while (grown.at(-1)! > 4 && grown.length < 8);
      assert(grown.at(-1)! <= 4, `grew by ${grown.join(", ")} MiB`);
      const more = await growth(800); // 46 MiB
      assert(more <= 16, `grew by ${more} MiB in a larger flood`);
    } finally {
      members.close();
    }
  },
);
