// The accounts of a server: signing up and logging in, with passwords kept as hashes only
// (accounts/password.ts). Python's `userTable = dict()`, which kept them as they were typed.

import { type Account, ACCOUNT_LIMITS, ID_LIMIT, parseAccount } from "./account.ts";
import { input, inputSecret, report } from "./console.ts";
import type { Table } from "./table.ts";

/** An account that was not given with --user, asked for at the console until it is whole. */
export async function askAccount(): Promise<Account> {
  while (true) {
    const id = await input("Input ID : ");
    const account = parseAccount(`${id}:${await inputSecret("Input password : ")}`, ":");
    if (account?.id === id) return account;
    report(`an ID without a colon and a password are needed, ${ACCOUNT_LIMITS}`);
  }
}

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
    const { openTable } = await import("./table.ts");
    return new UserTable(await openTable("accounts", file));
  }

  /** Signs up; false where the id is taken. Of several at the same instant exactly one succeeds. */
  async add({ id, password }: Account): Promise<boolean> {
    if (this.#signingUp.has(id)) return false;
    this.#signingUp.add(id);
    try {
      if (await this.#table.get(id) !== undefined) return false;
      const { hashPassword } = await import("./accounts/password.ts");
      return await this.#table.add(id, await hashPassword(password));
    } finally {
      this.#signingUp.delete(id);
    }
  }

  /** Logs in: whether the password is right, or undefined where nobody has that id. */
  async check({ id, password }: Account): Promise<boolean | undefined> {
    const kept = await this.#table.get(id);
    const { passwordMatches } = await import("./accounts/password.ts"); // most programs never need it
    const matches = await passwordMatches(password, kept);
    return kept === undefined ? undefined : matches;
  }

  /** Changes the password of an id. */
  async change({ id, password }: Account): Promise<void> {
    const { hashPassword } = await import("./accounts/password.ts");
    await this.#table.set(id, await hashPassword(password));
  }

  /** The accounts that a text may stand for which is an id and a password with nothing between them. */
  async split(text: string): Promise<Account[]> {
    const accounts: Account[] = [];
    for (let at = 1; at < text.length && at <= ID_LIMIT; at++) {
      const account = { id: text.slice(0, at), password: text.slice(at) };
      if (await this.#table.get(account.id) !== undefined) accounts.push(account);
    }
    return accounts;
  }
}
