// Upper and lower case as Python's str has them: `isupper`, `islower`, `capitalize`.
// `upper` and `lower` are JavaScript's toUpperCase and toLowerCase, which follow the same Unicode rules.

/**
 * Python's `str.isupper`: at least one letter has case, and every one that has is upper case. A title
 * case letter (`Dz` in one) is not.
 */
export function isUpper(text: string): boolean {
  return /\p{Uppercase}/u.test(text) && !/[\p{Lowercase}\p{Lt}]/u.test(text);
}

/** Python's `str.islower`: at least one letter has case, and every one that has is lower case. */
export function isLower(text: string): boolean {
  return /\p{Lowercase}/u.test(text) && !/[\p{Uppercase}\p{Lt}]/u.test(text);
}

/**
 * Python's `str.capitalize`: the first character in upper case, the rest in lower case. JavaScript has
 * no title case, which a few letters (`ǆ`) would need.
 */
export function capitalize(text: string): string {
  const [first = "", ...rest] = text;
  const [upper = "", ...more] = first.toUpperCase();
  return upper + (more.join("") + rest.join("")).toLowerCase();
}
