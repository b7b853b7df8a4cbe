// What becomes of a program when its terminal is closed (SIGHUP): at the terminal it ends; with its output
// and input elsewhere, as after nohup, it stays. Deno takes from nohup what that has set, so that it is we
// who have to stay. Skipped where there is no tmux, or no bash.

import { assertEquals } from "@std/assert";
import { isInstalled, noSignals, testUnless } from "../support/needs.ts";
import { Peer } from "../support/peer.ts";
import { Program } from "../support/program.ts";
import { noTerminal, Terminal } from "../support/terminal.ts";
import { UdpPeer } from "../support/udp_peer.ts";
import { eventually } from "../support/waiting.ts";

const missing = noTerminal ?? (await isInstalled("bash", "--version") ? undefined : "no bash");

/** A program that a shell at a terminal has started. */
class Started implements AsyncDisposable {
  pid = 0;
  port = 0;

  private constructor(readonly terminal: Terminal, readonly log: string) {}

  /** In `line` $SCRIPT is the script and $LOG a file that its output may go to. */
  static async by(line: string, name: string, args: string[] = []): Promise<Started> {
    const terminal = await Terminal.open(80, 24, "bash --norc");
    const started = new Started(terminal, `${terminal.folder}/log`);
    const pid = `${terminal.folder}/pid`;
    const script = `sh -c 'echo $$ > ${pid}; exec "$@"' sh $SCRIPT`; // however many forks it takes
    const command = line.replace("$SCRIPT", () => script).replaceAll("$LOG", started.log);
    await terminal.start(name, [...args, "--port", "0"], command);
    started.port = await eventually("the server's port", async () => {
      const log = await Deno.readTextFile(started.log).catch(() => terminal.screen());
      return Number(/listening on .*:(\d+)\n/.exec(log + "\n")?.[1]) || undefined;
    });
    started.pid = Number(await Deno.readTextFile(pid));
    return started;
  }

  /** Closes the terminal, and waits until its shell has ended, which passes SIGHUP on before that. */
  async hangUp() {
    const shell = await this.terminal.shell();
    await this.terminal.hangUp();
    await eventually("the end of the shell", () => !isAlive(shell));
  }

  /** Whether it runs. */
  get runs(): boolean {
    return isAlive(this.pid);
  }

  async [Symbol.asyncDispose]() {
    if (this.runs) Deno.kill(this.pid, "SIGKILL");
    await this.terminal[Symbol.asyncDispose]();
  }
}

function isAlive(pid: number): boolean {
  // Of what has ended and is still listed, ps says Z.
  const { stdout } = new Deno.Command("ps", { args: ["-o", "stat=", "-p", `${pid}`] }).outputSync();
  return /^[^Z\s]/.test(new TextDecoder().decode(stdout));
}

/** Somebody comes, is heard and goes, more than once: it was not the last that the server did. */
async function isServed(port: number) {
  for (const message of ["하나", "둘", "셋"]) {
    using peer = await Peer.connect(port);
    await peer.send(`${message}\n`);
    await peer.says(new RegExp(message));
  }
}

const OUTLIVES: Record<string, string> = {
  "nohup": "nohup $SCRIPT > $LOG 2>&1 &",
  "nohup in the foreground": "nohup $SCRIPT > $LOG 2>&1",
  "nohup and setsid": "nohup setsid $SCRIPT > $LOG 2>&1 &",
  "nohup, two files, input from a third": "nohup $SCRIPT > $LOG.out 2> $LOG < /etc/passwd &",
  "nohup before a shell that ignores nothing": "nohup sh -c 'exec \"$@\"' sh $SCRIPT > $LOG 2>&1 &",
  "disown": "$SCRIPT > $LOG 2>&1 < /dev/null & disown",
  "a trap": "trap '' HUP; $SCRIPT > $LOG 2>&1 < /dev/null &",
};

for (const [how, line] of Object.entries(OUTLIVES)) {
  testUnless(missing, `a server outlives its terminal with ${how}`, async () => {
    await using server = await Started.by(line, "chat_server");
    await server.hangUp();
    await isServed(server.port);
    assertEquals(server.runs, true);
  });
}

testUnless(missing, "sockets outlives its terminal with nohup, and a receiver of UDP", async () => {
  const line = "nohup $SCRIPT > $LOG 2>&1 &";
  await using server = await Started.by(line, "sockets", ["chat_server_no_echo"]);
  await server.hangUp();
  using listens = await Peer.connect(server.port);
  using says = await Peer.connect(server.port);
  await says.send("안녕\n");
  await listens.says(/안녕/);

  await using listener = await Started.by(line, "listener");
  await listener.hangUp();
  using peer = new UdpPeer();
  for (let i = 0; i < 3; i++) {
    await peer.send("hello", listener.port);
    await peer.receive();
  }
  assertEquals([server.runs, listener.runs], [true, true]);
});

const ENDS: Record<string, string> = {
  "in the foreground": "$SCRIPT",
  "in the background": "$SCRIPT &",
  "with its output in a file": "$SCRIPT > $LOG 2>&1",
  "with its errors in a file, and no input": "$SCRIPT 2> $LOG < /dev/null",
  "with its output in a pipe": "$SCRIPT 2>&1 | tee $LOG",
};

for (const [how, line] of Object.entries(ENDS)) {
  testUnless(missing, `a server at a terminal ends with it: ${how}`, async () => {
    await using server = await Started.by(line, "chat_server");
    using peer = await Peer.connect(server.port);
    await server.hangUp();
    await peer.ended();
    await eventually("its end", () => !server.runs);
  });
}

testUnless(noSignals, "SIGHUP means nothing without a terminal, and SIGTERM ends", async () => {
  await using server = Program.script("my_server", ["--port", "0"]);
  const port = await server.port();
  server.kill("SIGHUP");
  using peer = await Peer.connect(port);
  await peer.send("kim\n");
  await peer.says(/kim님이 입장하셨습니다/);
  server.kill("SIGHUP");
  await peer.send("hi\n");
  await peer.says(/kim: hi/);
  server.kill("SIGTERM");
  assertEquals((await server.ended()).code, 143);
});
