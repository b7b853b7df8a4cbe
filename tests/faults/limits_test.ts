// Servers at the end of what they have: memory, file descriptors, a console, time.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { memory } from "../support/linux_proc.ts";
import { noProc, noShell, noSignals, testUnless } from "../support/needs.ts";
import { Peer } from "../support/peer.ts";
import { Program } from "../support/program.ts";
import { stepForEach } from "../support/side_by_side.ts";
import { eventually, sleep } from "../support/waiting.ts";
import {
  Member,
  Members,
  ROOMS,
  type Server,
  SERVERS,
  SERVICES,
  start,
  startQuiet,
  STDOUT_CLOSED,
  told,
} from "./servers.ts";

const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;

/** Servers that print nothing for a client: they may not find out that stdout is closed. */
const SILENT = ["case_server", "login_server"];
/** Memory that a client who does not read may cost. */
const MEMORY_LIMIT = 16 * 1024 * 1024;

for (const room of ROOMS) {
  testUnless(
    noProc,
    `${room.name}: a client that never reads is dropped, while others move 50 MB`,
    async () => {
      const [program, port] = await startQuiet(room);
      await using _end = program;
      const members = await room.gather(port);
      const length = 50_000;
      const move = (bytes: number) => members.exchange(bytes / length / 2, length);
      try {
        // The same and more without the slow one, until the heap has its size: what follows shows what
        // that one costs.
        for (let i = 0; i < 30; i++) await members.rush(20, length);
        const before = memory(program.pid);
        using slow = await Peer.deaf(port);
        if (room.hello) await slow.send(room.hello);
        await move(50_000_000); // each message is heard before the next is said: nobody waits for the slow one
        const grown = memory(program.pid).most - before.most;
        assert(grown <= MEMORY_LIMIT, `grew by ${megabytes(grown)}`);
        await members.exchange(10);
        const lines = told(program).filter((line) => line !== STDOUT_CLOSED);
        assertEquals(lines, [`${slow.address} dropped: it does not read what it is sent`]);
      } finally {
        members.close();
      }
    },
  );
}

const nameOf = ({ name }: Server) => name;

testUnless(
  noProc,
  "clients that ask and never read are dropped, and cost others nothing",
  async (t) => {
    const answering = SERVICES.filter(({ name }) => ["cinema", "membership"].includes(name));
    await stepForEach(t, answering, nameOf, async (server) => {
      const [program, port] = await startQuiet(server);
      await using _end = program;
      const bystanders = await server.gather(port);
      const questions = "?\n".repeat(20_000);
      try {
        // Nothing is kept of one who does not read: sooner or later the heap has room for the next.
        const grown: number[] = [];
        do {
          const before = memory(program.pid).most;
          using slow = await Peer.deaf(port);
          const line = `${slow.address} dropped: it does not read what it is sent\n`;
          const dropped = () => program.stderr.includes(line);
          const asking = (async () => {
            while (!dropped()) await slow.send(questions);
          })().catch(() => {}); // the server has closed the connection
          await eventually("the client that does not read to be dropped", async () => {
            await bystanders.exchange(1);
            return dropped();
          });
          await asking;
          grown.push(memory(program.pid).most - before);
        } while (grown.at(-1)! > MEMORY_LIMIT / 4 && grown.length < 8);
        assert(grown.at(-1)! <= MEMORY_LIMIT / 4, `grew by ${grown.map(megabytes).join(", ")}`);
        await bystanders.exchange(4);
        assertEquals(told(program).filter((line) => line !== STDOUT_CLOSED).length, grown.length);
      } finally {
        bystanders.close();
      }
    });
  },
);

