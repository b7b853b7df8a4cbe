// Programs that are right and word what they say at the console otherwise than the course's: no spec fails,
// and that they differ is told.

import { assert, assertEquals } from "@std/assert";
import { gradeOf } from "../conformance/spec.ts";
import { noShell, testUnless } from "../support/needs.ts";
import { noPython } from "../support/python.ts";
import { stepForEach } from "../support/side_by_side.ts";
import { checkAll } from "../support/specs.ts";
import { TOLERANT } from "../support/tolerant.ts";

testUnless(
  noPython ?? noShell,
  "what is worded otherwise fails no spec, and is told",
  async (t) => {
    const told: string[] = [];
    await stepForEach(t, TOLERANT, ({ exercise }) => exercise.name, async (tolerant) => {
      const { exercise, command } = tolerant;
      const otherwise = ["env", "OTHERWISE=1", ...command];
      const course = exercise.specs.filter((spec) => gradeOf(spec) === "course");
      const wording = exercise.specs.filter((spec) => gradeOf(spec) === "wording");
      for (const { spec, outcome } of (await checkAll(exercise, otherwise, [], course)).results) {
        assertEquals([spec.id, outcome], [spec.id, "passed"]);
      }
      // What differs waits out its limit: take the short one.
      const ids = wording.map(({ id }) => id);
      for (const { spec, outcome } of (await checkAll(exercise, otherwise, ids, wording)).results) {
        assert(outcome === "passed" || outcome === "differs", `${spec.id} ${outcome}`);
        if (outcome === "differs") told.push(`${exercise.name} ${spec.id}`);
      }
    });
    for (const name of ["case_client", "chat_client", "chat_server", "json_server", "my_server"]) {
      assert(told.some((each) => each.startsWith(`${name} wording.`)), `${name}: ${told}`);
    }
  },
);
