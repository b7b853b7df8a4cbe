import { assertEquals, assertThrows } from "@std/assert";
import { dumps, JSONDecodeError, loads } from "../../lib/json.ts";
import { Float, repr, tuple } from "../../lib/builtins.ts";
import { python, testWithPython } from "../support/python.ts";

Deno.test("loads gives the values that Python's json.loads gives", () => {
  const examples: [text: string, value: string][] = [
    ['{"name": "jung", "count": 0}', "{'name': 'jung', 'count': 0}"],
    ["[1, 1.0, 1e2, -0, -0.0, 1E400]", "[1, 1.0, 100.0, 0, -0.0, inf]"],
    ["[9007199254740993, 123456789012345678901]", "[9007199254740993, 123456789012345678901]"],
    ["[NaN, Infinity, -Infinity]", "[nan, inf, -inf]"],
    ["[null, true, false]", "[None, True, False]"],
    // Keys keep their order, also those that an object would put first; of equal ones the last counts.
    ['{"2": 1, "1": 2, "__proto__": 3, "2": 4}', "{'2': 4, '1': 2, '__proto__': 3}"],
    [
      '"\\ud83d\\ude00 \\u0041 \\" \\\\ \\/ \\b\\f\\n\\r\\t"',
      `'😀 A " \\\\ / \\x08\\x0c\\n\\r\\t'`,
    ],
    ['"\\ud800"', "'\\ud800'"],
    [' \t\r\n"x" \n', "'x'"],
    ['{ "Influencer" : [ {} , [] ] }', "{'Influencer': [{}, []]}"],
  ];
  for (const [text, value] of examples) assertEquals(repr(loads(text)), value, text);
});

Deno.test("loads says what is wrong in Python's words, with line, column and character", () => {
  const examples: [text: string, message: string][] = [
    ["", "Expecting value: line 1 column 1 (char 0)"],
    ["[1,]", "Expecting value: line 1 column 4 (char 3)"],
    ['{"a": 1,}', "Expecting property name enclosed in double quotes: line 1 column 9 (char 8)"],
    ['{"a" 1}', "Expecting ':' delimiter: line 1 column 6 (char 5)"],
    ['["😀",\n 1 2]', "Expecting ',' delimiter: line 2 column 4 (char 9)"],
    ['"abc', "Unterminated string starting at: line 1 column 1 (char 0)"],
    ['"a\nb"', "Invalid control character at: line 1 column 3 (char 2)"],
    ['"\\x"', "Invalid \\escape: line 1 column 2 (char 1)"],
    ['"\\u12g4"', "Invalid \\uXXXX escape: line 1 column 3 (char 2)"],
    ["1 1", "Extra data: line 1 column 3 (char 2)"],
    ["01", "Extra data: line 1 column 2 (char 1)"],
  ];
  for (const [text, message] of examples) {
    assertEquals(assertThrows(() => loads(text), JSONDecodeError).message, `not JSON: ${message}`);
  }
});

Deno.test("depth and digits have limits, both ways", () => {
  const deep = "[".repeat(500) + "]".repeat(500);
  assertEquals(dumps(loads(deep)), deep);
  assertEquals(repr(loads(deep)), deep);
  assertThrows(() => loads("[".repeat(501)), JSONDecodeError, "deeper than 500");
  assertThrows(() => dumps([loads(deep)]), Error, "deeper than 500");
  assertEquals(dumps(loads("1".repeat(4300))), "1".repeat(4300));
  assertThrows(() => loads("1".repeat(4301)), JSONDecodeError, "4300 digits");
});

