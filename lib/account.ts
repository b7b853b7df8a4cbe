// One account as it is typed or sent, an id and a password in one text, and what may be kept of it. The
// table of them is in accounts.ts, which most programs never load.

/** The longest id and the longest password, in UTF-16 units. What is longer is not kept. */
export const ID_LIMIT = 100;
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
