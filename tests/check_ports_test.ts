// The checker and ports: its own are free again before the next spec, those of ended connections are waited
// for, and one that another program has is told.

import { assertEquals } from "@std/assert";
import { freePort } from "./support/free_port.ts";
import { PeerListener } from "./support/peer.ts";
import { Program } from "./support/program.ts";
import { UdpPeer } from "./support/udp_peer.ts";
import { noPython, PYTHON } from "./support/python.ts";
import { testUnless } from "./support/needs.ts";

function checker(args: string[]): Program {
  const task = ["run", "--allow-all", ".tasks/check.ts", ...args];
  return new Program("check", Deno.execPath(), task, { env: { INIT_CWD: Deno.cwd() } });
}

const ENDS_AT_ONCE = ["--", Deno.execPath(), "--version"];

/** Sends a datagram that is wrong, many times, and ends. */
const sendsWrong = (port: number) => [
  ...["--", PYTHON, "-c"],
  `import socket
s = socket.socket(type=socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
for _ in range(50): s.sendto(b"wrong", ("127.0.0.1", ${port}))`,
];

for (const exercise of ["notify", "broadcaster", "caller"]) {
  testUnless(
    noPython,
    `${exercise}: after a failed spec the port is free for the next`,
    async () => {
      for (const command of [() => ENDS_AT_ONCE, sendsWrong]) {
        const port = freePort("udp");
        const args = [exercise, "--timeout", "2", "--port", `${port}`, ...command(port)];
        await using check = checker(args);
        const { code, stderr } = await check.ended();
        assertEquals([code, stderr], [1, ""]);
      }
    },
  );
}

/** Leaves an ended TCP connection on that port: TIME_WAIT is where it was closed first. */
async function leaveEnded(port: number) {
  using listener = Deno.listen({ hostname: "127.0.0.1", port });
  using client = await Deno.connect({ hostname: "127.0.0.1", port });
  (await listener.accept()).close();
  assertEquals(await client.read(new Uint8Array(1)), null);
}

Deno.test("a port that another program keeps is told, in one line", async () => {
  using tcp = await PeerListener.listen();
  using udp = new UdpPeer("127.0.0.1", freePort("tcp"));
  await leaveEnded(udp.port); // which is nothing to UDP
  const cases: [string, number][] = [
    ["chat_server", tcp.port], // which would be met in place of the program
    ["chat_client", tcp.port],
    ["listener", udp.port],
    ["notify", udp.port],
  ];
  for (const [exercise, port] of cases) {
    await using check = checker([exercise, "course", "--port", `${port}`, ...ENDS_AT_ONCE]);
    const { code, stderr } = await check.ended();
    assertEquals([exercise, code], [exercise, 2]);
    assertEquals(stderr, `check: port ${port} is in use: stop the program that has it\n`);
  }
});
