// What the steps of a spec share while it runs: the program, the peers, the way to wait for something,
// and what a failure shows.

import { Peer, type PeerListener } from "../support/peer.ts";
import type { Program } from "../support/program.ts";
import { UdpPeer } from "../support/udp_peer.ts";
import { settled, Watch } from "../support/waiting.ts";
import { FairClock } from "./patience.ts";
import { Failed, type Failure, type Shown } from "./result.ts";
import type { Content, Exercise, Spec } from "./spec.ts";
import { type Address, addressFor, type Target } from "./target.ts";

/** How many of the latest things sent and typed a report shows. */
const SENT_SHOWN = 6;
/** What is kept for a peer that has not been asked yet what it received, in bytes; then TCP must wait. */
const RECEIVE_LIMIT = 4 * 1024 * 1024;

/** How long a program may take to end by itself, where it is ended to see what it prints then, in milliseconds. */
const END_LIMIT = 500;

/** Something that a step waits for. */
export interface Event {
  /** It, as a report names it: `A to receive "hello"`. */
  readonly what: string;
  /** What is wrong when it does not come. */
  readonly missing: string | (() => string);
  readonly shown?: () => Shown[];
  /** Whether without it the program has not even come up. */
  readonly down?: boolean;
  /** Why it did not come, where that can be seen. */
  readonly cause?: () => string | undefined;
  /** The same, to be looked for when the program has ended. */
  readonly lateCause?: () => string | undefined;
}

/** One run of one spec. */
export class Situation {
  readonly watch = new Watch();
  readonly peers = new Map<string, Peer | UdpPeer>();
  /** Texts that a peer may be sent once, at any time, and need not be: see `mayHear`. */
  readonly maybe = new Map<string, Content[]>();
  readonly address: Address;
  program: Program | undefined;
  listener: PeerListener | undefined;
  /** Whether a peer has been connected. */
  connected = false;
  /** As far as the program's console has been matched. */
  matched = 0;
  readonly #sent: Shown[] = [];
  readonly #clock = new FairClock();

  constructor(readonly exercise: Exercise, readonly spec: Spec, readonly target: Target) {
    this.address = addressFor(exercise, target);
  }

  /** How the checker's TCP connections behave. */
  get peerOptions() {
    return { watch: this.watch, keeps: RECEIVE_LIMIT };
  }

  /** Where the checker's own sockets stand: this machine's loopback, unless the server is elsewhere. */
  get localHost(): string {
    return this.address.host === "127.0.0.1" ? "127.0.0.1" : "0.0.0.0";
  }

  // Waiting

  /**
   * Waits until `look` gives something. Fails where that does not come in time, and where the program
   * floods its console; each failure says what was waited for, and for how long.
   */
  async wait<T>(event: Event, look: () => T | undefined): Promise<T> {
    const begun = this.#clock.now;
    const waited = () => this.#clock.now - begun;
    try {
      while (true) {
        const left = this.target.limit - waited();
        const found = await this.watch.until(() => {
          this.checkFlood();
          return look();
        }, performance.now() + left);
        if (found !== undefined) return found;
        if (waited() < this.target.limit) continue;
        const { missing, shown, down, cause, lateCause } = event;
        throw new Failed(typeof missing === "string" ? missing : missing(), shown?.(), {
          down,
          cause: cause?.(),
          lateCause,
        });
      }
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      const seconds = (waited() / 1000).toFixed(1);
      const reason = `${error.reason} (after ${seconds} s of waiting for ${event.what})`;
      throw new Failed(reason, error.shown, error.known);
    }
  }

  /** The same for what tells of no change by itself: looks every few milliseconds. */
  async waitLooking<T>(event: Event, gap: number, look: () => T | undefined): Promise<T> {
    const timer = setInterval(() => this.watch.notify(), gap);
    try {
      return await this.wait(event, look);
    } finally {
      clearInterval(timer);
    }
  }

  // What the program may not do

