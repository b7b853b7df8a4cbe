import { assert, assertEquals } from "@std/assert";
import { capitalize, Float, int, isLower, isUpper, repr, tuple } from "../../lib/builtins.ts";
import { python, testWithPython } from "../support/python.ts";

Deno.test("repr writes what Python 3 writes", () => {
  const cases: [unknown, string][] = [
    ["jung", "'jung'"],
    ["it's", `"it's"`],
    [`it's "so"`, `'it\\'s "so"'`],
    ["안녕\n\x1b", "'안녕\\n\\x1b'"],
    [new Uint8Array([104, 105, 0, 255, 39]), `b"hi\\x00\\xff'"`],
    [tuple("127.0.0.1", 53422), "('127.0.0.1', 53422)"],
    [tuple(1), "(1,)"],
    [{ name: "jung", count: 0 }, "{'name': 'jung', 'count': 0}"],
    [
      new Map<unknown, unknown>([[tuple(1, 5), 5], [3.6, [true, null]]]),
      "{(1, 5): 5, 3.6: [True, None]}",
    ],
    [new Float(1), "1.0"],
    [1e-5, "1e-05"],
    [0.0001, "0.0001"],
    [21.05, "21.05"],
    [new Float(1e16), "1e+16"],
    [12345678901234567890n, "12345678901234567890"],
  ];
  for (const [value, expected] of cases) assertEquals(repr(value), expected);
});

/** A value as Python sends it here: its type, and what JSON can carry of it. */
type Sent =
  | { str: number[] }
  | { bytes: number[] }
  | { int: string }
  | { float: string }
  | { list: Sent[] }
  | { tuple: Sent[] }
  | { dict: [Sent, Sent][] }
  | { other: null | boolean };

function received(sent: Sent): unknown {
  if ("str" in sent) return String.fromCodePoint(...sent.str);
  if ("bytes" in sent) return new Uint8Array(sent.bytes);
  if ("int" in sent) return BigInt(sent.int);
  if ("float" in sent) return new Float(floatFromHex(sent.float));
  if ("list" in sent) return sent.list.map(received);
  if ("tuple" in sent) return tuple(...sent.tuple.map(received));
  if ("dict" in sent) return new Map(sent.dict.map(([k, v]) => [received(k), received(v)]));
  return sent.other;
}

/** A float from its eight bytes in hex, so that no decimal digits are rounded on the way. */
function floatFromHex(hex: string): number {
  return new DataView(Uint8Array.fromHex(hex).buffer).getFloat64(0);
}

const GENERATED = String.raw`
import json, random, struct
random.seed(20261120)
CHARACTERS = 'abc \t\n\r\0\x1b\x7f\x80\xa0\xad\'"\\é한😀\u200b\u2028\u3000\ud800\ue000\ufeff'

def value(depth=0, key=False):
    kind = random.randrange(6 if key or depth > 3 else 9)
    size = random.randrange(5)
    if kind == 0:
        return random.choice([None, True, False])
    if kind == 1:
        return random.randrange(-10**random.randrange(1, 25), 10**random.randrange(1, 25))
    if kind == 2:  # any float there is
        return struct.unpack('>d', random.randbytes(8))[0]
    if kind == 3:  # one near the limits of exponents
        return round(random.uniform(-10, 10), random.randrange(17)) * 10.0**random.randrange(-7, 19)
    if kind == 4:
        return random.choice([random.randbytes(size), b"it's", b'say "so"', b'\'"\\'])
    if kind == 5:
        return ''.join(random.choice(CHARACTERS) for _ in range(2 * size))
    if kind == 6:
        return [value(depth + 1) for _ in range(size)]
    if kind == 7:
        return tuple(value(depth + 1) for _ in range(size))
    return {value(depth + 1, True): value(depth + 1) for _ in range(size)}

def sent(v):
    if v is None or isinstance(v, bool): return {'other': v}
    if isinstance(v, str): return {'str': [ord(c) for c in v]}
    if isinstance(v, bytes): return {'bytes': list(v)}
    if isinstance(v, int): return {'int': str(v)}
    if isinstance(v, float): return {'float': struct.pack('>d', v).hex()}
    if isinstance(v, list): return {'list': [sent(x) for x in v]}
    if isinstance(v, tuple): return {'tuple': [sent(x) for x in v]}
    return {'dict': [[sent(k), sent(x)] for k, x in v.items()]}

for _ in range(3000):
    v = value()
    print(json.dumps([sent(v), repr(v)]))
`;

testWithPython("repr agrees with Python on 3,000 generated values", async () => {
  const lines = (await python(GENERATED)).trimEnd().split("\n");
  assertEquals(lines.length, 3000);
  for (const line of lines) {
    const [sent, expected]: [Sent, string] = JSON.parse(line);
    assertEquals(repr(received(sent)), expected);
  }
});

// Characters that this Python's Unicode does not know yet are left out: V8's is newer, and takes them
// for printable, as a newer Python does.
const PRINTABLE = `
import json, sys, unicodedata
known = [i for i in range(sys.maxunicode + 1) if unicodedata.category(chr(i)) != 'Cn']
print(json.dumps([known, [i for i in known if chr(i).isprintable()]]))
`;

