// What the pages take over from the project, still fits it: the tables and diagrams of README, the Korean
// for them, the ties, the faults and the commands. Whoever changes one of them sees here what else to say.

import { assert, assertEquals } from "@std/assert";
import { PAGES } from "../../../lib/exercises.ts";
import { readCode } from "../code.ts";
import { RUNS } from "../commands.ts";
import { diagramOf } from "../diagrams.ts";
import { importsOf, Library } from "../docs.ts";
import { readExercises } from "../exercises.ts";
import { faultsOf, PLACES } from "../faults.ts";
import { hasKorean } from "../korean.ts";
import { readReadme } from "../readme.ts";
import { drawSequence, parseSequence, textsOf } from "../sequence.ts";
import { TIES } from "../ties.ts";

const ROOT = new URL("../../../", import.meta.url);
const readme = await readReadme(ROOT);
const exercises = readExercises(readme);
const scripts = await Promise.all(
  exercises.flatMap(({ scripts }) => scripts).map(async ({ name }) => {
    const source = await Deno.readTextFile(new URL(`scripts/${name}.ts`, ROOT));
    return { name, code: readCode(source, "typescript") };
  }),
);

Deno.test("read: every script of lib/exercises.ts is in an exercise", () => {
  const names = Object.values(PAGES).flatMap((scripts) => Object.keys(scripts));
  assertEquals(scripts.map(({ name }) => name).sort(), names.sort());
  assertEquals(new Set(exercises.map(({ slug }) => slug)).size, exercises.length);
});

Deno.test("read: whatever is taken over in English has Korean beside it", () => {
  const faults = readme.table("original", "what happens", "its script")
    .flatMap((row) => [row["what happens"]!, row["its script"]!]);
  const table = readme.table("course page", "exercise", "original", "script", "address")
    .flatMap((row) => [row["original"]!, row["address"]!]);
  const abouts = Object.values(PAGES).flatMap((scripts) => Object.values(scripts));
  const labels = exercises.flatMap((exercise) => {
    const diagram = diagramOf(exercise, readme);
    return diagram === undefined ? [] : textsOf(parseSequence(diagram));
  });
  const without = [...faults, ...table, ...abouts, ...labels].filter((text) => !hasKorean(text));
  assertEquals(without, [], "add the Korean of these to .tasks/read/korean.ts");
});

Deno.test("read: every exercise has commands, and all but json_types a diagram", () => {
  for (const exercise of exercises) {
    assert(RUNS[exercise.slug], `.tasks/read/commands.ts lacks ${exercise.slug}`);
    const diagram = diagramOf(exercise, readme);
    assertEquals(diagram === undefined, exercise.slug === "json_types", exercise.slug);
    if (diagram) drawSequence(parseSequence(diagram), exercise.slug);
  }
});

Deno.test("read: every row of the table of what breaks has its script, and each place is in one", () => {
  const faults = scripts.map(({ name, code }) => ({ faults: faultsOf(readme, name), code }));
  const rows = readme.table("original", "what happens", "its script");
  assert(rows.length >= 20, `${rows.length} rows`);
  for (const { "what happens": what } of rows) {
    assert(faults.some(({ faults }) => faults.some((fault) => fault.what.en === what)), what);
  }
  for (const place of PLACES) {
    const of = faults.filter(({ faults }) =>
      faults.some(({ what }) => what.en.startsWith(place.what))
    );
    assert(of.length > 0, `no row of README begins with: ${place.what}`);
    const found = of.some(({ code }) => place.script?.test(code.source));
    assert(found, `no script has ${place.script} (${place.what})`);
  }
});

Deno.test("read: every tie's pattern is in some script", () => {
  for (const { id, script } of TIES) {
    if (script === undefined) continue;
    const found = scripts.some(({ code }) => !code.bare.matchAll(script).next().done);
    assert(found, `no script has what ${id} stands for: ${script}`);
  }
});

Deno.test("read: whatever a script imports from lib is documented, and so are its sockets' methods", async () => {
  const modules = new Set(
    scripts.flatMap(({ code }) => importsOf(code)).map(({ module }) => module),
  );
  const library = await Library.read(ROOT, [...modules]);
  for (const { name, code } of scripts) {
    const { docs, mentions } = library.of(code);
    for (const imported of importsOf(code).flatMap(({ names }) => names)) {
      assert(docs[imported]?.text, `${name}: ${imported}`);
    }
    for (
      const { 1: method, index } of code.bare.matchAll(
        /\.(recv|send|accept|sendto|recvfrom|start)\(/g,
      )
    ) {
      const mention = mentions.find(({ start }) => start === index + 1);
      assert(mention?.doc.endsWith(`.${method}`), `${name}: .${method}( at ${index}`);
    }
  }
  const { docs } = library.of(scripts.find(({ name }) => name === "chat_server")!.code);
  const { file, line } = docs["MessageSocket.send"]!;
  const source = await Deno.readTextFile(new URL(file, ROOT));
  assert(source.split("\n")[line - 1]!.includes("send("), `${file}:${line}`);
});
