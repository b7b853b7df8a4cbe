// Ten seconds of random bytes against all servers at once, while good clients go on.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { Peer } from "../support/peer.ts";
import { sleep } from "../support/waiting.ts";
import { type Server, SERVERS, start, told } from "../faults/servers.ts";

const SECONDS = 10;
/** Those who send random bytes, to each server. */
const SENDERS = 3;
/** `FAULTS_SEED=1234 deno test --allow-all tests/slow` does the same again. */
const SEED = Number(Deno.env.get("FAULTS_SEED") ?? Math.floor(Math.random() * 1e9));

/** A random number below `limit`: a linear congruential generator (Numerical Recipes, 7.1). */
type Random = (limit: number) => number;

function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * limit);
  };
}

/** Something that a server may be sent: noise, or what makes sense in part. */
function nonsense(random: Random, { request, hello = "", rounds }: Server): Uint8Array {
  const encoder = new TextEncoder();
  const bytes = (length: number, from: number, count: number) =>
    Uint8Array.from({ length }, () => from + random(count));
  // Where each login costs a third of a second, on purpose, nothing that is a login is sent: so many
  // would keep the good clients waiting for longer than this test may take.
  const kind = rounds === undefined ? random(8) : [0, 1, 4, 5][random(4)];
  switch (kind) {
    case 0: // any bytes
      return bytes(1 + random(2000), 0, 256);
    case 1: // letters, digits and signs, without an end
      return bytes(1 + random(5000), 32, 95);
    case 2: // control characters, newlines among them
      return bytes(1 + random(300), 0, 32);
    case 3: // lines
      return encoder.encode("한글 \n".repeat(random(50)) + "\r\n".repeat(random(5)));
    case 4: // JSON, more or less
      return bytes(1 + random(100), 0, 10).map((i) => '{}[]":,1 t'.charCodeAt(i));
    case 5: { // a character that is cut
      const text = encoder.encode("안녕 😀");
      return text.subarray(0, 1 + random(text.length));
    }
    case 6: // what the server understands
      return encoder.encode(hello + request);
    default: { // the same with one byte changed
      const text = encoder.encode(hello + request);
      text[random(text.length)] = random(256);
      return text;
    }
  }
}

/** Connects, sends nonsense, and leaves in one way or another, until the time is up. */
async function disturb(random: Random, server: Server, port: number, end: number): Promise<number> {
  let connections = 0;
  while (performance.now() < end) {
    connections++;
    using peer = random(4) === 0 ? await Peer.deaf(port) : await Peer.connect(port);
    try {
      for (let i = random(10); i > 0; i--) {
        await peer.send(nonsense(random, server));
        if (random(3) === 0) await sleep(random(20));
      }
      if (random(4) === 0) await peer.halfClose();
    } catch {
      // The server has closed the connection, as it should.
    }
  }
  return connections;
}

Deno.test(`random bytes for ${SECONDS} seconds (FAULTS_SEED=${SEED})`, async (test) => {
  const end = performance.now() + 1000 * SECONDS;
  // Each server is a step of its own in the report; they run at the same time.
  await Promise.all(SERVERS.map((server, i) =>
    test.step({
      name: server.name,
      sanitizeOps: false,
      sanitizeResources: false,
      sanitizeExit: false,
      async fn() {
        const [program, port] = await start(server);
        await using _end = program;
        const bystanders = await server.gather(port);
        try {
          const disturbing = Array.from({ length: SENDERS }, (_, j) =>
            disturb(randomFrom(SEED + 100 * i + j), server, port, end));
          while (performance.now() < end) {
            await bystanders.exchange(1);
          }
          const connections = (await Promise.all(disturbing)).reduce((a, b) =>
            a + b
          );
          assert(connections > SENDERS, `only ${connections} connections`);
          const newcomers = await server.gather(port);
          await newcomers.exchange(server.rounds ?? 4);
          newcomers.close();
        } finally {
          bystanders.close();
        }
        // Each line names a client and what was wrong with it, and each client has one line.
        const lines = told(program);
        const known =
          /^127\.0\.0\.1:\d+ (reset the connection|sent .*|ended in .*|dropped: .*|lost: .*)$/;
        for (const line of lines) assertMatch(line, known);
        const addresses = lines.map((line) => line.split(" ")[0]!);
        assert(new Set(addresses).size > addresses.length / 2);
        program.kill("SIGTERM");
        assertEquals((await program.ended()).code, 143);
      },
    })
  ));
});
