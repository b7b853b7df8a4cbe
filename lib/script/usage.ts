// What `--help` prints.

import { about, usesUdp } from "../exercises.ts";
import { type Defaults, FLAGS, type FlagValues } from "./flags.ts";
import { command } from "./running.ts";

/** The usage text of a script with those flags; `positional` is how its arguments are shown. */
export function usage(script: string, flags: Defaults, positional?: string): string {
  const lines = [
    about(script) ?? script,
    "",
    `usage: ${command(script, usesUdp(script))} [flags]${positional ? ` ${positional}` : ""}`,
    "",
  ];
  const line = (flag: string, help: string) => lines.push(`  ${flag.padEnd(24)} ${help}`);
  for (const [name, value] of Object.entries(flags)) {
    const { placeholder, help, absent } = FLAGS[name as keyof FlagValues]; // Object.entries forgets the type
    const wanted = value === undefined
      ? absent ?? "asked for, where not given"
      : `default ${value === Infinity ? "without end" : value}`;
    line(`--${name} ${placeholder}`, `${help} (${wanted})`);
  }
  line("--trace", "show what goes over the wire, on stderr");
  line("--trace-diagram FILE", "draw it: FILE.svg is a picture, FILE.mmd a Mermaid diagram");
  line("--help", "this text");
  return lines.join("\n");
}
