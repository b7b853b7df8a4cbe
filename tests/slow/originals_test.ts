// The course's Python programs under the specs: right in all that the course asks for, and wrong where
// originals/README.md says what goes wrong in them.

import { assert, assertEquals } from "@std/assert";
import { type Exercise, gradeOf } from "../conformance/spec.ts";
import { EXERCISES } from "../conformance/specs/all.ts";
import { noOriginals, originalFile } from "../support/originals.ts";
import { Program } from "../support/program.ts";
import { PYTHON } from "../support/python.ts";
import { stepForEach } from "../support/side_by_side.ts";
import { assertFails, checkAll } from "../support/specs.ts";

/** The originals, with the specs that each fails, as originals/README.md tells and measurement agrees. */
const ORIGINALS: Record<string, string[]> = {
  cinema_server: [
    "stream.seat-7",
    "stream.seat-negative",
    "stream.seat-no-number",
    "stream.no-film",
    "stream.own-film",
    "stream.split-character",
    "stream.half-close",
    "stream.silent",
    "stream.close",
    "stream.reset",
    "stream.invalid",
  ],
  cinema_client: ["stream.split-character"],
  membership_server: [
    "stream.comma",
    "stream.no-comma",
    "stream.split-character",
    "stream.half-close",
    "stream.silent",
    "stream.close",
    "stream.reset",
    "stream.invalid",
  ],
  membership_client: ["stream.split-character"],
  case_server: [
    "stream.merged",
    "stream.merged-digit",
    "stream.split",
    "stream.split-character",
    "stream.half-close",
    "stream.silent",
    "stream.reset",
    "stream.invalid",
  ],
  case_client: ["stream.split-character"],
  soc1_server: ["stream.split-character"],
  soc1_client: [],
  soc2_server: ["stream.split-character", "stream.silent", "stream.reset", "stream.invalid"],
  soc2_client: ["stream.split-character"],
  chat_server: [
    "stream.split-character",
    "stream.close",
    "stream.half-close",
    "stream.reset",
    "stream.slow-reader",
  ],
  chat_client: ["stream.split-character", "stream.close"],
  chat_server_no_echo: [
    "stream.split-character",
    "stream.close",
    "stream.half-close",
    "stream.reset",
    "stream.slow-reader",
  ],
  chat_client_args: ["stream.split-character", "stream.close"],
  json_server: [
    "stream.split",
    "stream.split-character",
    "stream.merged",
    "stream.half-close",
    "stream.no-json",
    "stream.deep",
    "stream.silent",
    "stream.close",
    "stream.reset",
    "stream.invalid",
  ],
  json_client: ["stream.split"],
  my_server: [
    "stream.split-character",
    "stream.close",
    "stream.half-close",
    "stream.reset",
    "stream.slow-reader",
  ],
  my_client: ["stream.split-character", "stream.close", "stream.end-of-input"],
  listener: [],
  notify: [],
  broadcaster: [],
  receiver: [],
  caller: [],
  callee: [],
};

const CHECKED = EXERCISES.filter(({ name }) => name in ORIGINALS);

/** Originals whose file is not called like our script. */
const FILES: Record<string, string> = {
  cinema: "report1_cinema",
  membership: "report2_membership",
};

/** Programs that the course describes and does not print: they are written after its description. */
const PAGE_003 = ["my_server", "my_client"];

/** The original's file. */
function fileOf({ script }: Exercise): string {
  return PAGE_003.includes(script)
    ? `tests/conformance/page_003/${script}.py`
    : originalFile(`${FILES[script] ?? script}.py`);
}

/**
 * A machine of its own, so that an original may have the port that it is written for, and broadcast: root
 * can make one on Linux. What follows is run in it.
 */
const MACHINE = `
set -e
ip link set lo up
ip link add eth0 type veth peer name eth1
ip link set eth0 up
ip link set eth1 up
ip address add 10.9.9.9/24 dev eth0
ip route add default dev eth0
exec "$@"
`;

const inMachine = (...command: string[]) => ["-n", "sh", "-c", MACHINE, "sh", ...command];

async function noMachine(): Promise<string | undefined> {
  try {
    const { success } = await new Deno.Command("unshare", { args: inMachine("true") }).output();
    return success ? undefined : "no network namespace can be made here";
  } catch {
    return "there is no unshare";
  }
}

/** The specs that the checker, in a machine of its own, finds not passed by the original as it is. */
async function notPassed(exercise: Exercise, ids: readonly string[], timeout: number) {
  if (ids.length === 0) return [];
  const task = [Deno.execPath(), "run", "--allow-all", ".tasks/check.ts", exercise.name];
  const args = inMachine(
    ...[...task, ...ids, "--json", "--timeout", `${timeout}`, "--", PYTHON, fileOf(exercise)],
  );
  const options = { env: { INIT_CWD: Deno.cwd() }, limit: 600_000 };
  await using check = new Program(`check of ${exercise.name}`, "unshare", args, options);
  const { stdout, stderr } = await check.ended();
  assertEquals(stderr.replaceAll(/^check: waiting, .*\n/gm, ""), "");
  const { specs } = JSON.parse(stdout).exercises[0];
  assertEquals(specs.length, ids.length);
  return specs.filter(({ outcome }: { outcome: string }) => outcome !== "passed");
}

/** What has to be replaced in an original where it can't have a machine of its own. */
function replaced({ port, args, host }: Exercise): Record<string, string> {
  const literals: Record<string, string> = {};
  if (port !== undefined && !args) literals[port] = "{port}";
  if (host !== undefined) literals["<broadcast>"] = "{host}";
  return literals;
}

const obstacle = noOriginals ?? await noMachine();

Deno.test({
  name:
    "the originals, unchanged, pass every course spec, and fail the stream specs that are predicted" +
    (obstacle ? ` (skipped: ${obstacle})` : ""),
  ignore: obstacle !== undefined,
  fn: async (t) => {
    await stepForEach(t, CHECKED, ({ name }) => name, async (exercise) => {
      const predicted = ORIGINALS[exercise.name]!; // filtered so
      const ids = exercise.specs.map(({ id }) => id);
      const passing = ids.filter((id) => !predicted.includes(id));
      assertEquals(await notPassed(exercise, passing, 30), []);
      const failed = await notPassed(exercise, predicted, 2);
      assertEquals(failed.map(({ id }: { id: string }) => id), predicted);
    });
  },
});

Deno.test({
  name: "the originals with their ports replaced do the same" +
    (noOriginals ? ` (skipped: ${noOriginals})` : ""),
  // Where they can be run as they are, this is tested already.
  ignore: noOriginals !== undefined || obstacle === undefined,
  fn: async (t) => {
    const name = (exercise: Exercise) =>
      `${exercise.name} (replaced: ${Object.keys(replaced(exercise)).join(", ") || "nothing"})`;
    await stepForEach(t, CHECKED, name, async (exercise) => {
      const predicted = ORIGINALS[exercise.name]!; // filtered so
      const literals = JSON.stringify(replaced(exercise));
      const command = [PYTHON, "tests/support/run_original.py", fileOf(exercise), literals];
      assertFails(await checkAll(exercise, command, predicted), predicted);
    });
  },
});

Deno.test("what is predicted of the originals is of exercises and stream specs that there are", () => {
  assertEquals(CHECKED.map(({ name }) => name).sort(), Object.keys(ORIGINALS).sort());
  for (const { name, specs } of CHECKED) {
    const ids = specs.filter((spec) => gradeOf(spec) === "stream").map(({ id }) => id);
    for (const id of ORIGINALS[name]!) assert(ids.some((each) => each === id), `${name} ${id}`);
  }
});
