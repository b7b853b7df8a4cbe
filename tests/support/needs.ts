// What a test may need that not every system has: undefined where it is there, else the reason with which
// the test is skipped. (What more than one file needs; the rest stands beside the tests.)

const { os } = Deno.build;

/** Whether this Windows is Wine, which does a few things otherwise. */
export const inWine: boolean = os === "windows" && Deno.env.has("WINEPREFIX");

/** One program can only end another there, at once and with status 1: see `statusAfter`. */
export const noSignals: string | undefined = os === "windows"
  ? "Windows has no signals between programs"
  : undefined;

export const noShell: string | undefined = os === "windows" ? "Windows has no sh" : undefined;

export const noProc: string | undefined = os === "linux" ? undefined : "there is no /proc";

/**
 * What a command prints; undefined where it is not there, or fails. (Windows has a `python3` that only opens
 * its shop.)
 */
export async function outputOf(command: string, ...args: string[]): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command(command, { args }).output();
    return success ? new TextDecoder().decode(stdout) : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Whether a command is there, and works. */
export async function isInstalled(command: string, harmlessFlag: string): Promise<boolean> {
  return await outputOf(command, harmlessFlag) !== undefined;
}

/** A test that is skipped where something is missing; then its name says what. */
export function testUnless(
  missing: string | undefined,
  name: string,
  fn: (t: Deno.TestContext) => void | Promise<void>,
): void {
  const skipped = missing === undefined ? "" : ` (skipped: ${missing})`;
  Deno.test({ name: name + skipped, ignore: missing !== undefined, fn });
}

/** The exit status of one of our programs that was sent that signal. */
export function statusAfter(signal: "SIGINT" | "SIGTERM"): number {
  if (noSignals) return 1;
  return { SIGINT: 130, SIGTERM: 143 }[signal];
}
