// Steps in which a connection begins, and in which it ends.

import { anyWaitsToBeAccepted, connectionIsHeld } from "../../support/linux_proc.ts";
import { Peer } from "../../support/peer.ts";
import { UdpPeer } from "../../support/udp_peer.ts";
import { sleep } from "../../support/waiting.ts";
import { Failed } from "../result.ts";
import type { Situation } from "../situation.ts";
import { causeOf, elsewhere } from "../causes.ts";
import { withoutMaybes } from "./receiving.ts";

/** Between two tries to connect to a program, and two looks at whether it has accepted, in milliseconds. */
const RETRY_GAP = 20;
/** How long the connection of a program that has ended may be on its way, in milliseconds. */
const ACCEPT_LIMIT = 500;

export async function connect(situation: Situation, name: string): Promise<void> {
  const { address: { host, port } } = situation;
  let tried = false;
  let attempt: { peer?: Peer; error?: NodeJS.ErrnoException } | undefined;
  let refusal: NodeJS.ErrnoException | undefined;
  const begin = () => {
    tried = true;
    attempt = undefined;
    Peer.connect(port, { host, ...situation.peerOptions }).then(
      (peer) => attempt = { peer },
      (error) => attempt = { error },
    ).then(() => situation.watch.notify());
  };
  const down = !situation.connected;
  const event = {
    what: `${name} to be connected`,
    // The limit can come while one more attempt is under way: what the others met is the reason.
    missing: () => refusal ? notConnected() : `${name} could not connect within the limit`,
    down,
    cause: () =>
      down
        ? elsewhere(situation.program?.listening("tcp") ?? [], "tcp", { host, port })
        : undefined,
  };
  const notConnected = () =>
    refusal?.code === "ECONNREFUSED"
      ? `nothing listens on ${host}:${port}`
      : `${name} can't connect: ${refusal?.message}`;
  const peer = await situation.waitLooking(event, RETRY_GAP, () => {
    if (!tried) return void begin();
    if (!attempt) return undefined;
    if (attempt.peer) return attempt.peer;
    // It may just be starting; later it must not refuse.
    situation.checkRunning(`before it listened on port ${port}`, down);
    refusal = attempt.error;
    if (situation.connected || situation.program === undefined) {
      throw new Failed(notConnected(), [], { down });
    }
    tried = false; // the next look begins anew
  });
  situation.peers.set(name, peer);
  situation.connected = true;
  peer.whenEnded.then(() => leaveServer(situation, peer));
}

export async function accept(situation: Situation, name: string): Promise<void> {
  const { address: { host, port }, watch } = situation;
  const next = () => situation.listener!.waiting.shift(); // listens where the exercise is a client
  const event = {
    what: `the program to connect as ${name}`,
    missing: `nothing connects to ${host}:${port}`,
    down: true,
  };
  let grace: number | undefined;
  const peer = await situation.waitLooking(event, RETRY_GAP, () => {
    const peer = next();
    if (peer || !situation.program?.exit) return peer;
    // Its connection may be on its way to us, though it has ended.
    grace ??= performance.now() + ACCEPT_LIMIT;
    if (performance.now() > grace) {
      situation.checkRunning(`without connecting to port ${port}`, true);
    }
  });
  situation.peers.set(name, peer);
  watch.notify();
}

export function open(situation: Situation, name: string): void {
  situation.peers.set(name, new UdpPeer(situation.localHost, 0, situation.watch));
}

/** The program ends the connection. */
export async function ended(situation: Situation, name: string): Promise<void> {
  const peer = situation.tcp(name);
  const event = {
    what: `the connection of ${name} to end`,
    missing: `the connection of ${name} stays open`,
  };
  await situation.wait(event, () => {
    if (withoutMaybes(situation, name, peer) === "too much") {
      const content = peer.unread;
      throw new Failed(
        `${name} received something where the connection should end`,
        [{ what: `received by ${name}`, content }],
        { cause: causeOf(content, new Uint8Array()) },
      );
    }
    return peer.end;
  });
  if (situation.exercise.role === "client") peer.leave();
  else await leaveServer(situation, peer);
}

/** Closes our end of what a client has ended: it may wait for that before it ends itself. */
export function leaveEnded({ peers }: Situation): void {
  for (const peer of peers.values()) {
    if (peer instanceof Peer && peer.end === "closed") peer.leave();
  }
}

/**
 * A server has ended this connection. Where it has closed its socket, it hears nothing of our end, which
 * would only keep its port in TIME_WAIT. Where it still has it, and does nothing, it waits for our end.
 */
async function leaveServer(situation: Situation, peer: Peer): Promise<void> {
  const waits = () => peer.end === "closed" && !peer.done && serverHolds(peer);
  if (!waits()) return;
  await rests(situation);
  if (waits()) peer.leave();
}

/** Whether the server still has its socket; TIME_WAIT keeps nobody out on Windows, where that can't be seen. */
function serverHolds({ localPort, remotePort }: Peer): boolean {
  return connectionIsHeld(remotePort, localPort) ?? Deno.build.os === "windows";
}

export function close(situation: Situation, name: string): void {
  const { exercise } = situation;
  const peer = situation.tcp(name);
  // Whoever ends first keeps the port in TIME_WAIT: where that is the server, a reset clears it, so
  // that it can be started again on the same port. A server that reads on may not be reset.
  if (exercise.role === "server" && peer.end && !serverHolds(peer)) peer.reset();
  else peer.leave();
}

/** How long none of the program's threads may run for it to be at rest, in milliseconds. */
const REST = 150;
/**
 * How long to wait for either, in milliseconds. One that serves a client at a time does not accept the next,
 * and one that always runs is never at rest: neither matters here.
 */
const REST_LIMIT = 3000;
/** How long to wait where it can't be seen whether it runs, in milliseconds. */
const UNSEEN_REST = 500;

/**
 * The program has done what it had to: it has accepted who has connected, and none of its threads has run for
 * a while, nor wanted to. One that sleeps before it accepts is slow, and not at rest.
 */
export async function rests({ program, exercise, address: { port } }: Situation): Promise<void> {
  if (program === undefined || Deno.build.os !== "linux") return await sleep(UNSEEN_REST);
  const limit = performance.now() + REST_LIMIT;
  while (exercise.role === "server" && anyWaitsToBeAccepted(port) && performance.now() < limit) {
    await sleep(RETRY_GAP);
  }
  await program.atRest(REST, REST_LIMIT);
}
