// Python's `time` module, as far as the course uses it.

/** Waits that many seconds. Everything else goes on meanwhile. Python's `time.sleep`. */
export function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
