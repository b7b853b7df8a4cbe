// 100,000 datagrams at each UDP server, as fast as they can be sent.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { LIMIT, within } from "../support/program.ts";
import { start, told } from "./servers.ts";

const DATAGRAMS = 100_000;

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
    const address = { transport: "udp", hostname: "127.0.0.1", port } as const;
    // Of any length from none to the longest, some of them no text.
    const datagrams = [0, 1, 100, 1400, 65_507].map((length) => new Uint8Array(length).fill(0xff));
    const flood = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
    for (let i = 0; i < DATAGRAMS; i += 100) {
      // One in a hundred is long: the flood is of datagrams, not of bytes.
      await Promise.all(Array.from({ length: 100 }, (_, j) => {
        return flood.send(datagrams[j === 0 ? 4 : j % 4]!, address);
      }));
    }
    flood.close();
    const good = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
    const last = new TextEncoder().encode("last");
    const receiving = good.receive();
    let answered = false;
    receiving.then(() => answered = true, () => {}); // closed before one came
    await within(LIMIT, "an answer", async () => {
      // What the kernel has no room for it drops; then the client says it again.
      while (answer ? !answered : !prints.test(program.stdout)) {
        await good.send(last, address);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    });
    if (answer) assertEquals(new TextDecoder().decode((await receiving)[0]), answer);
    good.close();
    await program.says("stdout", prints);
    // Answers to a flood that nobody reads may fail to be sent; nothing else is told.
    for (const line of told(program)) assertMatch(line, /^can't send to 127\.0\.0\.1:\d+: /);
    if (Deno.build.os === "linux") {
      const status = await Deno.readTextFile(`/proc/${program.pid}/status`);
      const kilobytes = Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]);
      assert(kilobytes < 300_000, `${name} took ${kilobytes} kB`);
    }
    program.kill("SIGTERM");
    assertEquals((await program.ended()).code, 143);
  });
}