  checkFlood(): void {
    const flooded = this.program?.flooded;
    if (!flooded) return;
    const { stream, limit } = flooded;
    const last = { what: `the last of its ${stream}`, content: this.program![stream].slice(-200) };
    throw new Failed(
      `it floods ${stream}: more than ${limit} characters`,
      [last],
      this.#met ? {} : { cause: "It prints in a loop that waits for nothing." },
    );
  }

  checkRunning(when: string, down = false): void {
    this.checkFlood(); // a flood is cut off, which may end the program
    if (this.program?.exit) throw new Failed(`it ${this.ending} ${when}`, [], { down });
  }

  /** Whether the program and a peer have had to do with each other. */
  get #met(): boolean {
    return this.peers.values().some((peer) => peer instanceof Peer || peer.sender !== undefined);
  }

  /** How the program ended, where it has. */
  get ending(): string {
    const { code, signal } = this.program!.exit!;
    return signal ? `was ended by ${signal}` : `ended with status ${code}`;
  }

  // Peers

  peer(name: string): Peer | UdpPeer {
    const peer = this.peers.get(name);
    if (!peer) throw new Error(`${this.exercise.name} ${this.spec.id}: there is no peer ${name}`);
    return peer;
  }

  tcp(name: string): Peer {
    const peer = this.peer(name);
    if (peer instanceof Peer) return peer;
    throw new Error(`${this.exercise.name} ${this.spec.id}: ${name} is not a TCP connection`);
  }

  // Texts

  /** A text with the addresses put in. */
  fill(text: string): string {
    const { host, port } = this.address;
    return text.replace(/\{host\}/g, host).replace(/\{port\}/g, String(port))
      .replace(/\{(\w+)\.port\}/g, (_, name) => {
        const peer = this.peer(name);
        return String(peer instanceof Peer ? peer.localPort : peer.port);
      })
      .replace(/\{(\w+)\.host\}/g, (_, name) => this.#hostOf(this.peer(name)));
  }

  /** A peer's address as the program sees it. */
  #hostOf(peer: Peer | UdpPeer): string {
    if (peer instanceof Peer) return peer.localHost;
    if (peer.host !== "0.0.0.0") return peer.host;
    // On all addresses, and so is the program: one sees the other where it sends from itself.
    const senders = this.peers.values().map((each) =>
      each instanceof Peer ? undefined : each.sender
    );
    return senders.find((sender) => sender !== undefined)?.hostname ?? this.address.host;
  }

  fillContent(content: Content): Content {
    return typeof content === "string" ? this.fill(content) : content;
  }

  /** Keeps for the report what was sent or typed. */
  note(what: string, content: Content): void {
    this.#sent.push({ what, content });
  }

  async failure(error: Failed): Promise<Failure> {
    const { reason, shown, known } = error;
    const stderr = (this.program?.stderr ?? "").slice(-2000);
    const cause = known.cause ?? await this.#lateCause(known.lateCause);
    return {
      reason,
      shown: [...this.#sent.slice(-SENT_SHOWN), ...shown],
      stderr,
      ...cause !== undefined ? { cause } : !known.down && { usualCause: this.spec.cause },
    };
  }

  /** Lets the program end, so that what it keeps in a buffer comes out, and then looks for the cause. */
  async #lateCause(look: (() => string | undefined) | undefined): Promise<string | undefined> {
    if (look === undefined || this.program === undefined) return undefined;
    for (const peer of this.peers.values()) if (peer instanceof Peer) peer.leave();
    await this.program.endInput().catch(() => {}); // its input has ended, or it has
    await settled(this.program.status, END_LIMIT);
    await this.program.stop();
    return look();
  }

  /** Leaves nothing behind: no process, no connection, no port that a next run could not take. */
  async stop(): Promise<void> {
    const closed = Array.from(this.peers.values(), (peer) => {
      if (peer instanceof Peer) peer.reset();
      else return peer.close();
    });
    await Promise.all([...closed, this.listener?.close()]);
    await this.program?.stop();
    this.#clock[Symbol.dispose]();
  }
}
