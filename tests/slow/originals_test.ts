// The course's Python programs under the specs: right in all that the course asks for, and wrong where
// originals/README.md says what goes wrong in them.

import { assert, assertEquals } from "@std/assert";
import { type Exercise, gradeOf } from "../conformance/spec.ts";
import { EXERCISES } from "../conformance/specs/all.ts";
import { noOriginals } from "../support/originals.ts";
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

/** Originals whose file is not called like our script. */
const FILES: Record<string, string> = {
  cinema: "report1_cinema",
  membership: "report2_membership",
};

/** Programs that the course describes and does not print: they are written after its description. */
const PAGE_003 = ["my_server", "my_client"];

/** The command that runs an original, on the port that the checker chooses. */
function original({ script, port, args, host }: Exercise): string[] {
  const literals: Record<string, string> = {};
  if (port !== undefined && !args) literals[port] = "{port}";
  if (host !== undefined) literals["<broadcast>"] = "{host}";
  return [
    "python3",
    "tests/support/run_original.py",
    PAGE_003.includes(script)
      ? `tests/conformance/page_003/${script}.py`
      : `${Deno.env.get("PYTHON_ORIGINALS")}/${FILES[script] ?? script}.py`,
    JSON.stringify(literals),
  ];
}

Deno.test({
  name: "the originals pass every course spec, and fail the stream specs that are predicted" +
    (noOriginals ? ` (skipped: ${noOriginals})` : ""),
  ignore: noOriginals !== undefined,
  fn: async (t) => {
    const checked = EXERCISES.filter(({ name }) => name in ORIGINALS);
    assertEquals(checked.map(({ name }) => name).sort(), Object.keys(ORIGINALS).sort());
    await stepForEach(t, checked, ({ name }) => name, async (exercise) => {
      const predicted = ORIGINALS[exercise.name]!; // filtered so
      const ids = exercise.specs.filter((spec) => gradeOf(spec) === "stream").map(({ id }) => id);
      assert(
        predicted.every((id) => ids.some((each) => each === id)),
        "only stream specs may fail",
      );
      assertFails(await checkAll(exercise, original(exercise), predicted), predicted);
    });
  },
});
