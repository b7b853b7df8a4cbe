// The specs of tests/conformance, run against programs that are right, and do what they may do otherwise.

import { gradeOf } from "../conformance/spec.ts";
import { testUnless } from "../support/needs.ts";
import { noPython } from "../support/python.ts";
import { stepForEach } from "../support/side_by_side.ts";
import { assertFails, checkAll } from "../support/specs.ts";
import { TOLERANT } from "../support/tolerant.ts";

testUnless(
  noPython,
  "programs that are right pass every course spec, whatever else they do, and say the same",
  async (t) => {
    await stepForEach(t, TOLERANT, ({ exercise }) => exercise.name, async (tolerant) => {
      const { exercise, command } = tolerant;
      const specs = exercise.specs.filter((spec) => gradeOf(spec) !== "stream");
      assertFails(await checkAll(exercise, command, [], specs), []);
    });
  },
);
