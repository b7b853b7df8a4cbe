// What a server keeps: values under keys, each key taken once. In memory, or in the file of --data.

/**
 * Values under keys. Where they stand in a file, all of this settles when the disk has it, and throws a
 * Failure where it does not, or where the file is not in its place any more.
 */
export interface Table {
  /** The value of a key, or undefined. */
  get(key: string): Promise<string | undefined>;
  /** Takes a key for a value, in one step. False where the key is taken already: its value stays. */
  add(key: string, value: string): Promise<boolean>;
  /** Gives a key that value, whatever it had. */
  set(key: string, value: string): Promise<void>;
}

/** A table that lasts as long as the program. */
class MemoryTable implements Table {
  readonly #values = new Map<string, string>();

  get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.#values.get(key));
  }

  add(key: string, value: string): Promise<boolean> {
    const free = !this.#values.has(key);
    if (free) this.#values.set(key, value);
    return Promise.resolve(free);
  }

  set(key: string, value: string): Promise<void> {
    this.#values.set(key, value);
    return Promise.resolve();
  }
}

/**
 * The table of that name: in the file, which may hold several, or in memory where none is given.
 * Throws a Failure where the file can't be used.
 */
export async function openTable(name: string, file?: string): Promise<Table> {
  if (file === undefined) return new MemoryTable();
  const { openTableFile } = await import("./table/file.ts"); // SQLite, which most programs never need
  return (await openTableFile(file)).table(name);
}
