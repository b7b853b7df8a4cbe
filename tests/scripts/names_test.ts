// Host names, on a machine where they have addresses of both families, as `localhost` has on Debian,
// Raspberry Pi OS and macOS: network and names of its own, which nothing outside sees. It needs Linux, root,
// and unshare, nsenter and ip.

import { assertEquals, assertMatch } from "@std/assert";
import { Program, type StartOptions } from "../support/program.ts";
import { sideBySide } from "../support/side_by_side.ts";

const HOSTS = `
127.0.0.1 localhost
::1 localhost
10.9.9.9 both
fd00::9 both
fd00::9 only6
10.9.9.9 only4
`;

// eth0 is there for multicast, which needs an interface other than lo.
const BUILD = `
set -e
mount --bind "$1" /etc/hosts
ip link set lo up
ip link add eth0 type veth peer name eth1
ip link set eth0 addrgenmode none
ip link set eth0 up
ip link set eth1 up
ip address add 10.9.9.9/24 dev eth0
ip address add fd00::9/64 dev eth0 nodad
ip address add fe80::9/64 dev eth0 nodad
echo built
cat
`;

/** A machine with these names. */
class Machine implements AsyncDisposable {
  readonly #hosts = Deno.makeTempFileSync();
  readonly #shell: Program;

