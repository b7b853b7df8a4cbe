// Performs a spec: starts the program, plays the other end step by step, and says what came of it.

import { udpPortIsOpen } from "../support/linux_proc.ts";
import { Peer, PeerListener } from "../support/peer.ts";
import { UdpPeer } from "../support/udp_peer.ts";
import { causeOf, elsewhere } from "./causes.ts";
import { Failed, notPassed, type Outcome, type Result } from "./result.ts";
import { Situation } from "./situation.ts";
import type { Exercise, Spec, Step } from "./spec.ts";
import { accept, close, connect, ended, open, rests } from "./steps/connecting.ts";
import { exits, idle, shows, type } from "./steps/console.ts";
import { answered, hears, receive, receiveJson, withoutMaybes } from "./steps/receiving.ts";
import { send, taken } from "./steps/sending.ts";
import { startSubject } from "./subject.ts";
import { commandFor, portIsFree, type Target, whenFree } from "./target.ts";

/** Runs one spec against the target. Throws PortTaken, and NotStarted where the command can't be. */
export async function runSpec(exercise: Exercise, spec: Spec, target: Target): Promise<Result> {
  if (exercise.role === "server" && target.command !== undefined) {
    await portIsFree(exercise, target);
  }
  const started = performance.now();
  const done = (outcome: Outcome, more: Partial<Result> = {}): Result => ({
    spec,
    outcome,
    milliseconds: performance.now() - started,
    down: false,
    ...more,
  });
  if (target.command === undefined && spec.steps.some(needsConsole)) {
    return done("skipped", { skipped: "it needs the program's console" });
  }
  if (Deno.build.os === "windows" && spec.steps.some((step) => step.do === "interrupt")) {
    return done("skipped", { skipped: "on Windows no program can press Ctrl+C for another" });
  }
  const situation = new Situation(exercise, spec, target);
  try {
    await listen(situation);
    await start(situation);
    for (const step of spec.steps) await perform(situation, step);
    checkEnd(situation);
    return done("passed");
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    const failure = await situation.failure(error);
    return notPassed(spec, failure, performance.now() - started, error.known.down ?? false);
  } finally {
    await situation.stop();
  }
}

function needsConsole(step: Step): boolean {
  return ["type", "end of input", "interrupt", "shows", "exits"].includes(step.do);
}

/** Opens what the checker listens on, where it plays the server. */
async function listen(situation: Situation): Promise<void> {
  const { exercise, address: { port }, localHost: host, watch, target } = situation;
  if (exercise.role === "server") return;
  await whenFree(exercise.transport, port, target, async () => {
    if (exercise.transport === "tcp") {
      situation.listener = await PeerListener.listen({ host, port, ...situation.peerOptions });
    } else situation.peers.set("server", new UdpPeer(host, port, watch));
  });
}

/** Starts the program and answers its first prompts. */
async function start(situation: Situation): Promise<void> {
  const { exercise, spec, target } = situation;
  if (target.command === undefined) return;
  const fill = (text: string) => situation.fill(text);
  const command = commandFor(target.command, exercise, spec, fill);
  situation.program = startSubject(command, target.cwd, situation.watch);
  const answers = exercise.answers ?? [];
  if (answers.length > 0) {
    const typed = answers.map((answer) => fill(answer) + "\n").join("");
    situation.program.type(typed).catch(() => {}); // it may have ended
  }
  if (exercise.transport === "udp" && exercise.role === "server") await udpServerIsUp(situation);
}

/** Between two looks at whether a UDP port is open, in milliseconds. */
const UDP_LOOK = 5;
/** How long a UDP server may take to come up where that can't be seen, in milliseconds. */
const UDP_START = 1000;

/**
 * A UDP server can't be asked whether it is up, and what is sent before is lost: wait until its port is
 * open. Where that can't be seen (not on Linux, or it is open inside a container), wait for a second,
 * and until the program says that it is up.
 */
async function udpServerIsUp(situation: Situation): Promise<void> {
  const { exercise: { up }, address, program } = situation;
  const { port } = address;
  const begun = performance.now();
  const event = {
    what: `a UDP socket on port ${port}`,
    missing: `it opens no UDP socket on port ${port}`,
    down: true,
    cause: () => elsewhere(program!.listening("udp"), "udp", address),
  };
  await situation.waitLooking(event, UDP_LOOK, () => {
    situation.checkRunning("before it was up", true);
    if (udpPortIsOpen(port)) return true;
    const said = up !== undefined && program!.stdout.includes(up);
    const visible = Deno.build.os === "linux";
    return (said || !visible) && performance.now() - begun > UDP_START || undefined;
  });
}

async function perform(situation: Situation, step: Step): Promise<void> {
  switch (step.do) {
    case "connect":
      return await connect(situation, step.peer);
    case "accept":
      return await accept(situation, step.peer);
    case "open":
      return open(situation, step.peer);
    case "send":
      return await send(situation, step.peer, step.pieces);
    case "receive":
      return await receive(situation, step.peer, step.texts);
    case "may hear":
      return void situation.maybe.set(step.peer, [...step.texts]);
    case "hears":
      return await hears(situation, step.peer, step.text);
    case "receive JSON":
      return await receiveJson(situation, step.peer, step.value);
    case "answered":
      return await answered(situation, step.peer);
    case "taken":
      return await taken(situation, step.peer);
    case "rests":
      return await rests(situation);
    case "ended":
      return await ended(situation, step.peer);
    case "close":
      return close(situation, step.peer);
    case "half-close":
      return void situation.tcp(step.peer).halfClose();
    case "reset":
      return situation.tcp(step.peer).reset();
    case "stall":
      return situation.tcp(step.peer).stall();
    case "ignore":
      return situation.tcp(step.peer).ignore();
    case "type":
      return type(situation, step.lines);
    case "end of input":
      return void situation.program!.endInput().catch(() => {}); // it may have ended
    case "interrupt":
      return situation.program!.interrupt();
    case "shows":
      return await shows(situation, step.texts, step.count);
    case "exits":
      return await exits(situation, step.status);
    case "idle":
      return await idle(situation);
  }
}

/** What no step looks at: bytes too many, a server that has ended, a flood. */
function checkEnd(situation: Situation): void {
  situation.checkFlood();
  for (const [name, peer] of situation.peers) {
    if (!(peer instanceof Peer) || peer.done) continue;
    if (withoutMaybes(situation, name, peer) !== "too much") continue;
    const content = peer.unread;
    throw new Failed(
      "it sent more than it should, when nothing was waited for any more",
      [{ what: `received by ${name}, after all that was expected`, content }],
      { cause: causeOf(content, new Uint8Array()) },
    );
  }
  const endExpected = situation.spec.steps.some((step) => step.do === "exits");
  if (situation.exercise.role === "server" && !endExpected && situation.program?.exit) {
    throw new Failed(`the server ${situation.ending}, and should have gone on`);
  }
}
