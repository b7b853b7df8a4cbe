// What the program under test, here the test itself, writes to stderr.

const decoder = new TextDecoder();

/** Collects what goes to stderr until it is disposed of. */
export class Stderr implements Disposable {
  readonly lines: string[] = [];
  readonly #write = Deno.stderr.write;

  constructor() {
    Deno.stderr.write = (bytes) => {
      this.lines.push(...decoder.decode(bytes).split("\n").slice(0, -1));
      return Promise.resolve(bytes.length);
    };
  }

  [Symbol.dispose]() {
    Deno.stderr.write = this.#write;
  }
}
