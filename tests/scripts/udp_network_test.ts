// Broadcast for real: three hosts on one network, made of network namespaces, veth pairs and a bridge.
// It needs Linux, root and iproute2, and touches nothing outside what it makes.

import { assertEquals } from "@std/assert";
import { isInstalled, testUnless } from "../support/needs.ts";
import { noOriginals, originalFile } from "../support/originals.ts";
import { Program } from "../support/program.ts";
import { PYTHON } from "../support/python.ts";

// The names begin with the shell's process id, so that two runs don't meet. Its input ends when the
// test does, however that ends: so the shell cleans up, whatever happens.
const BUILD = `
trap '' INT TERM HUP
net=course$$
clean_up() {
  for space in $net-1 $net-2 $net-3 $net-switch; do
    kill -KILL $(ip netns pids $space) 2>/dev/null
    ip netns delete $space 2>/dev/null
  done
}
build() {
  set -e
  ip netns add $net-switch
  ip -n $net-switch link add bridge type bridge
  ip -n $net-switch link set bridge up
  for host in 1 2 3; do
    ip netns add $net-$host
    ip -n $net-$host link add eth0 type veth peer name port$host netns $net-switch
    ip -n $net-switch link set port$host master bridge up
    ip -n $net-$host address add 10.77.0.$host/24 broadcast + dev eth0
    ip -n $net-$host link set lo up
    ip -n $net-$host link set eth0 up
    ip -n $net-$host route add default dev eth0
  done
}
if (build); then echo "built $net"; cat >/dev/null; else echo failed; fi
clean_up
`;

/** Three hosts, 10.77.0.1 to 10.77.0.3, on one network. */
class Network {
  readonly #shell = new Program("network", "sh", ["-c", BUILD], { stdin: true });
  #name = "";

  /** Whether it stands: false where this machine does not let us. */
  async built(): Promise<boolean> {
    const [, name] = await this.#shell.says("stdout", /(?:built (.*)|failed)\n/);
    this.#name = name ?? "";
    return name !== undefined;
  }

  /** Runs a command on a host until it ends. */
  async run(host: number, command: string, ...args: string[]): Promise<void> {
    await using program = this.#start(host, command, command, args);
    const { code, stderr } = await program.ended();
    assertEquals([code, stderr], [0, ""]);
  }

  /** Starts one of our scripts on a host. */
  script(host: number, name: string, ...args: string[]): Program {
    const script = ["run", "--no-prompt", "--allow-net", `scripts/${name}.ts`, ...args];
    return this.#start(host, name, Deno.execPath(), script);
  }

  /** Starts one of the course's Python files on a host. */
  original(host: number, name: string): Program {
    return this.#start(host, `${name}.py`, PYTHON, ["-u", originalFile(`${name}.py`)]);
  }

  #start(host: number, name: string, command: string, args: string[]): Program {
    const inside = ["netns", "exec", `${this.#name}-${host}`, command, ...args];
    return new Program(`${name} on host ${host}`, "ip", inside);
  }

  async [Symbol.asyncDispose]() {
    await this.#shell.endInput();
    await this.#shell.ended();
  }
}

/** Why there can be no network here, if so. */
async function obstacle(): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return "needs Linux";
  if (Deno.uid() !== 0) return "needs root";
  if (!await isInstalled("ip", "-V")) return "needs ip from iproute2";
  await using network = new Network();
  if (!await network.built()) return "network namespaces are not allowed here";
}

const why = await obstacle();

const HEARD = "Message \\[b'broadcast message'\\] from Server \\('10\\.77\\.0\\.1', \\d+\\)\n";
const CALLED = "Call from Server \\('10\\.77\\.0\\.1', \\d+\\)\n";