testWithPython("the characters that repr escapes are those that Python's does", async () => {
  const [known, printable]: [number[], number[]] = JSON.parse(await python(PRINTABLE));
  assert(known.length > 250_000);
  const escaped = new Set(["'", "\\"]);
  const found = known.filter((code) => {
    const character = String.fromCodePoint(code);
    return escaped.has(character) || repr(character).includes(character);
  });
  assertEquals(found, printable);
});

Deno.test("isUpper and isLower ask for a letter with case, and for no letter of the other", () => {
  const examples: [text: string, upper: boolean, lower: boolean][] = [
    ["HI", true, false],
    ["hi", false, true],
    ["Hi", false, false],
    ["HI 1!", true, false],
    ["hi 1!", false, true],
    ["", false, false],
    ["123", false, false],
    ["안녕", false, false],
    ["안녕 HI", true, false],
    ["ǅ", false, false], // title case is neither
    ["ÀÉ", true, false],
    ["ß", false, true],
    ["ª", false, true], // a lower case letter that has no upper case
    ["Ⅷ", true, false],
    ["𝐀", true, false],
  ];
  for (const [text, upper, lower] of examples) {
    assertEquals([isUpper(text), isLower(text)], [upper, lower], text);
  }
});

Deno.test("capitalize: the first character in upper case, the rest in lower case", () => {
  const examples = { server: "Server", CLIENT: "Client", "": "", "ß": "Ss", "한A": "한a" };
  for (const [text, expected] of Object.entries(examples)) {
    assertEquals(capitalize(text), expected);
  }
});

/** Letters that Unicode 15 and 16 made lower case; Python 3.11 has Unicode 14. */
const NEWLY_LOWER = new Set([0x10fc, 0xa7f2, 0xa7f3, 0xa7f4, 0xab69]);

// Characters that this Python's Unicode does not know yet are left out: V8's Unicode is newer. Of the
// others most are as Python says without a word: no case at all.
const CASES = `
import json, sys, unicodedata
known, cased = [], {}
for i in range(sys.maxunicode + 1):
    c = chr(i)
    if unicodedata.category(c) in ('Cn', 'Cs'): continue
    known.append(i)
    case = [c.isupper(), c.islower(), c.upper(), c.lower()]
    if case != [False, False, c, c]: cased[i] = case
print(json.dumps([known, cased]))
`;

testWithPython("case is Python's for every character that Python knows", async () => {
  const [known, cased]: [number[], Record<number, unknown[]>] = JSON.parse(await python(CASES));
  assert(known.length > 250_000);
  const knownCodes = new Set(known);
  for (const code of known) {
    if (NEWLY_LOWER.has(code)) continue;
    const character = String.fromCodePoint(code);
    const [upper, lower, toUpper, toLower] = cased[code] ?? [false, false, character, character];
    const name = `U+${code.toString(16)}`;
    assertEquals(isUpper(character), upper, name);
    assertEquals(isLower(character), lower, name);
    assertEquals(old(character.toUpperCase(), character), toUpper, name);
    assertEquals(old(character.toLowerCase(), character), toLower, name);
  }

  /** What the other case was before a newer Unicode gave the character one (U+019B in 16.0). */
  function old(converted: string, character: string): string {
    return knownCodes.has(converted.codePointAt(0)!) ? converted : character;
  }
});

// Where the neighbours decide: a Σ at the end of a word, letters that become two, marks in between.
const SENTENCES = String.raw`
import json, random
random.seed(20261120)
CHARACTERS = 'aB1 .ΣσςΑα\u0345\u0301\u00adßŉİıiIǅǆᾳﬁ한-\''
for _ in range(3000):
    s = ''.join(random.choice(CHARACTERS) for _ in range(random.randrange(7)))
    print(json.dumps([s, [s.isupper(), s.islower(), s.upper(), s.lower()]]))
`;

testWithPython("case is Python's for 3,000 generated sentences", async () => {
  const lines = (await python(SENTENCES)).trimEnd().split("\n");
  assertEquals(lines.length, 3000);
  for (const line of lines) {
    const [text, expected]: [string, unknown[]] = JSON.parse(line);
    const found = [isUpper(text), isLower(text), text.toUpperCase(), text.toLowerCase()];
    assertEquals(found, expected, JSON.stringify(text));
  }
});

const NUMBERS: Record<string, number> = {
  "0": 0,
  "7": 7,
  "-1": -1,
  "+3": 3,
  "007": 7,
  "1_000": 1000,
  " 42 ": 42,
  "\t5\n": 5,
  "99999999999999999999": 1e20,
};
// Not among them: digits of other scripts, which Python takes too.
const OTHERS = "|x|1.5|1e3|0x10|_1|1_|1__0|- 1|1 2|+|--1|Infinity|NaN|1n".split("|");

Deno.test("int takes whole numbers as Python writes them, and nothing else", () => {
  for (const [text, number] of Object.entries(NUMBERS)) assertEquals(int(text), number, text);
  for (const text of OTHERS) assertEquals(int(text), undefined, text);
});

testWithPython("int takes what Python's int takes", async () => {
  const program = `
import json, sys
def number(text):
    try: return float(int(text))
    except ValueError: return None
print(json.dumps([number(text) for text in sys.argv[1:]]))`;
  const texts = [...Object.keys(NUMBERS), ...OTHERS];
  const expected = JSON.parse(await python(program, ...texts));
  assertEquals(texts.map((text) => int(text) ?? null), expected);
});
