// What one client does to a server, against every server: the others notice nothing, and stderr says
// in one line what happened.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { bytesUnderway } from "../support/linux_proc.ts";
import { statusAfter } from "../support/needs.ts";
import { Peer } from "../support/peer.ts";
import { type Program } from "../support/program.ts";
import { eventually, sleep } from "../support/waiting.ts";
import {
  type Bystanders,
  Member,
  Members,
  ROOMS,
  type Server,
  SERVERS,
  start,
  told,
} from "./servers.ts";

/** A server that runs, and those who talk to it. */
interface Place {
  server: Server;
  program: Program;
  port: number;
  bystanders: Bystanders;
}

interface Fault {
  name: string;
  /** Whether it can be done to that server; if not given, it can. */
  applies?(server: Server): boolean;
  /** Does it. Gives what stderr must say, line by line; the rest of the time it says nothing. */
  commit(place: Place): Promise<RegExp[]>;
}

/** A client that the server knows. */
async function known({ port, server }: Place): Promise<Peer> {
  const peer = await Peer.connect(port);
  if (server.hello) await peer.send(server.hello);
  return peer;
}

/** The line of stderr about that client. */
function line(peer: Peer, what: string): RegExp {
  return new RegExp(`^${peer.address.replaceAll(".", "\\.")} ${what}$`);
}

/**
 * Closes a connection of which everything was read. Where a message to it crosses that, the kernel answers
 * with a reset. A server on Linux does not see that one: what it reads is the end. On Windows it is the reset,
 * so there no message is answered so.
 */
function close(client: Peer | Member): void {
  if (Deno.build.os === "windows") client.leave();
  else client.close();
}

/** Resets the connection: what a crash, or a cable, looks like to the server. */
async function reset(place: Place, bytes: Uint8Array): Promise<Peer> {
  const peer = await Peer.connect(place.port);
  await peer.send(bytes);
  // A server accepts in the order of coming: who is served now came after that one.
  await served(place);
  // It has read, too; where that can't be seen, it most likely has by now.
  await eventually("the server to read", () => !bytesUnderway(peer.localPort, peer.remotePort));
  peer.reset();
  return peer;
}

/** A client that gets what it came for. */
async function served(place: Place): Promise<void> {
  using peer = await known(place);
  await peer.send(place.server.request);
  await peer.halfClose();
  await peer.ended(); // the server closes as well
  assertEquals(peer.end, "closed");
  assertMatch(peer.text, place.server.answer);
}

/** Waits until stdout tells that this client has left, where the server tells. */
async function toldLeft({ server, program }: Place, port: number): Promise<void> {
  if (server.left) await program.says("stdout", server.left(port));
}

function isRoom({ name }: Server): boolean {
  return ROOMS.some((room) => room.name === name);
}

/**
 * One who says that many messages in one breath: all members hear them all. It hears them as well, where
 * the room echoes, and only then leaves: a close with bytes unread would reset the connection.
 */
async function crowd({ port, server, bystanders }: Place, nickname: string, count: number) {
  assert(bystanders instanceof Members);
  const max = await Member.connect("max", port);
  const lines = Array.from({ length: count }, (_, i) => `good:max:${i + 1}:\n`);
  await max.write((server.name === "my_server" ? `${nickname}\n` : "") + lines.join(""));
  const hearers = bystanders.echoes ? [...bystanders.members, max] : bystanders.members;
  await Promise.all(hearers.map((hearer) => hearer.hears("max", count)));
  close(max);
  for (const member of bystanders.members) member.heard.delete("max");
}

