// A spec that is meant for one bug must not fail for another: each broken server passes all the rest.

import { BROKEN_SERVERS, brokenCommand, brokenName } from "../support/broken.ts";
import { stepForEach } from "../support/side_by_side.ts";
import { assertFails, checkAll } from "../support/specs.ts";

Deno.test("each broken server passes the specs that are not meant for its bug", async (t) => {
  await stepForEach(t, BROKEN_SERVERS, brokenName, async (broken) => {
    const { exercise, failing } = broken;
    const others = exercise.specs.filter(({ id }) => !failing.includes(id));
    assertFails(await checkAll(exercise, brokenCommand(broken), [], others), []);
  });
});
