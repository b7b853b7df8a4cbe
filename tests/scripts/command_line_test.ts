// What every script has in common at the command line: one line on stderr and the right status for what
// can't be done, a quiet end on a signal, and --allow-net as the only permission.

import { assertEquals, assertMatch } from "@std/assert";
import { noSignals, testUnless } from "../support/needs.ts";
import { Peer, PeerListener } from "../support/peer.ts";
import { Program } from "../support/program.ts";
import { sideBySide } from "../support/side_by_side.ts";
import { LIMIT, within } from "../support/waiting.ts";

const SERVERS = [
  "soc1_server",
  "soc2_server",
  "chat_server",
  "chat_server_no_echo",
  "my_server",
  "case_server",
  "json_server",
];

const CLIENTS = [
  "soc1_client",
  "soc2_client",
  "chat_client",
  "chat_client_args",
  "chat_client_nickname",
  "my_client",
  "case_client",
  "json_client",
];

/** The scripts that take their address as flags, or ask for it. */
const WITH_PORT = [...SERVERS, ...CLIENTS, "cinema", "membership", "listener", "notify"]
  .filter((name) => name !== "chat_client_args");

function address(name: string, host: string, port: number): string[] {
  if (name === "chat_client_args") return [host, `${port}`];
  const asked = name === "chat_client_nickname" ? ["--name", "syjung"] : [];
  return ["--host", host, "--port", `${port}`, ...asked];
}

/** Runs a script without input to its end: nothing on stdout, and one line on stderr. */
async function fails(name: string, args: string[], status: number, line: RegExp) {
  await using program = Program.script(name, args);
  const { code, stdout, stderr } = await program.ended();
  assertMatch(stderr, /^[^\n]+\n$/, `one line from ${name} ${args.join(" ")}`);
  assertMatch(stderr, line);
  assertEquals([code, stdout], [status, ""], `${name} ${args.join(" ")}: ${stderr}`);
}

Deno.test("a flag that can't be used is told in one line, with status 2", async () => {
  await sideBySide(WITH_PORT, async (name) => {
    const accepted = "takes a whole number from 0 to 65535, not";
    await fails(
      name,
      ["--port", "99999"],
      2,
      new RegExp(`^${name}: --port ${accepted} "99999"\n$`),
    );
    await fails(name, ["--port", "abc"], 2, new RegExp(`^${name}: --port ${accepted} "abc"\n$`));
    await fails(name, ["--colour", "red"], 2, /unknown flag --colour; --help lists/);
    await fails(name, ["extra"], 2, /unexpected argument "extra"/);
    await fails(name, ["--", "extra"], 2, /unexpected argument "extra"/);
  });
  await fails(
    "chat_client_args",
    ["127.0.0.1", "99999"],
    2,
    /port# takes .* 0 to 65535, not "99999"/,
  );
  await fails("chat_client_args", ["127.0.0.1", "abc"], 2, /port# takes .* 0 to 65535, not "abc"/);
  await fails(
    "chat_client_args",
    ["", "9999"],
    2,
    /ip# takes an IP address or a host name, without a port, not ""/,
  );
});

Deno.test("a server whose port is taken names it, and ends with 1", async () => {
  using taken = await PeerListener.listen();
  await sideBySide(SERVERS, async (name) => {
    const line = new RegExp(`^${name}: (err: )?127.0.0.1:${taken.port} is in use: `);
    await fails(name, address(name, "127.0.0.1", taken.port), 1, line);
  });
});

Deno.test("a client that is refused, or can't find its server, says so and ends with 1", async () => {
  const free = await PeerListener.listen();
  const { port } = free;
  await free.close();
  await sideBySide(CLIENTS, async (name) => {
    const refused = new RegExp(`^${name}: 127.0.0.1:${port} refused: is the server running`);
    await fails(name, address(name, "127.0.0.1", port), 1, refused);
    const unknown = new RegExp(`^${name}: no-such-host.invalid:${port}: unknown host\n$`);
    await fails(name, address(name, "no-such-host.invalid", port), 1, unknown);
    await fails(name, address(name, "127.0.0.1", 0), 1, /127.0.0.1:0: .*from 1 to 65535\n$/);
  });
});

for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  testUnless(
    noSignals,
    `${signal} ends a server with ${status}, and its clients with it, quietly`,
    async () => {
      await sideBySide(SERVERS, async (name) => {
        // Its Ctrl+C has a meaning of its own: see chats_test.ts.
        if (name === "my_server" && signal === "SIGINT") return;
        await using server = Program.script(name, ["--port", "0"]);
        using client = await Peer.connect(await server.port());
        if (name !== "case_server") await server.says("stdout", /\d{4,5}/); // it has accepted
        server.kill(signal);
        const { code, stderr } = await server.ended();
        assertEquals([name, code], [name, status]);
        assertMatch(stderr, /^listening on .*\n$/);
        assertEquals(await client.ended(), "");
      });
    },
  );

  testUnless(
    noSignals,
    `${signal} ends a client with ${status}, quietly`,
    async () => {
      await sideBySide(CLIENTS, async (name) => {
        if (name === "soc1_client") return; // it ends before it could be interrupted
        using listener = await PeerListener.listen();
        const args = address(name, "127.0.0.1", listener.port);
        await using client = Program.script(name, args, { stdin: true });
        if (name === "my_client") await client.type("kim\n");
        using server = await listener.accept();
        client.kill(signal);
        const { code, stderr } = await client.ended();
        assertEquals([name, code, stderr], [name, status, ""]);
        await server.ended();
      });
    },
  );
}

testUnless(
  noSignals,
  "SIGTERM ends a server whose console takes nothing any more",
  async () => {
    await using server = Program.script("my_server", ["--port", "0"], { unread: true });
    using peer = await Peer.connect(await server.port());
    await peer.send("kim\n");
    for (let i = 0; i < 500; i++) await peer.send(`${"x".repeat(1000)}\n`);
    await peer.send("last\n");
    await peer.says(/kim: last\n$/); // it serves all the same
    server.kill("SIGTERM");
    assertEquals((await within(LIMIT, "the end of my_server", () => server.status)).code, 143);
  },
);
