// Python's `threading.Thread`, as far as the course uses it: a class whose `run` goes on in the
// background. Here it is an async function on the one event loop; only an `await` lets others run.

import { explain, fatal } from "./cli.ts";
import { InputError, report } from "./console.ts";
import { ConnectionClosed, type MessageSocket } from "./message_socket.ts";
import { SocketClosed } from "./socket.ts";

/** Something that runs in the background: the target, or `run` of a subclass. */
export class Thread {
  /**
   * `new Thread(() => work(conn))` is Python's `threading.Thread(target=work, args=(conn,))`. `client`
   * is the one whom the thread serves, if there is one: when the thread fails, it is told goodbye.
   */
  constructor(readonly target?: () => Promise<void>, readonly client?: MessageSocket) {}

  /** What the thread does. */
  async run(): Promise<void> {
    await this.target?.();
  }

  /** Begins `run` and goes on without waiting for it. */
  start(): void {
    this.run().catch((error: unknown) => {
      if (error instanceof SocketClosed) return; // this program closed it itself, as Python's daemon threads end
      // A client whose server is gone, or whose user can't be heard any more.
      if (error instanceof ConnectionClosed || error instanceof InputError) return fatal(error);
      // It costs this connection, never the server.
      const { client } = this;
      report(`${client ? `${client.peer} dropped` : "a thread ended"}: ${explain(error)}`);
      client?.close();
    });
  }
}
