// Performs a spec: starts the program, plays the other end, and says what came of it.

import { equal } from "@std/assert";
import { type Content, type Exercise, type Spec, type Step } from "./spec.ts";
import { bytesOf, fits, indexOf, joined, jsonEnd, parseJson, permutations } from "./bytes.ts";
import { freePort } from "../support/free_port.ts";
import { bytesUnderway, isInTimeWait, udpPortIsOpen } from "../support/linux_proc.ts";
import { Peer, PeerListener } from "../support/peer.ts";
import type { Program } from "../support/program.ts";
import { UdpPeer } from "../support/udp_peer.ts";
import { settled, sleep, Watch } from "../support/waiting.ts";
import { startSubject } from "./subject.ts";

/** What is checked: a command to start, or a server that runs already. */
export interface Target {
  /** With `{host}` and `{port}` for the address; undefined for a server that runs already. */
  readonly command: readonly string[] | undefined;
  /** Where the command is started. */
  readonly cwd: string;
  /** The server's host; undefined for this machine. */
  readonly host?: string | undefined;
  /** The server's port; undefined for the course's, or a free one where the command takes it. */
  readonly port?: number | undefined;
  /** Milliseconds that one spec may take. */
  readonly limit: number;
  /** Called with a line for people when a spec has to wait before it begins. */
  readonly onWait?: (line: string) => void;
}

export type Outcome = "passed" | "failed" | "skipped";

/** Bytes or text that a report shows, and whose they are. */
export interface Shown {
  /** `A sent`, `expected at A`, `typed`. */
  readonly what: string;
  readonly content: Content;
}

/** Why a spec failed. */
export interface Failure {
  /** What went wrong, in a sentence. */
  readonly reason: string;
  /** What was sent, typed, expected and received, in this order. */
  readonly shown: readonly Shown[];
  /** What the program wrote last to stderr. */
  readonly stderr: string;
}

export interface Result {
  readonly spec: Spec;
  readonly outcome: Outcome;
  readonly milliseconds: number;
  readonly failure?: Failure;
  /** Why it was skipped. */
  readonly skipped?: string;
  /** The program did not even come up. */
  readonly down: boolean;
}

/** The port that the exercise asks for can't be used: no spec can run. */
export class PortTaken extends Error {
  override name = "PortTaken";
}

/** How many of the latest things sent and typed a report shows. */
const SENT_SHOWN = 6;
/** What is kept for a peer that has not been asked yet what it received, in bytes; then TCP must wait. */
const RECEIVE_LIMIT = 4 * 1024 * 1024;
/** How long a program may show nothing of a new connection, in milliseconds: see `joined`. */
const JOIN_LIMIT = 500;
/** How long the connection of a program that has ended may be on its way, in milliseconds. */
const ACCEPT_LIMIT = 500;
/** How long a program may take to read what was sent, in milliseconds: see `taken`. */
const TAKE_LIMIT = 2000;
/** How long a UDP server may take to come up where that can't be seen, in milliseconds. */
const UDP_START = 1000;
/** Between two looks at what has no event, in milliseconds. */
const POLL = 5;
/** Between two pieces where it can't be seen that the first was read, in milliseconds. */
const PIECE_GAP = 100;
/** A program is idle that runs for less than this part of one of these windows, in milliseconds. */
const IDLE_PART = 0.5;
const IDLE_WINDOW = 500;
const IDLE_WINDOWS = 4;

/** A step was not as expected. */
class Failed extends Error {
  constructor(
    readonly reason: string,
    readonly shown: readonly Shown[] = [],
    readonly down = false,
  ) {
    super(reason);
  }
}

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
  const run = new Run(exercise, spec, target, started + target.limit);
  try {
    await run.start();
    for (const step of spec.steps) await run.perform(step);
    run.checkEnd();
    return done("passed");
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    return done("failed", { failure: run.failure(error), down: error.down });
  } finally {
    await run.stop();
  }
}

