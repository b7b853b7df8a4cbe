// Python's `json.dumps` and `json.loads`: the same spacing and escapes out, the same values in.
// JavaScript's JSON has no 1.0, no integers above 2^53 and no order among keys that look like numbers.

import { Float, repr } from "./builtins.ts";

/** Deeper nesting than this is refused, both ways; Python gives up at about 1,000. */
const DEPTH_LIMIT = 500;
/** The longest integer, in digits: Python's limit (Python docs, sys.set_int_max_str_digits). */
const DIGITS_LIMIT = 4300;

/** A value that a JSON text can stand for, as `loads` gives it. */
export type JsonValue = null | boolean | number | bigint | string | Float | JsonValue[] | JsonDict;
/** A JSON object: a Map, because it keeps the order of all keys, as Python's dict does. */
export type JsonDict = Map<string, JsonValue>;

/** A text is not JSON. Says what was expected and where, in the words of Python's own JSONDecodeError. */
export class JSONDecodeError extends Error {
  override name = "JSONDecodeError";

  /** `at` counts UTF-16 units; Python counts characters, and so does the message. */
  constructor(problem: string, text: string, at: number) {
    const before = Array.from(text.slice(0, at));
    const newline = before.lastIndexOf("\n");
    const line = before.filter((character) => character === "\n").length + 1;
    const place = `line ${line} column ${before.length - newline} (char ${before.length})`;
    super(`not JSON: ${problem}: ${place}`);
  }
}

/**
 * The value of a JSON text, as Python's `json.loads` gives it: an object as a Map, `1.0` as a Float,
 * an integer that a number can't hold as a bigint. Of equal keys the last one counts. Takes NaN and
 * Infinity, as Python does. Throws a JSONDecodeError.
 */
export function loads(text: string): JsonValue {
  return new Parser(text).parse();
}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
// deno-lint-ignore no-control-regex -- control characters are what a JSON string may not hold
const PLAIN = /[^"\\\x00-\x1f]*/y;
const HEX = /[0-9a-fA-F]{4}/y;
const ESCAPES: Record<string, string> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};
const WORDS: [string, JsonValue][] = [
  ["null", null],
  ["true", true],
  ["false", false],
  ["NaN", new Float(NaN)],
  ["Infinity", new Float(Infinity)],
  ["-Infinity", new Float(-Infinity)],
];

/** Reads a JSON text from left to right (RFC 8259); `#at` is where it has got to. */
class Parser {
  #at = 0;
  #depth = 0;

  constructor(readonly text: string) {}

