// What a server keeps: values under keys, each key taken once. In memory, or in the file of --data.

/** Values under keys. */
export interface Table {
  /** The value of a key, or undefined. */
  get(key: string): string | undefined;
  /**
   * Takes a key for a value, in one step. False where the key is taken already: its value stays. Where
   * the table stands in a file, it returns when the disk has it, and throws where it can't.
   */
  add(key: string, value: string): boolean;
}

/** A table that lasts as long as the program. */
class MemoryTable implements Table {
  readonly #values = new Map<string, string>();

  get(key: string): string | undefined {
    return this.#values.get(key);
  }

  add(key: string, value: string): boolean {
    if (this.#values.has(key)) return false;
    this.#values.set(key, value);
    return true;
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