/** How long connections stay in TIME_WAIT on Linux, and a little more, in milliseconds. */
const TIME_WAIT_LIMIT = 65_000;

/** Waits until no ended connections hold the port that the program has of its own. */
async function portIsFree({ transport, port }: Exercise, target: Target): Promise<void> {
  const fixed = target.port ?? (target.command?.some(holdsPort) ? undefined : port);
  if (transport === "udp" || fixed === undefined || !isInTimeWait(fixed)) return;
  target.onWait?.(
    `waiting, up to a minute, for port ${fixed}: ended connections hold it (TIME_WAIT)`,
  );
  const end = performance.now() + TIME_WAIT_LIMIT;
  while (isInTimeWait(fixed) && performance.now() < end) await sleep(100);
}

function holdsPort(word: string): boolean {
  return word.includes("{port}");
}

function needsConsole(step: Step): boolean {
  return ["type", "end of input", "interrupt", "shows", "exits"].includes(step.do);
}

/** One run of one spec. */
class Run {
  readonly #watch = new Watch();
  readonly #peerOptions = { watch: this.#watch, keeps: RECEIVE_LIMIT };
  readonly #peers = new Map<string, Peer | UdpPeer>();
  readonly #sent: Shown[] = [];
  readonly #host: string;
  readonly #port: number;
  #subject: Program | undefined;
  /** As far as its console has been matched. */
  #matched = 0;
  #listener: PeerListener | undefined;
  #connected = false;

  constructor(
    readonly exercise: Exercise,
    readonly spec: Spec,
    readonly target: Target,
    readonly deadline: number,
  ) {
    this.#host = target.host ?? exercise.host ?? "127.0.0.1";
    const takesPort = exercise.port === undefined || exercise.args !== undefined ||
      target.command?.some(holdsPort);
    this.#port = target.port ??
      (takesPort ? freePort(exercise.transport) : exercise.port!); // takesPort where it is undefined
  }

