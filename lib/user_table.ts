// The accounts of a server: signing up and logging in, with passwords kept as hashes only.

import type { Account } from "./account.ts";
import { hashPassword, passwordMatches } from "./password.ts";
import { openTable, type Table } from "./table.ts";

/** The accounts of a server. */
export class UserTable {
  readonly #table: Table;
  /** Ids that are being signed up: hashing takes a while, and an id is taken from its beginning. */
  readonly #signingUp = new Set<string>();

  constructor(table: Table) {
    this.#table = table;
  }

  /** The accounts in that file, or new ones in memory. Throws a Failure where the file can't be used. */
  static async open(file?: string): Promise<UserTable> {
    return new UserTable(await openTable("accounts", file));
  }

  /** Signs up; false where the id is taken. Of several at the same instant exactly one succeeds. */
  async add({ id, password }: Account): Promise<boolean> {
    if (this.#signingUp.has(id) || this.#table.get(id) !== undefined) return false;
    this.#signingUp.add(id);
    try {
      return this.#table.add(id, await hashPassword(password));
    } finally {
      this.#signingUp.delete(id);
    }
  }

  /** Logs in: whether the password is right, or undefined where nobody has that id. */
  async check({ id, password }: Account): Promise<boolean | undefined> {
    const kept = this.#table.get(id);
    const matches = await passwordMatches(password, kept);
    return kept === undefined ? undefined : matches;
  }
}
