// How an original and its script are brought to one height.

import { assert, assertEquals } from "@std/assert";
import { align } from "../align.ts";
import { readCode } from "../code.ts";
import { findPlaces } from "../partners.ts";
import { parseSequence } from "../sequence.ts";

/** The rows as text: what stands left and right, the lines of a cell joined by ⏎. */
function rows(pythonText: string, scriptText: string): [string, string][] {
  const [python, script] = [readCode(pythonText, "python"), readCode(scriptText, "typescript")];
  return align(python, script).rows.map((row) => [
    row.python.map(({ start, end }) => python.source.slice(start, end)).join("⏎"),
    row.script.map(({ start, end }) => script.source.slice(start, end)).join("⏎"),
  ]);
}

Deno.test("read: what is printed alike stands in one row, and the rest leaves a gap", () => {
  assertEquals(
    rows(
      'import time\nprint("a b")\nx = 1\nprint("c d")',
      'print("a b");\nawait y();\nprint("c d");',
    ),
    [
      ["import time", ""],
      ['print("a b")', 'print("a b");'],
      ["x = 1", ""],
      ["", "await y();"],
      ['print("c d")', 'print("c d");'],
    ],
  );
});

Deno.test("read: a line is cut where the other side has several", () => {
  assertEquals(rows('a = {\n  "one": 1,\n  "two": 2,\n}', 'for (const x of ["one", "two"]) {'), [
    ["a = {", ""],
    ['  "one": 1,', 'for (const x of ["one", '],
    ['  "two": 2,', '"two"]) {'],
    ["}", ""],
  ]);
  assertEquals(rows('u.send("one")\nprint("two")', 'if (await u.send("one")) print("two");'), [
    ['u.send("one")', 'if (await u.send("one")) '],
    ['print("two")', 'print("two");'],
  ]);
});

Deno.test("read: of several texts alike the one in a line alike is the partner", () => {
  const [, last] = rows(
    'print(f"usage {x} ip# port#")',
    'const flags = parse(args, "ip# port#");\nprint(`usage ${x} ip# port#`);',
  );
  assertEquals(last, ['print(f"usage {x} ip# port#")', "print(`usage ${x} ip# port#`);"]);
});

Deno.test("read: names are compared without underscores, comments do not count as texts", () => {
  assertEquals(rows("def my_run():\n    pass", '// "my run"\nasync function myRun() {\n}').at(-2), [
    "def my_run():",
    "async function myRun() {",
  ]);
});

Deno.test("read: every line of both is in some row, in order, whatever they are", () => {
  const python = '\n\nx = """a\nb"""\nfor i in range(10)\n\tPrint(\'안녕\' # no end\n';
  const script = "const x = `a\n${b}`;\n/* no end";
  const all = rows(python, script);
  assertEquals(
    all.map(([left]) => left).filter(Boolean).join("⏎").replaceAll("⏎", "\n").trim(),
    readCode(python, "python").source.trim(),
  );
  assertEquals(all.map(([, right]) => right).filter(Boolean).join("\n"), script);
  assert(rows("", script).length > 0 && rows(python, "").length > 0);
});

Deno.test("read: calls are tied to what stands for them, in order where a row has two", () => {
  const python = readCode(
    "s.bind((host, port))\nif a.capitalize() == b.capitalize():\n    s.accept()",
    "python",
  );
  const script = readCode(
    "Deno.listen({});\nif (capitalize(a) === capitalize(b)) {\n  await s.accept();",
    "typescript",
  );
  const places = findPlaces(align(python, script).rows, script, [], python);
  const tied = places.filter(({ side }) => side === "python").map(({ start, ties }) => [
    python.source.slice(start, start + 4),
    ties.flatMap(({ partners }) =>
      partners.map((each) => script.source.slice(each.start, each.end))
    ),
    ties.flatMap(({ partners }) => partners.map((each) => each.start)),
  ]);
  assertEquals(tied, [
    ["bind", ["Deno.listen"], [0]],
    ["capi", ["capitalize"], [21]],
    ["capi", ["capitalize"], [39]],
    ["acce", ["accept"], [66]],
  ]);
});

Deno.test("read: a diagram with what can't be drawn is refused", () => {
  const { participants, items } = parseSequence(
    "sequenceDiagram\nparticipant A as 정은\nA->>B: 'a#92;n'\nloop twice\nB-)A: b\nend",
  );
  assertEquals([...participants], [["A", "정은"], ["B", "B"]]);
  assertEquals(items[0], { kind: "message", from: "A", to: "B", arrow: "->>", text: "'a\\n'" });
  assertEquals(items.length, 2);
  for (const line of ["activate A", "end", "else x"]) {
    let message = "";
    try {
      parseSequence(`sequenceDiagram\n${line}`);
    } catch (error) {
      message = String(error);
    }
    assert(message.includes(line), `${line}: ${message}`);
  }
});
