// What Python has built in, as far as the course uses it: `repr`, `str`, `tuple`, `int`, and upper and
// lower case. The console of a script and of its original agree through this file.

/** A Python float. JavaScript's 1 is Python's int `1`; `new Float(1)` is Python's `1.0`. */
export class Float {
  constructor(readonly value: number) {}
}

/** A value as Python's tuple: an array that can't change, written `(1, 2)` and not `[1, 2]`. */
export function tuple<const T extends readonly unknown[]>(...items: T): T {
  return Object.freeze(items);
}

// Printable ASCII but for a quote and a backslash.
const PLAIN = /^[ -&(-[\]-~]*$/;
const SHORT_ESCAPES: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** The escape Python writes for one character: `\x1b`, `\u200b` or `\U000e0001`. */
export function escape(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x100) return "\\x" + code.toString(16).padStart(2, "0");
  if (code < 0x10000) return "\\u" + code.toString(16).padStart(4, "0");
  return "\\U" + code.toString(16).padStart(8, "0");
}

/** Single quotes, unless the text holds some and no double ones (Python docs, `repr`). */
function quoteFor(text: string): string {
  return text.includes("'") && !text.includes('"') ? '"' : "'";
}

function reprString(text: string): string {
  if (PLAIN.test(text)) return `'${text}'`; // most are, and that is quick
  const quote = quoteFor(text);
  let inside = "";
  for (const character of text) {
    if (character === quote || character === "\\") inside += "\\" + character;
    // What Python's str.isprintable denies: control, format, surrogate, private, unassigned, separators.
    else if (character === " " || !/[\p{C}\p{Z}]/u.test(character)) inside += character;
    else inside += SHORT_ESCAPES[character] ?? escape(character);
  }
  return quote + inside + quote;
}

function reprBytes(bytes: Uint8Array): string {
  const latin1 = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const quote = quoteFor(latin1);
  let inside = "";
  for (const character of latin1) {
    if (character === quote || character === "\\") inside += "\\" + character;
    else if (character >= " " && character <= "~") inside += character;
    else inside += SHORT_ESCAPES[character] ?? escape(character);
  }
  return "b" + quote + inside + quote;
}

/**
 * Python's `float.__repr__`: the shortest digits that read back as the same number, with an exponent
 * below 1e-4 and from 1e16 on (Python docs, "Floating Point Arithmetic").
 */
function reprFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [digits = "", exponentText] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  // From 1e-4 on String() and Python agree but for two things: String(1e-5) has an exponent already
  // (not reached here), and a whole float needs its ".0".
  const text = exponent < 0
    ? value.toFixed(digits.replace(/\D/g, "").length - 1 - exponent)
    : String(value);
  return text.includes(".") ? text : text + ".0";
}

function reprNumber(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  return Number.isInteger(value) ? BigInt(value).toString() : reprFloat(value);
}

/**
 * Python's `repr` of a value: a string quoted, a `Uint8Array` as bytes, `null` and `undefined` as
 * `None`, a frozen array as a tuple, a `Map` or a plain object as a dict. A whole number is an int,
 * a `Float` or a number with a fraction a float. Throws a TypeError for a value that has no
 * counterpart in Python (a function, a symbol).
 */
export function repr(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "string") return reprString(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return reprNumber(value);
  if (value instanceof Float) return reprFloat(value.value);
  if (value instanceof Uint8Array) return reprBytes(value);
  if (Array.isArray(value)) return reprArray(value);
  if (typeof value === "object") {
    return reprDict(value instanceof Map ? value : Object.entries(value));
  }
  throw new TypeError(`repr: a ${typeof value} has no counterpart in Python`);
}

function reprArray(items: readonly unknown[]): string {
  const inside = items.map(repr).join(", ");
  if (!Object.isFrozen(items)) return `[${inside}]`;
  return items.length === 1 ? `(${inside},)` : `(${inside})`;
}

function reprDict(entries: Iterable<[unknown, unknown]>): string {
  return `{${[...entries].map(([key, value]) => `${repr(key)}: ${repr(value)}`).join(", ")}}`;
}

/** Python's `str`: a string as it is, any other value as its `repr`. */
export function str(value: unknown): string {
  return typeof value === "string" ? value : repr(value);
}

// Control characters, C1 included, but for newline and tab: they could drive a terminal.
// deno-lint-ignore no-control-regex -- control characters are what it looks for
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/** Text with its control characters made visible: ESC becomes `\x1b`. Newline and tab stay. */
export function visible(text: string): string {
  return text.replace(CONTROL, escape);
}

/**
 * Python's `int(text)`: the whole number that a text stands for, or undefined where Python raises
 * ValueError. As in Python there may be spaces around, a sign, and underscores between digits. Digits are
 * 0 to 9 only; Python takes those of other scripts too.
 */
export function int(text: string): number | undefined {
  const digits = text.trim();
  return /^[+-]?\d+(_\d+)*$/.test(digits) ? Number(digits.replaceAll("_", "")) : undefined;
}

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
