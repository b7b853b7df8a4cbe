// What happens on the wire, told to whoever wants to show it (`--trace`). Nobody listens unless asked to:
// then each of these calls is one look at a variable.

import type { Framing } from "../framing.ts";

/**
 * One thing that happened. `in` comes from the peer, `out` goes to it, `here` stays in this program.
 * `datagram` tells the data of UDP from that of a connection.
 */
export interface WireEvent {
  what:
    | ("listen" | "accept" | "connect" | "close")
    | ("recv" | "send" | "FIN" | "RST" | "failed" | "drop" | "framing");
  way: "in" | "out" | "here";
  /** The peer, or this program's own address where there is none. */
  peer: string;
  text?: string;
  data?: Uint8Array;
  datagram?: boolean;
}

/** What a framing has made of more bytes, of silence, or of the end of the stream. */
export interface FramingEvent {
  peer: string;
  /** The framing as it is now; its name and what was pending before. */
  framing: Framing;
  before: Pick<Framing, "name" | "pending">;
  /** The messages that became whole. */
  messages: readonly string[];
  cause: "bytes" | "silence" | "end";
}

/** Who is told. */
export interface Observer {
  wire(event: WireEvent): void;
  framing(event: FramingEvent): void;
}

/** Who is told of what happens; undefined where nobody is. */
export let observer: Observer | undefined;

/** Tells `who` of all that happens from now on. */
export function observe(who: Observer): void {
  observer = who;
}
