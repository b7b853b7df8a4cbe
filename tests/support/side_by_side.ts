// Work for several programs at the same time: most of it is waiting. A few at once, and no more: all of
// them should be served on a machine of two cores.

/** How many at the same time. */
const AT_ONCE = 4;

/** Does `work` for each item, `atOnce` at the same time. Waits for all; throws the first failure. */
export async function sideBySide<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  atOnce = AT_ONCE,
): Promise<void> {
  const waiting = items.values();
  const outcomes = await Promise.allSettled(Array.from({ length: atOnce }, async () => {
    for (const item of waiting) await work(item);
  }));
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}

/** The same with a step of the test for each item; it is skipped where something is `missing` for it. */
export async function stepForEach<T>(
  t: Deno.TestContext,
  items: readonly T[],
  name: (item: T) => string,
  work: (item: T) => Promise<void>,
  missing: (item: T) => string | undefined = () => undefined,
): Promise<void> {
  await sideBySide(items, async (item) => {
    const lacks = missing(item);
    await t.step({
      name: name(item) + (lacks === undefined ? "" : ` (skipped: ${lacks})`),
      ignore: lacks !== undefined,
      fn: () => work(item),
      // Steps that run at the same time can't tell whose each operation is.
      sanitizeOps: false,
      sanitizeResources: false,
      sanitizeExit: false,
    });
  });
}
