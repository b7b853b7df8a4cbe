import { assertEquals } from "@std/assert";
import { int } from "../../lib/int.ts";
import { python, testWithPython } from "../support/python.ts";

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
