import { assert, assertEquals } from "@std/assert";
import { capitalize, isLower, isUpper } from "../../lib/case.ts";
import { python, testWithPython } from "../support/python.ts";

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