  /** Opens what the checker listens on, starts the program and answers its first prompts. */
  async start(): Promise<void> {
    await this.#listen();
    if (this.target.command === undefined) return;
    this.#subject = startSubject(this.#command(this.target.command), this.target.cwd, this.#watch);
    const answers = this.exercise.answers ?? [];
    if (answers.length > 0) {
      const typed = answers.map((each) => this.#fill(each) + "\n").join("");
      this.#subject.type(typed).catch(() => {}); // it may have ended
    }
    if (this.exercise.transport === "udp" && this.exercise.role === "server") {
      await this.#udpServerIsUp();
    }
  }

  async perform(step: Step): Promise<void> {
    switch (step.do) {
      case "connect":
        return await this.#connect(step.peer);
      case "accept":
        return await this.#accept(step.peer);
      case "open":
        return void this.#peers.set(step.peer, UdpPeer.open(this.#localHost(), 0, this.#watch));
      case "send":
        return await this.#send(step.peer, step.pieces);
      case "receive":
        return await this.#receive(step.peer, step.texts);
      case "hears":
        return await this.#hears(step.peer, this.#fillContent(step.text));
      case "receive JSON":
        return await this.#receiveJson(step.peer, step.value);
      case "answered":
        return await this.#answered(step.peer);
      case "joined":
        return await this.#joined(step.peer);
      case "taken":
        return await this.#taken(this.#tcp(step.peer));
      case "ended":
        return await this.#ended(step.peer);
      case "close":
        return this.#close(this.#tcp(step.peer));
      case "half-close":
        return void this.#tcp(step.peer).halfClose();
      case "reset":
        return this.#tcp(step.peer).reset();
      case "stall":
        return this.#tcp(step.peer).stall();
      case "type":
        return this.#type(step.lines);
      case "end of input":
        return void this.#subject?.endInput().catch(() => {});
      case "interrupt":
        return this.#subject?.interrupt();
      case "shows":
        return await this.#shows(step.texts);
      case "exits":
        return await this.#exits(step.status);
      case "idle":
        return await this.#idle();
    }
  }

  /** What no step looks at: bytes too many, a server that has ended, a flood. */
  checkEnd(): void {
    this.#checkFlood();
    for (const [name, peer] of this.#peers) {
      const rest = peer instanceof Peer && !peer.done ? peer.unread : new Uint8Array(0);
      if (rest.length > 0) {
        throw new Failed("it sent more than it should", [
          { what: `received by ${name}, after all that was expected`, content: rest },
        ]);
      }
    }
    const endExpected = this.spec.steps.some((step) => step.do === "exits");
    if (this.exercise.role === "server" && !endExpected && this.#subject?.exit) {
      throw new Failed(`the server ${this.#ending()}, and should have gone on`);
    }
  }

  failure(error: Failed): Failure {
    const stderr = this.#subject?.stderr ?? "";
    return {
      reason: error.reason,
      shown: [...this.#sent.slice(-SENT_SHOWN), ...error.shown],
      stderr: stderr.slice(-2000),
    };
  }

  /** Leaves nothing behind: no process, no connection, no port that a next run could not take. */
  async stop(): Promise<void> {
    for (const peer of this.#peers.values()) {
      if (peer instanceof Peer) peer.reset();
      else peer.close();
    }
    await this.#listener?.close();
    await this.#subject?.stop();
  }

  // Starting

  /** Where the checker's own sockets stand: this machine's loopback, unless the server is elsewhere. */
  #localHost(): string {
    return this.#host === "127.0.0.1" ? "127.0.0.1" : "0.0.0.0";
  }

  async #listen() {
    if (this.exercise.role === "server") return;
    try {
      if (this.exercise.transport === "tcp") {
        this.#listener = await PeerListener.listen({
          host: this.#localHost(),
          port: this.#port,
          ...this.#peerOptions,
        });
      } else {
        this.#peers.set("server", UdpPeer.open(this.#localHost(), this.#port, this.#watch));
      }
    } catch (error) {
      if (error instanceof Error && /in use|EADDRINUSE/i.test(error.message)) {
        throw new PortTaken(`port ${this.#port} is in use: stop the program that has it`);
      }
      throw error;
    }
  }

  #command(words: readonly string[]): string[] {
    const filled = words.map((word) => this.#fill(word));
    const ownArgs = words.some((word) => /\{(host|port)\}/.test(word));
    if (this.spec.args !== undefined) {
      return [...filled.filter((_, i) => !/^\{(host|port)\}$/.test(words[i]!)), ...this.spec.args];
    }
    return ownArgs
      ? filled
      : [...filled, ...(this.exercise.args ?? []).map((arg) => this.#fill(arg))];
  }

  /**
   * A UDP server can't be asked whether it is up, and what is sent before is lost: wait until it says so
   * or, on Linux, its port is open; elsewhere a second must do.
   */
  async #udpServerIsUp() {
    const visible = Deno.build.os === "linux";
    const limit = visible ? this.deadline : Math.min(this.deadline, performance.now() + UDP_START);
    while (performance.now() < limit) {
      const up = await this.#watch.until(() => {
        this.#checkRunning("before it was up", true);
        const shown = this.exercise.up && this.#subject!.stdout.includes(this.exercise.up);
        return shown || udpPortIsOpen(this.#port) || undefined;
      }, Math.min(limit, performance.now() + POLL));
      if (up) return;
    }
    if (visible) throw new Failed(`it opens no UDP socket on port ${this.#port}`, [], true);
  }

  // Steps

  async #connect(name: string) {
    let refusal: NodeJS.ErrnoException | undefined;
    while (true) {
      try {
        const connecting = Peer.connect(this.#port, {
          host: this.#host,
          ...this.#peerOptions,
        });
        const peer = await settled(connecting, this.deadline - performance.now());
        // The limit can come while one more attempt is under way: what the others met is the reason.
        if (!peer && refusal) throw this.#notConnected(name, refusal);
        if (!peer) throw new Failed(`${name} could not connect within the limit`);
        this.#peers.set(name, peer);
        this.#connected = true;
        return;
      } catch (error) {
        if (error instanceof Failed) throw error;
        // It may just be starting; later it must not refuse.
        this.#checkRunning(`before it listened on port ${this.#port}`, !this.#connected);
        const again = !this.#connected && this.#subject !== undefined &&
          performance.now() < this.deadline;
        refusal = error as NodeJS.ErrnoException; // node:net's are
        if (!again) throw this.#notConnected(name, refusal);
        this.#checkFlood();
        await sleep(4 * POLL);
      }
    }
  }

  #notConnected(name: string, { code, message }: NodeJS.ErrnoException): Failed {
    const where = `${this.#host}:${this.#port}`;
    const refused = code === "ECONNREFUSED";
    const reason = refused ? `nothing listens on ${where}` : `${name} can't connect: ${message}`;
    return new Failed(reason, [], !this.#connected);
  }

  async #accept(name: string) {
    const next = () => this.#listener!.waiting.shift(); // listens where the exercise is a client
    const ended = () => this.#subject?.exit ? "ended" as const : undefined;
    let peer = await this.#until(() => next() ?? ended());
    if (peer === "ended") {
      // Its connection may be on its way to us, though it has ended.
      peer = await this.#watch.until(next, performance.now() + ACCEPT_LIMIT) ?? "ended";
    }
    if (peer === "ended") {
      this.#checkRunning(`without connecting to port ${this.#port}`, true);
    } else if (peer) {
      return void this.#peers.set(name, peer);
    }
    throw new Failed(`nothing connects to ${this.#host}:${this.#port}`, [], true);
  }

  async #send(name: string, pieces: readonly Content[]) {
    const peer = this.#peer(name);
    for (const [i, piece] of pieces.entries()) {
      if (i > 0 && peer instanceof Peer) await this.#taken(peer);
      const content = this.#fillContent(piece);
      this.#sent.push({ what: `${name} sent`, content });
      const bytes = bytesOf(content);
      this.#subject?.allow(bytes.length);
      const sending = peer instanceof Peer
        // That it fails shows as the end of the connection.
        ? peer.send(bytes).catch(() => {})
        : peer.send(bytes, ...this.#subjectAddress());
      const sent = await settled(sending.then(() => true), this.deadline - performance.now());
      if (!sent) {
        throw new Failed(`it does not read what ${name} sends`);
      }
    }
  }

  /** Over UDP: where the program is. A client's address is known when it has sent something. */
  #subjectAddress(): [port: number, hostname: string] {
    if (this.exercise.role === "server") return [this.#port, this.#host];
    for (const peer of this.#peers.values()) {
      if (peer instanceof UdpPeer && peer.sender) return [peer.sender.port, peer.sender.hostname];
    }
    throw new Error("a spec sends to a UDP client before it received something from it");
  }

  async #receive(name: string, texts: readonly Content[]) {
    const peer = this.#peer(name);
    const contents = texts.map((text) => this.#fillContent(text));
    if (peer instanceof UdpPeer) return await this.#receiveDatagram(name, peer, contents);
    const ways = permutations(contents.map(bytesOf)).map(joined);
    const length = ways[0]!.length;
    const show = () => [
      ...contents.map((content) => ({ what: `expected at ${name}`, content })),
      { what: `received by ${name}`, content: peer.unread.slice(0, length) },
    ];
    const received = await this.#until(() => {
      const fitting = ways.filter((way) => fits(peer.unread, way));
      if (fitting.length === 0) {
        throw new Failed(`${name} received something else than expected`, show());
      }
      if (peer.unread.length >= length) return true;
      if (peer.end) {
        throw new Failed(`the connection of ${name} was ${peer.end} before all had come`, show());
      }
    });
    if (!received) {
      const what = peer.unread.length > 0 ? "only a part of it" : "nothing";
      throw new Failed(`${name} received ${what} within the limit`, show());
    }
    peer.take(length);
  }

  async #receiveDatagram(name: string, peer: UdpPeer, contents: Content[]) {
    for (const content of contents) {
      const datagram = await this.#until(() => {
        const next = peer.unread.shift();
        if (next === undefined) this.#checkRunning(`before ${name} had received its answer`);
        return next?.bytes;
      });
      const expected = { what: `expected at ${name}`, content };
      if (datagram === undefined) {
        throw new Failed(`${name} received nothing within the limit`, [expected]);
      }
      const bytes = bytesOf(content);
      if (datagram.length !== bytes.length || !fits(datagram, bytes)) {
        throw new Failed(`${name} received something else than expected`, [
          expected,
          { what: `received by ${name}`, content: datagram },
        ]);
      }
    }
  }

  async #hears(name: string, content: Content) {
    const peer = this.#tcp(name);
    const wanted = bytesOf(content);
    const show = () => [
      { what: `expected at ${name}`, content },
      { what: `received by ${name}`, content: peer.unread },
    ];
    const end = await this.#until(() => {
      const at = indexOf(peer.unread, wanted);
      if (at >= 0) return at + wanted.length;
      if (peer.end) {
        throw new Failed(`the connection of ${name} was ${peer.end} before it came`, show());
      }
    });
    if (end === undefined) throw new Failed(`${name} did not receive it within the limit`, show());
    peer.take(end);
  }

  async #receiveJson(name: string, value: unknown) {
    const peer = this.#tcp(name);
    const show = () => [
      { what: `expected at ${name}, as JSON`, content: JSON.stringify(value) },
      { what: `received by ${name}`, content: peer.unread },
    ];
    const end = await this.#until(() => {
      const end = jsonEnd(peer.unread);
      if (end === undefined && peer.end) {
        throw new Failed(`the connection of ${name} was ${peer.end} before it came`, show());
      }
      return end;
    });
    if (end === undefined) throw new Failed(`${name} did not receive it within the limit`, show());
    if (!equal(parseJson(peer.unread.subarray(0, end)), value)) {
      throw new Failed(`${name} received something else than expected`, show());
    }
    peer.take(end);
  }

  async #answered(name: string) {
    const peer = this.#tcp(name);
    const count = await this.#until(() => {
      if (peer.unread.length > 0) return peer.unread.length;
      if (peer.end) throw new Failed(`the connection of ${name} was ${peer.end} without an answer`);
    });
    if (count === undefined) throw new Failed(`${name} received nothing within the limit`);
    peer.take(count);
  }

  async #joined(name: string) {
    const port = String(this.#tcp(name).localPort);
    const limit = Math.min(this.deadline, performance.now() + JOIN_LIMIT);
    await this.#watch.until(() => this.#subject?.stdout.includes(port) || undefined, limit);
  }

  async #taken(peer: Peer) {
    if (this.#subject === undefined || Deno.build.os !== "linux") return await sleep(PIECE_GAP);
    const limit = Math.min(this.deadline, performance.now() + TAKE_LIMIT);
    while (performance.now() < limit && (bytesUnderway(peer.localPort, peer.remotePort) ?? 0) > 0) {
      await sleep(POLL);
    }
  }

  async #ended(name: string) {
    const peer = this.#tcp(name);
    const end = await this.#until(() => {
      if (peer.unread.length > 0) {
        throw new Failed(`${name} received something where the connection should end`, [
          { what: `received by ${name}`, content: peer.unread },
        ]);
      }
      return peer.end;
    });
    if (end === undefined) throw new Failed(`the connection of ${name} stays open`);
  }

  #close(peer: Peer) {
    // Whoever ends first keeps the port in TIME_WAIT: where that is the program, a reset clears it, so
    // that it can be started again on the same port.
    if (peer.end) peer.reset();
    else peer.leave();
  }

  #type(lines: readonly string[]) {
    for (const line of lines) {
      const text = this.#fill(line);
      this.#sent.push({ what: "typed", content: text });
      this.#subject!.type(text + "\n").catch(() => {}); // specs that type are skipped where there is none
    }
  }

  async #shows(texts: readonly string[]) {
    const subject = this.#subject!; // as above
    const wanted = texts.map((text) => this.#fill(text));
    const find = () => {
      const rest = subject.stdout.slice(this.#matched);
      const ends = wanted.map((text) =>
        rest.indexOf(text) < 0 ? -1 : rest.indexOf(text) + text.length
      );
      return ends.includes(-1) ? undefined : Math.max(...ends);
    };
    const show = () => [
      ...wanted.map((content) => ({ what: "expected on the console", content })),
      { what: "printed", content: subject.stdout.slice(this.#matched).slice(-1000) },
    ];
    const end = await this.#until(() => {
      const found = find();
      if (found === undefined && subject.exit) {
        throw new Failed(
          `it ${this.#ending()} before its console showed what was expected`,
          show(),
        );
      }
      return found;
    });
    if (end === undefined) throw new Failed("its console does not show what was expected", show());
    this.#matched += end;
  }

  async #exits(status: number | undefined) {
    const ending = await this.#until(() => this.#subject!.exit); // as above
    if (ending === undefined) throw new Failed("it goes on, and should have ended");
    if (status !== undefined && ending.code !== status) {
      throw new Failed(`it ${this.#ending()}, and should have ended with ${status}`);
    }
  }

  async #idle() {
    for (let i = 0; i < IDLE_WINDOWS; i++) {
      const part = await this.#subject?.runningPart(IDLE_WINDOW) ?? 0;
      this.#checkFlood();
      if (part < IDLE_PART) return;
    }
    throw new Failed("it runs all the time, though nothing happens");
  }

  // What steps share

  /** Waits until `look` gives something, to the end of the spec's time. A flood ends it before. */
  #until<T>(look: () => T | undefined): Promise<T | undefined> {
    return this.#watch.until(() => {
      this.#checkFlood();
      return look();
    }, this.deadline);
  }

  #checkFlood(): undefined {
    const flooded = this.#subject?.flooded;
    if (!flooded) return;
    throw new Failed(`it floods ${flooded.stream}: more than ${flooded.limit} characters`, [
      {
        what: `the last of its ${flooded.stream}`,
        content: this.#subject![flooded.stream].slice(-200),
      },
    ]);
  }

  #checkRunning(when: string, down = false): void {
    this.#checkFlood(); // a flood is cut off, which may end the program
    if (this.#subject?.exit) throw new Failed(`it ${this.#ending()} ${when}`, [], down);
  }

  #ending(): string {
    const { code, signal } = this.#subject!.exit!; // called where it has ended
    return signal ? `was ended by ${signal}` : `ended with status ${code}`;
  }

  #peer(name: string): Peer | UdpPeer {
    const peer = this.#peers.get(name);
    if (!peer) throw new Error(`${this.exercise.name} ${this.spec.id}: there is no peer ${name}`);
    return peer;
  }

  #tcp(name: string): Peer {
    const peer = this.#peer(name);
    if (peer instanceof Peer) return peer;
    throw new Error(`${this.exercise.name} ${this.spec.id}: ${name} is not a TCP connection`);
  }

  #portOf(name: string): number {
    const peer = this.#peer(name);
    return peer instanceof Peer ? peer.localPort : peer.port;
  }

  #fillContent(content: Content): Content {
    return typeof content === "string" ? this.#fill(content) : content;
  }

  #fill(text: string): string {
    return text.replace(/\{host\}/g, this.#host).replace(/\{port\}/g, String(this.#port))
      .replace(/\{(\w+)\.port\}/g, (_, name) => String(this.#portOf(name)));
  }
}
