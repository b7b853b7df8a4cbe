// What is shown of what happens: the events of the wire, and in words what a framing makes of the bytes.

import type { FramingEvent, WireEvent } from "../socket.ts";

/** An event of the wire, or a note on what this program makes of the bytes. */
export type TraceEvent = Omit<WireEvent, "what"> & { what: WireEvent["what"] | "framing" };

/** Where events are shown. */
export type Sink = (event: TraceEvent) => void;

/** What is worth saying of what a framing did: nothing, where a read was simply a message. */
export function notes({ framing, before, messages, cause }: FramingEvent): string[] {
  const { name, pending, timeout } = framing;
  const lines: string[] = [];
  if (name !== before.name) lines.push(`newline seen: ${name} framing from here on`);
  if (cause !== "bytes" && messages.length > 0) {
    lines.push(`${cause === "end" ? "the end" : "silence"}: what was held back counts as whole`);
  } else if (messages.length > 1) {
    lines.push(
      `${messages.length} messages ${before.pending > 0 ? "are whole now" : "in one recv"}`,
    );
  }
  if (pending > 0) {
    const ms = timeout < 1000 ? `${timeout} ms` : `${timeout / 1000} s`;
    const why = timeout > 0
      ? `, whole after ${ms} without another byte`
      : { line: " without a newline", json: " of a JSON text" }[name as string] ??
        " of a character that is not complete";
    lines.push(`held back: ${pending} bytes${why}`);
  }
  return lines;
}
