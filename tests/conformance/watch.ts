// Waiting for events: whatever happens to a peer or to the program calls `notify`, and whoever waits
// looks again whether it is what he waits for. So nothing is slept through, and nothing missed.

/** One for each run of a spec. */
export class Watch {
  #changed = Promise.withResolvers<void>();

  /** Something happened: all who wait look again. */
  notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }

  /**
   * Waits until `look` gives something, and returns that; undefined when `deadline` has passed, in
   * milliseconds of `performance.now()`. What `look` throws, it throws.
   */
  async until<T>(look: () => T | undefined, deadline: number): Promise<T | undefined> {
    while (true) {
      const changed = this.#changed.promise;
      const found = look();
      if (found !== undefined) return found;
      const left = deadline - performance.now();
      if (left <= 0) return undefined;
      await within(changed, left);
    }
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits for a promise, but no longer than that many milliseconds: then it gives undefined. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), Math.max(0, ms));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
