// The scripts as Windows runs them: Deno's own deno.exe in Wine, in the folder that DENO_WINDOWS names
// (`DENO_WINDOWS=$(.ci/windows) deno test --allow-all tests/windows_test.ts`).

import { Program, type StartOptions } from "./program.ts";
import type { Terminal } from "./terminal.ts";

const folder = Deno.env.get("DENO_WINDOWS");

/** Why tests that need Windows are skipped; undefined where they run. */
export const noWindows: string | undefined = folder
  ? undefined
  : "DENO_WINDOWS is not set, see .ci/windows";

/** Wine takes a second to start Deno, and more where other tests run too. */
const SLOW = 120_000;

/** How deno.exe runs a script. Linux's Deno has checked its types and fetched its modules. */
const RUN = ["run", "--no-prompt", "--no-check", "--cached-only", "--allow-net"];

// Wine finds no certificates to fetch anything with.
if (folder) {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["cache", "scripts/sockets.ts"],
    env: { DENO_DIR: `${folder}/filled` },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** One of our scripts on Windows, started as a program whose input and output are pipes. */
export function onWindows(name: string, args: string[] = [], options: StartOptions = {}): Program {
  const command = [...RUN, scriptPath(name), ...args];
  return new Program(`${name} on Windows`, `${folder}/run`, command, { limit: SLOW, ...options });
}

/**
 * One of our scripts at a Windows console, which is that terminal: what is typed there comes as from a
 * keyboard of Windows, and the screen shows what its console does.
 */
export async function startAtConsole(
  terminal: Terminal,
  name: string,
  args: string[] = [],
): Promise<void> {
  const command = [`${folder}/run`, ...RUN, scriptPath(name), ...args];
  await terminal.start(name, [], command.map((word) => `'${word}'`).join(" "));
}

function scriptPath(name: string): string {
  return name.includes("/") ? name : `scripts/${name}.ts`;
}
