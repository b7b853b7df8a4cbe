// `--trace-diagram FILE.mmd`: what happens on the wire as a Mermaid sequence diagram
// (https://mermaid.js.org, "Sequence diagrams").

import { count, shortText } from "./dump.ts";
import type { Sink, TraceEvent } from "./notes.ts";

/** How long a diagram may get, in characters: Mermaid refuses more than 50,000 (its `maxTextSize`). */
const DIAGRAM_LIMIT = 49_000;

/**
 * Writes events to a file. Each goes there at once, so that the file is whole however the program ends,
 * and once the diagram is as long as Mermaid takes, it says so and nothing more is written. Throws where
 * the file can't be opened. `script` is what the diagram calls this program.
 */
export function mermaidTrace(script: string, path: string): Sink {
  const file = Deno.openSync(path, { write: true, create: true, truncate: true });
  const encoder = new TextEncoder();
  const participants = new Map<string, string>();
  let room = DIAGRAM_LIMIT;
  const write = (line: string) => {
    const bytes = encoder.encode(line);
    for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
    room -= line.length;
  };
  const participant = (peer: string) => {
    let name = participants.get(peer);
    if (name === undefined) {
      name = `p${participants.size + 1}`;
      participants.set(peer, name);
      write(`  participant ${name} as ${diagramText(peer)}\n`);
    }
    return name;
  };
  write(`sequenceDiagram\n  participant us as ${diagramText(script)}\n`);
  return (event) => {
    if (room < 0) return;
    write(diagramLine(event, participant));
    if (room < 0) {
      write("  Note over us: the rest is left out: Mermaid takes 50,000 characters\n");
      file.close();
    }
  };
}

function diagramLine(event: TraceEvent, participant: (peer: string) => string): string {
  const { what, way, peer, text = "", data, datagram } = event;
  // A note needs no participant of its own where it is about this program alone.
  if (what === "listen" || peer === "") {
    return `  Note over us: ${diagramText(`${what} ${peer || text}`)}\n`;
  }
  if (what === "close") return "";
  const name = participant(peer);
  if (what === "framing" || what === "drop" || what === "failed") {
    return `  Note over us,${name}: ${
      diagramText(what === "framing" ? text : `${what}: ${text}`)
    }\n`;
  }
  // A message is a solid line, with an open head for a datagram, which may get lost; what TCP does
  // by itself is a dotted one, and a reset a cross.
  const line = data ? (datagram ? "-)" : "->>") : what === "RST" ? "--x" : "-->>";
  const [from, to] = way === "in" ? [name, "us"] : ["us", name];
  const label = what === "accept" ? "connect" : what;
  return `  ${from}${line}${to}: ${data ? diagramData(data) : label}\n`;
}

/** What a message holds, and how long it is where that is not all. */
function diagramData(data: Uint8Array): string {
  const text = shortText(data);
  return diagramText(text.endsWith("...") ? `${text} (${count(data.length)} bytes)` : text);
}

/** Text as Mermaid takes it: whatever could mean something to it becomes an entity, `#35;`. */
function diagramText(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,:'"!?()\[\]{}=+*/_-]/gu, (it) => `#${it.codePointAt(0)};`);
}
