// Where keys come from: the one place that knows how each system hands them over. Keys arrive one by one
// and unseen while it is open; otherwise the terminal is as the shell left it.

import { NotUtf8 } from "../errors.ts";

/** The keys of the terminal. */
export interface Keyboard {
  /** From here on keys arrive one by one. */
  open(): void;
  /** Gives the terminal back. */
  close(): void;
  /** What has been typed since, or null at the end of input. Throws NotUtf8. */
  read(): Promise<string | null>;
}

/** The keyboard of this system. `resumed` is called when the program goes on after Ctrl+Z and `fg`. */
export async function keyboard(resumed: () => void): Promise<Keyboard> {
  if (Deno.build.os !== "windows") return new PosixKeyboard(resumed);
  const { ReadStream } = await import("node:tty");
  return new WindowsKeyboard(new ReadStream(0));
}

/** Linux and macOS: bytes of stdin. Ctrl+C and others go on to make signals. */
class PosixKeyboard implements Keyboard {
  readonly #buffer = new Uint8Array(4096);
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #open = false;

  constructor(resumed: () => void) {
    Deno.addSignalListener("SIGCONT", () => {
      if (this.#open) Deno.stdin.setRaw(true, { cbreak: true });
      resumed();
    });
  }

  open(): void {
    if (!this.#open) this.#setRaw(true);
  }

  close(): void {
    if (this.#open) this.#setRaw(false);
  }

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

/** What is used here of a ReadStream of node:tty. */
interface ConsoleStream {
  setEncoding(encoding: "utf8"): unknown;
  setRawMode(raw: boolean): unknown;
  on(event: "data", listener: (text: string) => void): unknown;
  on(event: "end", listener: () => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/**
 * Windows: Deno.stdin gives what is typed in the console's code page, in which most of Unicode is `?`
 * (denoland/deno#18240). ReadStream reads the console's own key events, in UTF-16, and loses none.
 */
class WindowsKeyboard implements Keyboard {
  readonly #stream: ConsoleStream;
  #typed = "";
  #ended = false;
  #wake = () => {};

  constructor(stream: ConsoleStream) {
    this.#stream = stream;
    stream.setEncoding("utf8");
    stream.on("data", (text) => {
      // Ctrl+C makes no signal here. As elsewhere it takes with it what was typed before.
      this.#typed = text.includes("\x03") ? "\x03" : this.#typed + text;
      this.#wake();
    });
    stream.on("end", () => {
      this.#ended = true;
      this.#wake();
    });
    // Deno gives the console back by itself on other systems only.
    addEventListener("unload", () => this.close());
  }

  open(): void {
    this.#stream.setRawMode(true);
    this.#stream.resume();
  }

  close(): void {
    this.#stream.setRawMode(false);
    this.#stream.pause();
  }

  async read(): Promise<string | null> {
    while (this.#typed === "" && !this.#ended) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const typed = this.#typed;
    this.#typed = "";
    return typed === "" ? null : typed;
  }
}
