// A port that ended connections hold: the checker waits for it. It takes a minute, by the kernel's clock.

import { assertEquals, assertMatch } from "@std/assert";
import { whenFree } from "../conformance/target.ts";
import { freePort } from "../support/free_port.ts";
import { isHeldByEnded } from "../support/linux_proc.ts";
import { noProc, testUnless } from "../support/needs.ts";
import { Peer } from "../support/peer.ts";
import { Program } from "../support/program.ts";
import { noPython, PYTHON } from "../support/python.ts";

testUnless(
  noProc ?? noPython,
  "a server whose port ended connections hold is waited for, not refused",
  async () => {
    const port = freePort("tcp");
    // It closes first, and listens without SO_REUSEADDR, as the course's soc2_server does.
    const server = `
import socket
s = socket.socket()
s.bind(("127.0.0.1", ${port}))
s.listen()
print("up", flush=True)
while True:
    c, address = s.accept()
    c.recv(1024)
    c.sendall(f"from server: {address[1]}너도 잘 지내라".encode())
    c.close()
`;
    {
      await using before = new Program("server", PYTHON, ["-c", server]);
      await before.says("stdout", /up/);
      using peer = await Peer.connect(port);
      await peer.send("hi");
      await peer.ended();
      peer.close(); // in order: what is left is TIME_WAIT, at the server's port
    }
    const args = [
      "soc2_server",
      "course.answer",
      "--port",
      `${port}`,
      "--",
      PYTHON,
      "-c",
      server,
    ];
    const task = ["run", "--allow-all", ".tasks/check.ts", ...args];
    const options = { env: { INIT_CWD: Deno.cwd() }, limit: 90_000 };
    await using check = new Program("check", Deno.execPath(), task, options);
    // Whoever found it held, and looks why just when it is free, is not told that a program has it.
    let foundFree = 0;
    const lateLook = whenFree("tcp", port, {}, () => {
      if (isHeldByEnded("tcp", port) || foundFree++ === 0) throw new Deno.errors.AddrInUse();
    });
    const [{ code, stdout, stderr }] = await Promise.all([check.ended(), lateLook]);
    assertMatch(stderr, /^check: waiting, up to a minute, for port \d+: .*\(TIME_WAIT\)\n$/);
    assertEquals(code, 0, stdout);
  },
);