testUnless(noShell, "200 clients where 64 files may be open", async (t) => {
  await stepForEach(t, SERVERS, nameOf, async (server) => {
    const { name, args = [] } = server;
    await using program = Program.shell(name, "ulimit -n 64; exec $SCRIPT", [
      ...args,
      ...["--host", "127.0.0.1", "--port", "0"],
    ]);
    const port = await program.port();
    const bystanders = await server.gather(port);
    const { rounds = 4 } = server;
    try {
      const clients = await Promise.all(Array.from({ length: 200 }, () => Peer.connect(port)));
      await program.says("stderr", /accept failed, trying again: .*\n/);
      // It says so when it begins to fail, not each time that it tries again.
      await sleep(1000);
      assert(told(program).length <= 3, told(program).join("\n"));
      if (bystanders instanceof Members || server.stays && name !== "json_server") {
        await bystanders.exchange(rounds); // those who are in are served all the same
      }
      for (const client of clients) client.leave(); // what was said may still be on its way to them
      await bystanders.exchange(rounds);
      const newcomers = await server.gather(port);
      await newcomers.exchange(rounds);
      newcomers.close();
      const lines = told(program);
      for (const line of lines) {
        assertMatch(line, /^accept failed, trying again: Too many open files/);
      }
    } finally {
      bystanders.close();
    }
  });
});

Deno.test("stdout is closed", async (t) => {
  await stepForEach(t, SERVERS, nameOf, async (server) => {
    const { rounds = 4 } = server;
    const [program, port] = await start(server, { unread: true });
    await using _end = program;
    await program.closeStdout();
    const bystanders = await server.gather(port);
    try {
      await bystanders.exchange(rounds);
      const newcomers = await server.gather(port);
      await newcomers.exchange(rounds);
      newcomers.close();
      if (SILENT.includes(server.name) && told(program).length === 0) return;
      await program.says("stderr", new RegExp(`^${STDOUT_CLOSED}$`, "m")); // a busy machine finds out later
      assertEquals(told(program), [STDOUT_CLOSED]);
    } finally {
      bystanders.close();
    }
  });
});

for (const room of ROOMS) {
  testUnless(noSignals, `${room.name}: SIGTERM in the middle of a broadcast`, async () => {
    const [program, port] = await start(room);
    await using _end = program;
    const members = await room.gather(port);
    try {
      // All talk as fast as they can; who hears checks that nothing is missing, cut or doubled.
      const talk = async (member: Member) => {
        while (!member.wrong) await member.say(200);
      };
      const talking = members.members.map((member) => talk(member).catch(() => {})); // until it is cut off
      const speakers = room === ROOMS[1] ? 1 : 2; // whom each hears
      await eventually(
        "a conversation",
        () => members.members.every(({ heard }) => heard.size >= speakers),
      );
      program.kill("SIGTERM");
      const { code } = await program.ended();
      assertEquals([code, told(program)], [143, []]);
      await Promise.all(talking);
      for (const member of members.members) assertEquals(member.wrong, "was closed");
    } finally {
      members.close();
    }
  });
}

Deno.test("soc1_server takes one client, whatever that does", async (test) => {
  const harms: Record<string, (peer: Peer) => Promise<unknown>> = {
    "closes at once": () => Promise.resolve(),
    "half-closes": (peer) => peer.halfClose(),
    "sends bytes that are not text": (peer) => peer.send(Uint8Array.of(0xff, 10)),
    "sends a megabyte": (peer) => peer.send("x".repeat(1024 * 1024)).catch(() => {}),
  };
  for (const [name, harm] of Object.entries(harms)) {
    await test.step(name, async () => {
      const [program, port] = await start({ name: "soc1_server" });
      await using _end = program;
      const peer = await Peer.connect(port);
      await harm(peer);
      if (name === "half-closes") await peer.ended();
      peer.close();
      const { code, stdout, stderr } = await program.ended();
      assertEquals(code, 0);
      assertMatch(
        stdout,
        /^server service 중 \.\.\.\nclient address: {2}\(.*\)\nfrom client message: {2}x*\n$/,
      );
      const line = name.includes("not text")
        ? `${peer.address} sent bytes that are not UTF-8\n`
        : "";
      assertEquals(stderr.replace(/^listening on .*\n/, ""), line);
    });
  }
});
