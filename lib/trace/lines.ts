// `--trace`: what happens on the wire as lines on stderr, in colour where that is a terminal and NO_COLOR
// is unset.

import { cyan, dim, green, red, setColorEnabled, yellow } from "@std/fmt/colors";
import { visible } from "../builtins.ts";
import { reportStyled } from "../console.ts";
import { count, dump, stopwatch } from "./dump.ts";
import type { Sink } from "./notes.ts";

/** Shows each event as a line, and its data below it. */
export function consoleTrace(): Sink {
  setColorEnabled(Deno.stderr.isTerminal() && !Deno.noColor);
  const elapsed = stopwatch();
  return ({ what, way, peer, text = "", data }) => {
    // What this program makes of the bytes takes no time on the wire.
    const time = what === "framing" || what === "drop" ? " ".repeat(11) : elapsed();
    const arrow = { in: "<-", out: "->", here: "  " }[way];
    const size = data ? `  ${count(data.length)} byte${data.length === 1 ? "" : "s"}` : "";
    const line = `${time}  ${what.padEnd(7)} ${arrow} ${peer}${size}`;
    const colour = { in: green, out: cyan, here: yellow }[way];
    const shown = what === "RST" || what === "failed" || what === "drop" ? red : colour;
    const rows = data ? dump(data).map((row) => `\n    ${row}`).join("") : "";
    reportStyled(shown(visible(text === "" ? line : `${line}  ${text}`)) + dim(rows));
  };
}
