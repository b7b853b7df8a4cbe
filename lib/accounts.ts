// The accounts of a server: signing up and logging in, with passwords kept as hashes only
// (accounts/password.ts). Python's `userTable = dict()`, which kept them as they were typed.

import { input, inputSecret, report } from "./console.ts";
import type { Table } from "./table.ts";

/** The longest id and the longest password, in UTF-16 units. What is longer is not kept. */
const ID_LIMIT = 100;
const PASSWORD_LIMIT = 1000;
/** What makes an account, for the line that says so. */
export const ACCOUNT_LIMITS = `${ID_LIMIT} and ${PASSWORD_LIMIT} characters at most`;

/** Who logs in, and the secret that proves it. */
export interface Account {
  readonly id: string;
  readonly password: string;
}

/**
 * The account that a text stands for (`id,password`), split at the first separator: a password may hold
 * more of them. Undefined where there is none, or where id or password is empty or too long.
 */
export function parseAccount(text: string, separator: string): Account | undefined {
  const at = text.indexOf(separator);
  if (at < 0) return undefined;
  const account = { id: text.slice(0, at), password: text.slice(at + separator.length) };
  return isAccount(account) ? account : undefined;
}

/** Whether neither id nor password is empty or too long. */
export function isAccount({ id, password }: Account): boolean {
  const fits = (text: string, limit: number) => text !== "" && text.length <= limit;
  return fits(id, ID_LIMIT) && fits(password, PASSWORD_LIMIT);
}

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
