// 100,000 datagrams at each UDP server, as fast as they can be sent.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { memory } from "../support/linux_proc.ts";
import { UdpPeer } from "../support/udp_peer.ts";
import { LIMIT, sleep, within } from "../support/waiting.ts";
import { start, told } from "../faults/servers.ts";

const DATAGRAMS = 100_000;
const MEMORY_LIMIT = 300_000 * 1024;

/** What each prints of a datagram, and what it answers. */
const SERVERS = [
  { name: "listener", prints: /Message \[b'last'\] from/, answer: "Hello UDP Client" },
  { name: "receiver", prints: /Message \[b'last'\] from Server/, answer: undefined },
  { name: "callee", prints: /Call from Server/, answer: "receive message" },
];

for (const { name, prints, answer } of SERVERS) {
  Deno.test(`${name} lives through ${DATAGRAMS.toLocaleString("en")} datagrams`, async () => {
    const [program, port] = await start({ name });
    await using _end = program;
    // Of any length from none to the longest, some of them no text.
    const datagrams = [0, 1, 100, 1400, 65_507].map((length) => new Uint8Array(length).fill(0xff));
    const flood = new UdpPeer();
    for (let i = 0; i < DATAGRAMS; i += 100) {
      // One in a hundred is long: the flood is of datagrams, not of bytes.
      await Promise.all(Array.from({ length: 100 }, (_, j) => {
        return flood.send(datagrams[j === 0 ? 4 : j % 4]!, port);
      }));
    }
    flood.close();
    using good = new UdpPeer();
    await within(LIMIT, "an answer", async () => {
      // What the kernel has no room for it drops, and a line that a busy reader does not take in time is
      // lost; then the client says it again.
      while (!prints.test(program.stdout) || answer && good.unread.length === 0) {
        await good.send("last", port);
        await sleep(100);
      }
    });
    if (answer) assertEquals((await good.receive()).text, answer);
    // Answers to a flood that nobody reads may fail to be sent; nothing else is told.
    for (const line of told(program)) assertMatch(line, /^can't send to 127\.0\.0\.1:\d+: /);
    if (Deno.build.os === "linux") {
      const { most } = memory(program.pid);
      assert(most < MEMORY_LIMIT, `${name} took ${most} bytes`);
    }
    program.kill("SIGTERM");
    assertEquals((await program.ended()).code, 143);
  });
}
