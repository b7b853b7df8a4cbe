// `--trace` and `--trace-diagram`: what goes over the wire, call by call, on stderr and as a diagram.
// The traced program is the program: its sockets tell an observer what happens, where there is one.

import { explain, Failure, PermissionNeeded, quoted } from "./errors.ts";
import { observe } from "./socket.ts";
import { consoleTrace } from "./trace/lines.ts";
import { mermaidTrace } from "./trace/mermaid.ts";
import { notes, type Sink } from "./trace/notes.ts";
import { svgTrace } from "./trace/svg.ts";

/**
 * Begins to trace what sockets do: on stderr, if `console`, and to the file, if `diagram` names one.
 * Throws a Failure or a PermissionNeeded where the file can't be written. `script` is what the diagram
 * calls this program.
 */
export function startTrace(script: string, console: boolean, diagram?: string): void {
  const sinks: Sink[] = [];
  if (console) sinks.push(consoleTrace());
  if (diagram !== undefined) sinks.push(diagramTrace(script, diagram));
  observe({
    wire: (event) => sinks.forEach((sink) => sink(event)),
    framing(event) {
      for (const note of notes(event)) sinks.forEach((sink) => sink(note));
    },
  });
}

function diagramTrace(script: string, path: string): Sink {
  const { state } = Deno.permissions.querySync({ name: "write", path });
  if (state !== "granted") {
    throw new PermissionNeeded("--trace-diagram", `--allow-write=${quoted(path)}`);
  }
  try {
    return /\.svg$/i.test(path) ? svgTrace(script, path) : mermaidTrace(script, path);
  } catch (error) {
    throw new Failure(`--trace-diagram can't write ${path}: ${explain(error)}`);
  }
}