const FAULTS: Fault[] = [
  {
    name: "a reset in mid-message",
    async commit(place) {
      const client = await reset(place, place.server.half);
      return [line(client, "reset the connection")];
    },
  },
  {
    name: "a reset before a word",
    async commit(place) {
      const client = await reset(place, new Uint8Array(0));
      return [line(client, "reset the connection")];
    },
  },
  {
    name: "a close without goodbye",
    applies: ({ stays }) => stays,
    async commit(place) {
      const peer = await known(place);
      await peer.send(place.server.request);
      await peer.says(place.server.answer);
      const told = place.server.name === "my_server" ? await Peer.connect(place.port) : undefined;
      await told?.send("told\n");
      await told?.says(/told님이 입장하셨습니다\./);
      close(peer);
      await toldLeft(place, peer.localPort);
      await told?.says(/bad님이 퇴장하셨습니다\./); // the room is told
      if (told) close(told);
      return [];
    },
  },
  {
    name: "a close in mid-message",
    async commit({ port, server }) {
      const peer = await Peer.connect(port);
      await peer.send(server.half);
      close(peer);
      return server.tellsHalf ? [line(peer, server.tellsHalf)] : [];
    },
  },
  {
    name: "a half-close after the request",
    async commit(place) {
      await served(place);
      return [];
    },
  },
  {
    name: "50 clients that never send",
    async commit({ port, bystanders }) {
      const silent = await Promise.all(Array.from({ length: 50 }, () => Peer.connect(port)));
      await bystanders.exchange(1);
      silent.forEach((client) => client.leave()); // what was said may still be on its way to them
      return [];
    },
  },
  {
    name: "a megabyte without a newline",
    async commit(place) {
      const { server } = place;
      using peer = await known(place);
      const filler = new TextEncoder().encode((server.filler ?? "x").repeat(1024 * 1024));
      await peer.send(filler).catch(() => {}); // it is closed before all is written
      if (!server.limited) return [];
      await peer.ended().catch(() => {});
      return [
        line(
          peer,
          server.filler
            ? "sent JSON nested deeper than \\d+"
            : "sent a message longer than 65536 bytes",
        ),
      ];
    },
  },
  {
    name: "one byte at a time",
    applies: ({ bytewise }) => bytewise,
    async commit(place) {
      using peer = await known(place);
      for (const byte of new TextEncoder().encode(place.server.request)) {
        await peer.send(Uint8Array.of(byte));
        await sleep(2);
      }
      await peer.says(place.server.answer);
      close(peer);
      return [];
    },
  },
  {
    name: "many messages in one segment",
    applies: ({ many }) => many !== undefined,
    async commit(place) {
      const { request, answer } = place.server.many!;
      using peer = await known(place);
      if (place.server.name === "cinema") await peer.says(/FAIL/);
      if (place.server.name === "membership") await peer.says(/\n/);
      peer.take();
      await peer.send(request);
      await peer.halfClose();
      await peer.ended();
      assertEquals(peer.text.trimEnd(), answer.trimEnd());
      return [];
    },
  },
  {
    name: "20,000 messages in one segment, to a room",
    applies: isRoom,
    async commit(place) {
      await crowd(place, "max", 20_000);
      return [];
    },
  },
  {
    name: "a nickname of 60,000 bytes, and 500 messages in one segment",
    applies: ({ name }) => name === "my_server",
    async commit(place) {
      await crowd(place, "n".repeat(60_000), 500); // 30 MB to each member, from a segment of 70 KB
      return [];
    },
  },
  {
    name: "bytes that are not UTF-8",
    async commit({ port, server }) {
      using peer = await Peer.connect(port);
      await peer.send(server.noText);
      await peer.ended().catch(() => {});
      return [line(peer, "sent bytes that are not UTF-8")];
    },
  },
  {
    name: "text that would drive a terminal",
    async commit(place) {
      using peer = await known(place);
      await peer.send("\x1b[2J\x07\x9b\r\n\x1b]0;owned\x07\n");
      await peer.halfClose();
      await peer.ended();
      return place.server.tellsControl ? [line(peer, place.server.tellsControl)] : [];
    },
  },
];

for (const server of SERVERS) {
  Deno.test(`${server.name} goes on, whatever a client does`, async (test) => {
    const [program, port] = await start(server);
    await using _end = program;
    const bystanders = await server.gather(port);
    const { rounds = 4 } = server;
    try {
      await bystanders.exchange(rounds);
      for (const fault of FAULTS) {
        if (fault.applies && !fault.applies(server)) continue;
        await test.step(fault.name, async () => {
          const before = program.stderr.length;
          const expected = await fault.commit({ server, program, port, bystanders });
          await bystanders.exchange(rounds);
          const lines = () => told(program, before);
          await eventually(
            () => `${expected}, not ${lines()}`,
            () => lines().length >= expected.length,
          );
          assertEquals(lines().length, expected.length, lines().join("\n"));
          expected.forEach((pattern, i) => assertMatch(lines()[i]!, pattern));
        });
      }
      // A newcomer is served like those who were there.
      const newcomers = await server.gather(port);
      await newcomers.exchange(rounds);
      newcomers.close();
    } finally {
      bystanders.close();
    }
    // deno-lint-ignore no-control-regex -- nothing that drives a terminal may be there
    assert(!/[\x00-\x08\x0b-\x1f\x7f-\x9f]/.test(program.stderr));
    program.kill("SIGTERM");
    assertEquals((await program.ended()).code, statusAfter("SIGTERM"));
  });
}
