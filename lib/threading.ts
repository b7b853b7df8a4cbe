// Python's `threading.Thread`, as far as the course uses it: a class whose `run` goes on in the
// background. Here it is an async function on the one event loop; only an `await` lets others run.

import { report } from "./console.ts";
import { explain, SocketClosed } from "./errors.ts";

/** A client that a thread serves: a MessageSocket. */
interface Client {
  /** Its address for people. */
  readonly peer: string;
  close(): Promise<void>;
}

/**
 * Something that runs in the background: the target, or `run` of a subclass.
 *
 * @example
 * ```ts
 * import type { MessageSocket } from "./socket.ts";
 * import { Thread } from "./threading.ts";
 *
 * function serve(c: MessageSocket) {
 *   new Thread(c, async () => {
 *     c.send(await c.recv() ?? "");
 *     c.close();
 *   }).start(); // and goes on without waiting for it
 * }
 * ```
 */
export class Thread {
  readonly #client: Client | undefined;
  readonly #target: (() => Promise<void>) | undefined;

  /**
   * `new Thread(work)` is Python's `threading.Thread(target=work)`. A thread that serves a client is given
   * it first: should the thread fail, the client is told goodbye.
   */
  constructor(first?: Client | (() => Promise<void>), target?: () => Promise<void>) {
    if (typeof first === "function") this.#target = first;
    else [this.#client, this.#target] = [first, target];
  }

  /** What the thread does. */
  async run(): Promise<void> {
    await this.#target?.();
  }

  /**
   * Begins `run` and goes on without waiting for it. When it fails, that costs the client that it serves;
   * without one it ends the program, as an error in main does.
   */
  start(): Promise<void> {
    return this.run().catch((error: unknown) => this.#failed(error));
  }

  async #failed(error: unknown) {
    if (error instanceof SocketClosed) return; // this program closed it, as Python's daemon threads end
    if (this.#client === undefined) throw error;
    report(`${this.#client.peer} dropped: ${explain(error)}`);
    await this.#client.close();
  }
}
