// The other end of a TCP connection, for tests: sends bytes as they are, and keeps all that comes.

import { AssertionError } from "@std/assert";
import { LIMIT, within } from "./program.ts";

const HOST = "127.0.0.1";

/** A raw TCP connection. `using peer = await Peer.connect(port)` closes it with the test. */
export class Peer implements Disposable {
  /** All that came so far. */
  text = "";
  /** How the other end ended it, if it did. */
  end: "closed" | "reset" | undefined;
  #changed = Promise.withResolvers<void>();
  #closed = false;

  constructor(readonly conn: Deno.TcpConn, reads = true) {
    conn.setNoDelay(true);
    if (reads) this.#read();
  }

  static async connect(port: number): Promise<Peer> {
    return new Peer(await Deno.connect({ hostname: HOST, port }));
  }

  /** One that reads nothing: closing it resets the connection where something came. */
  static async deaf(port: number): Promise<Peer> {
    return new Peer(await Deno.connect({ hostname: HOST, port }), false);
  }

  /** This end's address, as the program under test sees it. */
  get address(): string {
    const { hostname, port } = this.conn.localAddr;
    return `${hostname}:${port}`;
  }

  async send(text: string | Uint8Array): Promise<void> {
    let bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    while (bytes.length > 0) bytes = bytes.subarray(await this.conn.write(bytes));
  }

  /** Waits until what came matches. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    return await this.#until(`${pattern}`, () => pattern.exec(this.text));
  }

  /** Waits until the other end has ended the connection: all that came. */
  async ended(): Promise<string> {
    await this.#until("the end of the connection", () => this.end);
    return this.text;
  }

  /** Closes this end. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.conn.close();
  }

  [Symbol.dispose]() {
    this.close();
  }

  async #read() {
    const decoder = new TextDecoder();
    const buffer = new Uint8Array(65536);
    try {
      for (let count; (count = await this.conn.read(buffer)) !== null;) {
        this.text += decoder.decode(buffer.subarray(0, count), { stream: true });
        this.#wake();
      }
      this.end = "closed";
    } catch {
      this.end = "reset"; // or closed by the test, which then asks no more
    }
    this.#wake();
  }

  #wake() {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  #until<T>(what: string, check: () => T | null | undefined): Promise<T> {
    return within(LIMIT, what, async () => {
      while (true) {
        const found = check();
        if (found) return found;
        if (this.end) throw new AssertionError(`${this.end} without ${what}: ${this.text}`);
        await this.#changed.promise;
      }
    });
  }
}

/** A server that does only what the test says. */
export class PeerListener implements Disposable {
  readonly #listener = Deno.listen({ hostname: HOST, port: 0 });

  get port(): number {
    return this.#listener.addr.port;
  }

  async accept(): Promise<Peer> {
    return new Peer(await within(LIMIT, "a client", () => this.#listener.accept()));
  }

  [Symbol.dispose]() {
    this.#listener.close();
  }
}
