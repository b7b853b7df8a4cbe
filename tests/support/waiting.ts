// Waiting for events, and giving up in the end. Whatever happens to a peer or to a program calls
// `notify` of a Watch, and whoever waits looks again whether it is what they wait for: so nothing is
// slept through, and nothing missed.

import { AssertionError } from "@std/assert";

/** How long an event may take on a busy machine before a test gives up, in milliseconds. */
export const LIMIT = 30_000;

/** Between two looks at what tells of no change by itself, in milliseconds. */
const LOOK_GAP = 20;

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits for a promise, but no longer than that many milliseconds: then it gives undefined. */
export async function settled<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), Math.max(0, ms));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs `work`, and throws when it takes longer than that many milliseconds. */
export async function within<T>(ms: number, what: string, work: () => Promise<T>): Promise<T> {
  const done = await settled(work().then((value) => ({ value })), ms);
  if (done) return done.value;
  throw new AssertionError(`waited ${ms / 1000} s for ${what}`);
}

/**
 * Looks again and again until `look` gives something, for what tells of no change by itself: /proc, a
 * screen, a process list. Throws when that takes longer than LIMIT; `what` may be a text made then.
 */
export async function eventually<T>(
  what: string | (() => string),
  look: () => T | Promise<T>,
): Promise<NonNullable<T>> {
  const end = performance.now() + LIMIT;
  while (true) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found;
    if (performance.now() > end) {
      throw new AssertionError(
        `waited ${LIMIT / 1000} s for ${typeof what === "string" ? what : what()}`,
      );
    }
    await sleep(LOOK_GAP);
  }
}

/** Tells those who wait that something happened. */
export class Watch {
  #changed = Promise.withResolvers<void>();

  /** Something happened: all who wait look again. */
  notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }

  /** Settles when something happens next. */
  get changed(): Promise<void> {
    return this.#changed.promise;
  }

  /**
   * Waits until `look` gives something, and returns that; undefined when `deadline` has passed, in
   * milliseconds of `performance.now()`. What `look` throws, it throws.
   */
  async until<T>(look: () => T | undefined, deadline: number): Promise<T | undefined> {
    while (true) {
      const changed = this.changed;
      const found = look();
      if (found !== undefined) return found;
      const left = deadline - performance.now();
      if (left <= 0) return undefined;
      await settled(changed, left);
    }
  }
}
