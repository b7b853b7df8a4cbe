// An account as people and programs write it in one text: `id:password` or `id,password`.

/** The longest id, in UTF-16 units. What is longer is not kept. */
export const ID_LIMIT = 100;
/** The longest password, the same way. */
export const PASSWORD_LIMIT = 1000;

/** Who logs in, and the secret that proves it. */
export interface Account {
  readonly id: string;
  readonly password: string;
}

/**
 * The account that a text stands for, split at the first separator: a password may hold more of them.
 * Undefined where there is none, or where id or password is empty or too long.
 */
export function parseAccount(text: string, separator: string): Account | undefined {
  const at = text.indexOf(separator);
  if (at < 0) return undefined;
  const [id, password] = [text.slice(0, at), text.slice(at + separator.length)];
  const fits = id !== "" && id.length <= ID_LIMIT && password !== "" &&
    password.length <= PASSWORD_LIMIT;
  return fits ? { id, password } : undefined;
}
