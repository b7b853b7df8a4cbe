// Python's `int(text)`: which texts are whole numbers, and which number they are.

/**
 * The whole number that a text stands for, or undefined where Python's `int` raises ValueError. As in
 * Python there may be spaces around, a sign, and underscores between digits. Digits are 0 to 9 only;
 * Python takes those of other scripts too.
 */
export function int(text: string): number | undefined {
  const digits = text.trim();
  return /^[+-]?\d+(_\d+)*$/.test(digits) ? Number(digits.replaceAll("_", "")) : undefined;
}
