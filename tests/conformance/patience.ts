// How long the checker waits: a clock that counts only the time in which this machine let programs run.

/** Between two ticks, in milliseconds. */
const TICK = 50;

/**
 * A clock that stands still while the machine does. It ticks as often as it is let; where a tick comes
 * late, the processors had no time for the checker, nor for the program that it checks (the machine was
 * suspended, or swaps, or is busy): of that time only a little counts.
 */
export class FairClock implements Disposable {
  #time = 0;
  #looked = performance.now();
  readonly #timer = setInterval(() => this.#look(), TICK);

  /** Milliseconds since it began, those aside in which nothing could run. */
  get now(): number {
    this.#look();
    return this.#time;
  }

  #look() {
    const now = performance.now();
    this.#time += Math.min(now - this.#looked, 2 * TICK);
    this.#looked = now;
  }

  [Symbol.dispose]() {
    clearInterval(this.#timer);
  }
}
