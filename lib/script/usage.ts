// How a script is started, and what `--help` prints.

import { about } from "../exercises.ts";
import { type Defaults, FLAGS, type FlagValues } from "./flags.ts";

/** Whether it is sockets.ts that was started, and runs the script. `deno task compile` makes a .js of it. */
const throughSockets = /\/sockets\.[jt]s$/.test(Deno.mainModule);

/** How to start a script from the command line. */
export function command(name: string): string {
  if (Deno.build.standalone) return throughSockets ? `sockets ${name}` : name;
  return `deno run --allow-net scripts/${throughSockets ? `sockets.ts ${name}` : `${name}.ts`}`;
}

/** The usage text of a script with those flags; `positional` is how its arguments are shown. */
export function usage(script: string, flags: Defaults, positional?: string): string {
  const lines = [
    about(script) ?? script,
    "",
    `usage: ${command(script)} [flags]${positional ? ` ${positional}` : ""}`,
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
  line("--trace-diagram FILE", "write it as a Mermaid sequence diagram");
  line("--help", "this text");
  return lines.join("\n");
}