testUnless(why, "receivers on two hosts hear the broadcaster on a third", async () => {
  await using network = new Network();
  await network.built();
  await using near = network.script(2, "receiver");
  await using far = network.script(3, "receiver");
  await using sharing = network.script(3, "receiver");
  const receivers = [near, far, sharing];
  for (const receiver of receivers) await receiver.says("stdout", /receiver start\n/);
  await using broadcaster = network.script(1, "broadcaster", "--count", "2", "--interval", "0.1");
  assertEquals(await broadcaster.ended(), {
    code: 0,
    stdout: "UDP Broadcast server up and announce message\n" + "Broadcast message\n".repeat(2),
    stderr: "",
  });
  for (const receiver of receivers) {
    await receiver.says("stdout", RegExp(`^Broadcast receiver start\n(${HEARD}){2}$`));
  }
});

testUnless(why, "a caller finds the callees on two other hosts", async () => {
  await using network = new Network();
  await network.built();
  await using near = network.script(2, "callee");
  await using far = network.script(3, "callee");
  for (const callee of [near, far]) await callee.says("stdout", /Answer to caller\n/);
  await using caller = network.script(1, "caller", "--count", "1");
  const { code, stdout, stderr } = await caller.ended();
  assertEquals([code, stderr], [0, ""]);
  const [first, second, ...answers] = stdout.trimEnd().split("\n");
  assertEquals([first, second], ["UDP Broadcast to check devices", "Braodcast message"]);
  assertEquals(answers.sort(), [
    "Message from client ('10.77.0.2', 37021)",
    "Message from client ('10.77.0.3', 37021)",
  ]);
  for (const callee of [near, far]) {
    await callee.says("stdout", RegExp(`^Answer to caller\n${CALLED}$`));
  }
});

testUnless(
  why,
  "without a route a broadcaster says so, and is heard once there is one",
  async () => {
    await using network = new Network();
    await network.built();
    await network.run(1, "ip", "route", "delete", "default");
    await using receiver = network.script(2, "receiver");
    await receiver.says("stdout", /receiver start\n/);
    await using broadcaster = network.script(1, "broadcaster", "--interval", "0.1");
    await using caller = network.script(1, "caller", "--count", "1");
    const noRoute = "can't send to 255\\.255\\.255\\.255:\\d+: no route to it\n";
    await broadcaster.says("stderr", RegExp(`^(${noRoute}){2}`));
    await caller.says("stderr", RegExp(`^${noRoute}`));
    await broadcaster.says("stdout", /\n/);
    assertEquals(broadcaster.stdout, "UDP Broadcast server up and announce message\n");
    await network.run(1, "ip", "route", "add", "default", "dev", "eth0");
    await receiver.says("stdout", RegExp(HEARD));
    await broadcaster.says("stdout", /Broadcast message\n/);
    assertEquals((await caller.ended()).code, 1); // its one round could not be sent
  },
);

testUnless(
  why ?? noOriginals,
  "originals and scripts hear one another on the network",
  async () => {
    await using network = new Network();
    await network.built();
    await using originalReceiver = network.original(2, "receiver");
    await using scriptReceiver = network.script(3, "receiver");
    await using scriptCallee = network.script(2, "callee");
    await using originalCallee = network.original(3, "callee");
    const receivers = [originalReceiver, scriptReceiver];
    const callees = [scriptCallee, originalCallee];
    for (const receiver of receivers) await receiver.says("stdout", /receiver start\n/);
    for (const callee of callees) await callee.says("stdout", /Answer to caller\n/);
    await using _originalBroadcaster = network.original(1, "broadcaster");
    await using _scriptBroadcaster = network.script(2, "broadcaster");
    await using originalCaller = network.original(1, "caller");
    await using scriptCaller = network.script(2, "caller");
    for (const sender of [1, 2]) {
      const from = `from Server \\('10\\.77\\.0\\.${sender}', \\d+\\)\n`;
      for (const receiver of receivers) {
        await receiver.says("stdout", RegExp(`^Message \\[b'broadcast message'\\] ${from}`, "m"));
      }
      for (const callee of callees) await callee.says("stdout", RegExp(`^Call ${from}`, "m"));
    }
    for (const answering of [2, 3]) {
      const answer = RegExp(
        `^Message from client \\('10\\.77\\.0\\.${answering}', 37021\\)\n`,
        "m",
      );
      for (const caller of [originalCaller, scriptCaller]) await caller.says("stdout", answer);
    }
  },
);