Deno.test("dumps writes what Python's json.dumps writes", () => {
  const examples: [value: unknown, text: string][] = [
    [{ name: "jung", count: 0 }, '{"name": "jung", "count": 0}'],
    [[], "[]"],
    [{}, "{}"],
    [tuple(1, [2, null]), "[1, [2, null]]"],
    [[true, false, null], "[true, false, null]"],
    [[1, new Float(1), 0.1, 1e16, new Float(1e16)], "[1, 1.0, 0.1, 10000000000000000, 1e+16]"],
    [[NaN, Infinity, -Infinity], "[NaN, Infinity, -Infinity]"],
    [12345678901234567890n, "12345678901234567890"],
    ['한 "\\/\x7f\b\f\n\r\t\0😀', '"\\ud55c \\"\\\\/\\u007f\\b\\f\\n\\r\\t\\u0000\\ud83d\\ude00"'],
    [
      new Map<unknown, unknown>([[1, 1], [2.5, 2], [true, 3], [null, 4], ["a", 5]]),
      '{"1": 1, "2.5": 2, "true": 3, "null": 4, "a": 5}',
    ],
  ];
  for (const [value, text] of examples) assertEquals(dumps(value), text);
});

Deno.test("dumps refuses what Python's json.dumps refuses", () => {
  for (const value of [new Uint8Array(1), [() => 1], new Map([[tuple(1, 2), 3]])]) {
    assertThrows(() => dumps(value), TypeError);
  }
});

// Seeded, so that a failure can be seen again: the texts do not depend on the Python version.
const GENERATED = String.raw`
import json, random, re
random.seed(20261120)
CHARACTERS = 'abcXYZ019 \t\n\r\b\f\0\x1f\x7f\x80\xa0\'"\\/{}[]:,é한글漢😀\u2028\ud800'

def text():
    return ''.join(random.choice(CHARACTERS) for _ in range(random.randrange(9)))

def value(depth=0):
    kind = random.randrange(9 if depth < 4 else 7)
    if kind == 0: return random.choice([None, True, False])
    if kind == 1: return random.randrange(-10, 300)
    if kind == 2: return random.randrange(-10**25, 10**25)
    if kind == 3: return random.choice([0.0, -0.0, float('nan'), float('inf'), float('-inf')])
    if kind == 4: return random.uniform(-2, 2) * 10 ** random.randrange(-30, 30)
    if kind < 7: return text()
    if kind == 7: return [value(depth + 1) for _ in range(random.randrange(5))]
    return {text() if random.random() < .8 else str(random.randrange(9)): value(depth + 1)
            for _ in range(random.randrange(5))}

def damaged(written):
    at = random.randrange(len(written) + 1)
    kind = random.randrange(3)
    if kind == 0: return written[:at]
    if kind == 1: return written[:at] + random.choice('{}[]:,"\\ 0-.eEux\n1tN') + written[at:]
    return written[:at] + written[at + 1:]

for i in range(4000):
    written = json.dumps(value(), ensure_ascii=random.random() < .5,
                         indent=random.choice([None, None, 1, '\t']))
    if i % 2: written = damaged(written)
    # CPython calls an escape at the very end of the text invalid, where it means unterminated.
    if re.search(r'\\u[0-9a-f]{4}$', written): written += '!'
    try:
        loaded = json.loads(written)
        outcome = [repr(loaded), json.dumps(loaded)]
    except json.JSONDecodeError as error:
        outcome = ['not JSON: ' + str(error)]
    print(json.dumps([written, outcome]))
`;

testWithPython(
  "loads and dumps agree with Python on 4,000 generated texts, half of them damaged",
  async () => {
    const lines = (await python(GENERATED)).trimEnd().split("\n");
    assertEquals(lines.length, 4000);
    for (const line of lines) {
      const [text, outcome]: [string, string[]] = JSON.parse(line);
      assertEquals(outcomeOf(text), outcome, `of ${JSON.stringify(text)}`);
    }
  },
);

function outcomeOf(text: string): string[] {
  try {
    const value = loads(text);
    return [repr(value), dumps(value)];
  } catch (error) {
    if (!(error instanceof JSONDecodeError)) throw error;
    return [error.message];
  }
}
