// The specs of tests/conformance, run against our scripts, and against servers that are broken on purpose.
// (Against the originals, and against programs that are right in another way: slow/.)

import type { Exercise } from "./conformance/spec.ts";
import { EXERCISES } from "./conformance/specs/all.ts";
import { BROKEN_SERVERS, brokenCommand, brokenName } from "./support/broken.ts";
import { noProc } from "./support/needs.ts";
import { stepForEach } from "./support/side_by_side.ts";
import { assertFails, checkAll } from "./support/specs.ts";

/** The command that runs our script for an exercise. */
function script({ script, port, args, host }: Exercise): string[] {
  return [
    ...[Deno.execPath(), "run", "--no-prompt", "--allow-net", `scripts/${script}.ts`],
    ...(port === undefined || args ? [] : ["--port", "{port}"]),
    ...(host === undefined ? [] : ["--host", "{host}"]),
  ];
}

Deno.test("our scripts pass every spec of every grade", async (t) => {
  await stepForEach(t, EXERCISES, ({ name }) => name, async (exercise) => {
    assertFails(await checkAll(exercise, script(exercise)), []);
  });
});

Deno.test("each broken server is caught by the spec meant for it", async (t) => {
  const broken = BROKEN_SERVERS.filter(({ failing }) => failing.length > 0);
  await stepForEach(t, broken, brokenName, async (broken) => {
    const { exercise, failing } = broken;
    const meant = exercise.specs.filter(({ id }) => failing.includes(id));
    assertFails(await checkAll(exercise, brokenCommand(broken), failing, meant), failing);
  }, ({ bug }) => bug === "spins" ? noProc : undefined); // which shows whether a program runs
});
