// Where keys come from: the one place that knows how each system hands them over. Keys arrive one by one
// and unseen while it is open; otherwise the terminal is as the shell left it.

import { NotUtf8 } from "../errors.ts";

/** The keys of the terminal. */
export class Keyboard {
  readonly #buffer = new Uint8Array(4096);
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #open = false;

  /** `resumed` is called when the program goes on after Ctrl+Z and `fg`. */
  constructor(resumed: () => void) {
    Deno.addSignalListener("SIGCONT", () => {
      if (this.#open) Deno.stdin.setRaw(true, { cbreak: true });
      resumed();
    });
  }

  /** From here on keys arrive one by one. Keys that make signals go on to make them. */
  open(): void {
    if (!this.#open) this.#setRaw(true);
  }

  /** Gives the terminal back. */
  close(): void {
    if (this.#open) this.#setRaw(false);
  }

  /** What has been typed since, or null at the end of input. Throws NotUtf8. */
  async read(): Promise<string | null> {
    // An error says that the terminal is gone, which is an end of input too.
    const count = await Deno.stdin.read(this.#buffer).catch(() => null);
    if (count === null) return null;
    try {
      return this.#decoder.decode(this.#buffer.subarray(0, count), { stream: true });
    } catch {
      throw new NotUtf8();
    }
  }

  #setRaw(raw: boolean) {
    this.#open = raw;
    try {
      Deno.stdin.setRaw(raw, { cbreak: true });
    } catch {
      // The terminal is gone: nothing to set.
    }
  }
}
