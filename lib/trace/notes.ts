// What is shown of what happens: the events of the wire, and in words what a framing makes of the bytes.

import type { FramingEvent, WireEvent } from "../socket.ts";

/** An event of the wire, or a note on what this program makes of the bytes. */
export interface TraceEvent extends WireEvent {
  /** The messages that came in one segment, where there are several. */
  messages?: readonly string[];
}

/** Where events are shown. */
export type Sink = (event: TraceEvent) => void;

/** What is worth saying of what a framing did: nothing, where a read was simply a message. */
export function notes({ peer, framing, before, messages, cause }: FramingEvent): TraceEvent[] {
  const { name, pending, timeout } = framing;
  const events: TraceEvent[] = [];
  const note = (text: string, more = {}) =>
    events.push({ what: "framing", way: "here", peer, text, ...more });
  if (name !== before.name) {
    note(`${name === "line" ? "newline seen" : "no newline came"}: ${name} framing from here on`);
  }
  if (cause !== "bytes" && messages.length > 0) {
    note(`${cause === "end" ? "the end" : "silence"}: what was held back counts as whole`);
  } else if (messages.length > 1) {
    const how = before.pending > 0 ? "are whole now" : "in one recv";
    note(`${messages.length} messages ${how}`, { messages });
  }
  if (pending > 0) {
    const ms = timeout < 1000 ? `${timeout} ms` : `${timeout / 1000} s`;
    const why = timeout > 0
      ? `, whole after ${ms} without another byte`
      : { line: " without a newline", json: " of a JSON text" }[name as string] ??
        " of a character that is not complete";
    note(`held back: ${pending} bytes${why}`);
  }
  return events;
}