  constructor() {
    Deno.writeTextFileSync(this.#hosts, HOSTS);
    const args = ["-nm", "sh", "-c", BUILD, "sh", this.#hosts];
    this.#shell = new Program("machine", "unshare", args, { stdin: true });
  }

  async built(): Promise<this> {
    await this.#shell.says("stdout", /^built\n/);
    return this;
  }

  /** A script that runs on it. */
  script(name: string, args: string[] = [], options?: StartOptions, allowed = "--allow-net") {
    const enter = ["-t", `${this.#shell.pid}`, "-n", "-m", `--wd=${Deno.cwd()}`];
    const script = [Deno.execPath(), "run", "--no-prompt", allowed, `scripts/${name}.ts`, ...args];
    return new Program(name, "nsenter", [...enter, ...script], options);
  }

  async [Symbol.asyncDispose]() {
    await this.#shell[Symbol.asyncDispose]();
    await Deno.remove(this.#hosts);
  }
}

/** Why there can be no such machine here, if so. */
async function obstacle(): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return "needs Linux";
  if (Deno.uid() !== 0) return "needs root";
  try {
    await using machine = new Machine();
    await machine.built();
  } catch (error) {
    return `there can be no machine with names of its own: ${
      (error as Error).message.split("\n")[0]
    }`;
  }
}

const why = await obstacle();

function namesTest(name: string, fn: (machine: Machine) => Promise<void>) {
  Deno.test({
    name: why ? `${name} (skipped: ${why})` : name,
    ignore: why !== undefined,
    async fn() {
      await using machine = new Machine();
      await fn(await machine.built());
    },
  });
}

/** What each host means to a server, as its line on stderr shows it. */
const ADDRESSES = {
  localhost: "127.0.0.1",
  both: "10.9.9.9",
  only4: "10.9.9.9",
  only6: "[fd00::9]",
  "::1": "[::1]",
  "[::1]": "[::1]",
  "127.0.0.1": "127.0.0.1",
};

const SERVERS: Record<string, string[]> = {
  soc1_server: [],
  soc2_server: [],
  chat_server: [],
  chat_server_no_echo: [],
  my_server: [],
  case_server: [],
  json_server: [],
  login_server: ["--user", "kim:1"],
  cinema: ["--role", "server", "--name", "CGV"],
  membership: ["--role", "server"],
  listener: [],
  callee: [],
  receiver: [],
};

namesTest("a server listens where its host is for the originals: IPv4 first", async (machine) => {
  await sideBySide(Object.entries(SERVERS), async ([name, args]) => {
    for (const [host, address] of Object.entries(ADDRESSES)) {
      if (name !== "chat_server" && host !== "localhost" && host !== "only6") continue;
      await using server = machine.script(name, [...args, "--host", host, "--port", "0"]);
      const [, listens] = await server.says("stderr", /listening on (.*):\d+\n/);
      assertEquals([name, host, listens], [name, host, address]);
    }
  });
});

namesTest("cinema and membership take names that are asked for", async (machine) => {
  for (const name of ["cinema", "membership"]) {
    await using server = machine.script(name, [], { stdin: true });
    await server.type("server\nlocalhost\n0\nCGV\n");
    await server.says("stderr", /^listening on 127\.0\.0\.1:\d+\n$/);
  }
});

namesTest("a client goes to the IPv4 address of a name, or to its only one", async (machine) => {
  await using four = machine.script("chat_server", ["--host", "10.9.9.9", "--port", "9000"]);
  await using six = machine.script("chat_server", ["--host", "fd00::9", "--port", "9000"]);
  const servers = { both: four, only4: four, only6: six, "fd00::9": six };
  for (const server of [four, six]) await server.says("stdout", /start\n/);
  let heard = { four: 0, six: 0 };
  for (const [host, server] of Object.entries(servers)) {
    const here = server === four ? "four" : "six";
    for (
      const [name, args] of [
        ["chat_client", ["--host", host, "--port", "9000"]],
        ["chat_client_args", [host, "9000"]],
      ] as const
    ) {
      await using client = machine.script(name, [...args]);
      assertEquals((await client.ended()).code, 0, `${name} ${host}`);
      heard = { ...heard, [here]: heard[here] + 1 };
      await server.says("stdout", RegExp(`(connection from [^]*){${heard[here]}}`));
    }
  }
});

namesTest("notify, caller and broadcaster reach a host of either family", async (machine) => {
  const everywhere = [
    ...["localhost", "both", "only4"].map((host) => [host, "0.0.0.0"]),
    ...["only6", "::1", "fe80::9%eth0", "ff02::1", "ff02::1%eth0", "[ff02::1%eth0]"]
      .map((host) => [host, "::"]),
  ] as const;
  for (const any of ["0.0.0.0", "::"]) {
    await using listener = machine.script("listener", ["--host", any]);
    await using callee = machine.script("callee", ["--host", any]);
    await using receiver = machine.script("receiver", ["--host", any]);
    for (const server of [listener, callee, receiver]) await server.says("stdout", /\n/);
    const hosts = everywhere.filter(([, family]) => family === any).map(([host]) => host!);
    await sideBySide(hosts, async (host) => {
      const once = ["--host", host, "--count", "1"];
      await using notify = machine.script("notify", ["--host", host]);
      await using caller = machine.script("caller", once);
      await using broadcaster = machine.script("broadcaster", once);
      const said = [await notify.ended(), await caller.ended(), await broadcaster.ended()];
      assertEquals(said.map(({ code, stderr }) => [code, stderr]), Array(3).fill([0, ""]), host);
      assertMatch(said[0]!.stdout, /\n\[Recv Data\] Hello UDP Client\n$/);
      assertMatch(said[1]!.stdout, /^Message from client \(.*, 37021.*\)$/m);
    });
    await receiver.says("stdout", RegExp(`(Message [^]*){${hosts.length}}`));
  }
});

namesTest("what goes wrong is told under the name that was given", async (machine) => {
  await using taken = machine.script("chat_server", ["--host", "both", "--port", "0"]);
  const port = `${await taken.port()}`;
  const wrong: [name: string, args: string[], line: RegExp][] = [
    ["chat_server", ["--host", "both", "--port", port], /^chat_server: both:\d+ is in use: .*\n$/],
    ["chat_client", ["--host", "localhost", "--port", port], /^chat_client: localhost:\d+ refused/],
    ["chat_client_args", ["only6", port], /^chat_client_args: only6:\d+ refused/],
    ["notify", ["--host", "both", "--port", "0"], /^can't send to both:0: [^\n]*\n$/],
    ["chat_client", ["--host", "nobody"], /^chat_client: nobody:9999: unknown host\n$/],
  ];
  for (const [name, args, line] of wrong) {
    await using program = machine.script(name, args);
    const { code, stderr } = await program.ended();
    assertMatch(stderr, line);
    assertEquals(code, 1);
  }
});

namesTest("where only some addresses are allowed, the name itself is used", async (machine) => {
  await using server = machine.script("chat_server", ["--host", "localhost", "--port", "9000"]);
  await server.says("stdout", /start\n/);
  const args = ["--host", "localhost", "--port", "9000"];
  for (const allowed of ["localhost:9000", "localhost", "localhost,127.0.0.1:9000"]) {
    await using client = machine.script("chat_client", args, {}, `--allow-net=${allowed}`);
    assertEquals(await client.ended(), { code: 0, stdout: "chat client start\n", stderr: "" });
  }
  await using client = machine.script("chat_client", args, {}, "--allow-net=127.0.0.1:9000");
  const { code, stderr } = await client.ended();
  assertMatch(stderr, /^chat_client: localhost:9000 is not allowed: start it with "[^\n]+"\n$/);
  assertEquals(code, 1);
});