  parse(): JsonValue {
    if (this.text.startsWith("\ufeff")) this.#fail("Unexpected UTF-8 BOM (decode using utf-8-sig)");
    this.#skipSpace();
    const value = this.#value();
    this.#skipSpace();
    if (this.#at < this.text.length) this.#fail("Extra data");
    return value;
  }

  #value(): JsonValue {
    switch (this.text[this.#at]) {
      case '"':
        return this.#string();
      case "{":
        return this.#nested(() => this.#object());
      case "[":
        return this.#nested(() => this.#array());
    }
    const number = this.#match(NUMBER);
    if (number) return numberOf(number, this.text, this.#at);
    const word = WORDS.find(([name]) => this.text.startsWith(name, this.#at));
    if (!word) this.#fail("Expecting value");
    this.#at += word[0].length;
    return word[1];
  }

  #nested<Value>(read: () => Value): Value {
    if (++this.#depth > DEPTH_LIMIT) this.#fail(`Nested deeper than ${DEPTH_LIMIT}`);
    this.#at++;
    this.#skipSpace();
    const value = read();
    this.#depth--;
    return value;
  }

  #object(): JsonDict {
    const dict: JsonDict = new Map();
    if (this.#take("}")) return dict;
    while (true) {
      if (this.text[this.#at] !== '"') {
        this.#fail("Expecting property name enclosed in double quotes");
      }
      const key = this.#string();
      this.#skipSpace();
      if (!this.#take(":")) this.#fail("Expecting ':' delimiter");
      this.#skipSpace();
      dict.set(key, this.#value());
      this.#skipSpace();
      if (this.#take("}")) return dict;
      if (!this.#take(",")) this.#fail("Expecting ',' delimiter");
      this.#skipSpace();
    }
  }

  #array(): JsonValue[] {
    const list: JsonValue[] = [];
    if (this.#take("]")) return list;
    while (true) {
      list.push(this.#value());
      this.#skipSpace();
      if (this.#take("]")) return list;
      if (!this.#take(",")) this.#fail("Expecting ',' delimiter");
      this.#skipSpace();
    }
  }

  #string(): string {
    const start = this.#at++;
    let inside = "";
    while (true) {
      inside += this.#match(PLAIN)![0];
      const character = this.text[this.#at];
      if (character === undefined) this.#fail("Unterminated string starting at", start);
      if (character < " ") this.#fail("Invalid control character at");
      this.#at++;
      if (character === '"') return inside;
      inside += this.#escape(start);
    }
  }

  /** The character that an escape stands for; `#at` is behind its backslash. */
  #escape(start: number): string {
    const letter = this.text[this.#at++];
    if (letter === undefined) this.#fail("Unterminated string starting at", start);
    if (letter === "u") {
      const hex = this.#match(HEX);
      if (!hex) this.#fail("Invalid \\uXXXX escape", this.#at - 1);
      return String.fromCharCode(parseInt(hex[0], 16));
    }
    return ESCAPES[letter] ?? this.#fail("Invalid \\escape", this.#at - 2);
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.text);
    if (match) this.#at = pattern.lastIndex;
    return match;
  }

  #skipSpace() {
    SPACE.lastIndex = this.#at;
    SPACE.test(this.text); // always: what matters is how far
    this.#at = SPACE.lastIndex;
  }

  #take(character: string): boolean {
    if (this.text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #fail(problem: string, at = this.#at): never {
    throw new JSONDecodeError(problem, this.text, at);
  }
}

/** An int without fraction and exponent, else a float. */
function numberOf(
  [all, digits = "", fraction, exponent]: RegExpExecArray,
  text: string,
  end: number,
): number | bigint | Float {
  if (fraction !== undefined || exponent !== undefined) return new Float(Number(all));
  if (digits.length > DIGITS_LIMIT) {
    const problem = `Exceeds the limit (${DIGITS_LIMIT} digits) for an integer`;
    throw new JSONDecodeError(problem, text, end - digits.length);
  }
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}

/**
 * A value as JSON text, as Python's `json.dumps` writes it: a space after comma and colon, non-ASCII
 * as `\uXXXX`. A number is an int or a float as `repr` tells them apart. Throws a TypeError for what
 * JSON can't hold (bytes, a function), and an Error for nesting deeper than 500.
 */
export function dumps(value: unknown): string {
  return dumpValue(value, 0);
}

function dumpValue(value: unknown, depth: number): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string") return dumpString(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number" || typeof value === "bigint" || value instanceof Float) {
    return dumpNumber(value);
  }
  if (depth >= DEPTH_LIMIT) throw new Error(`dumps: nested deeper than ${DEPTH_LIMIT}`);
  if (Array.isArray(value)) {
    return `[${value.map((item) => dumpValue(item, depth + 1)).join(", ")}]`;
  }
  if (typeof value === "object" && !ArrayBuffer.isView(value)) {
    const entries: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value);
    const items = entries.map(([key, item]) => `${dumpKey(key)}: ${dumpValue(item, depth + 1)}`);
    return `{${items.join(", ")}}`;
  }
  throw new TypeError(`dumps: ${repr(value)} can't be written as JSON`);
}

/** A key of a dict: JSON has only strings, so Python writes None, True, 1 and 1.5 as strings. */
function dumpKey(key: unknown): string {
  if (typeof key === "string") return dumpString(key);
  if (key !== null && typeof key === "object" && !(key instanceof Float)) {
    throw new TypeError(`dumps: ${repr(key)} can't be a key in JSON`);
  }
  return `"${dumpValue(key, 0)}"`;
}

/** Python's repr, but for what it calls nan and inf. */
function dumpNumber(value: number | bigint | Float): string {
  const text = repr(value);
  return text === "nan" ? "NaN" : text.replace("inf", "Infinity");
}

// What Python's ensure_ascii escapes, DEL included.
const ESCAPED = /["\\]|[^ -~]/g;
const SHORT_ESCAPES: Record<string, string> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

function dumpString(text: string): string {
  return `"${text.replace(ESCAPED, escapeUnit)}"`;
}

/** The escape for one UTF-16 unit: a character above U+FFFF takes two, as in Python. */
function escapeUnit(unit: string): string {
  return SHORT_ESCAPES[unit] ?? "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0");
}
