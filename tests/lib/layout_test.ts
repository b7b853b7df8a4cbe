// The rule of lib: what a script imports lies at the top, what it is made of in the folder of that name;
// nobody reaches into another's folder, arrows run down, and there are no circles.

import { assertEquals } from "@std/assert";

const LIB = new URL("../../lib/", import.meta.url).href;

/** What is of use here in what `deno info --json` prints. */
interface Graph {
  modules: { specifier: string; dependencies?: { code?: Dependency; type?: Dependency }[] }[];
}

interface Dependency {
  specifier?: string;
}

/** The files of lib, and those of lib that each imports, by their paths in lib. */
async function imports(): Promise<Map<string, string[]>> {
  const files = (await filesBelow("lib")).filter((path) => /(?<!\.d)\.ts$/.test(path));
  const all = new Map<string, string[]>();
  for (const root of files) {
    if (all.has(root.slice("lib/".length))) continue; // another file has led to it
    const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", root] })
      .output();
    const { modules }: Graph = JSON.parse(new TextDecoder().decode(stdout));
    for (const { specifier, dependencies = [] } of modules) {
      if (!specifier.startsWith(LIB)) continue;
      const imported = dependencies.flatMap(({ code, type }) =>
        [code?.specifier ?? "", type?.specifier ?? ""].filter((each) => each.startsWith(LIB))
      );
      all.set(specifier.slice(LIB.length), imported.map((each) => each.slice(LIB.length)));
    }
  }
  return all;
}

async function filesBelow(folder: string): Promise<string[]> {
  const found = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) found.push(...await filesBelow(`${folder}/${name}`));
    else found.push(`${folder}/${name}`);
  }
  return found;
}

/** The face that a file belongs to: `socket.ts` for `socket.ts` and `socket/outbox.ts`. */
function faceOf(path: string): string {
  return path.replace(/\/.*$/, ".ts");
}

const IMPORTS = await imports();

Deno.test("lib: nobody reaches into another's folder, and no folder uses its own face", () => {
  const wrong: string[] = [];
  for (const [path, imported] of IMPORTS) {
    for (const other of imported) {
      const ownFolder = other.includes("/") && faceOf(other) === faceOf(path);
      const otherFace = !other.includes("/") && other !== faceOf(path);
      if (!ownFolder && !otherFace) wrong.push(`${path} -> ${other}`);
    }
  }
  assertEquals(wrong, []);
});

Deno.test("lib: arrows between faces run down, without a circle", () => {
  const below = new Map<string, Set<string>>();
  for (const [path, imported] of IMPORTS) {
    const faces = imported.map(faceOf).filter((face) => face !== faceOf(path));
    below.set(faceOf(path), new Set([...below.get(faceOf(path)) ?? [], ...faces]));
  }
  assertEquals(circles(below), []);
});

Deno.test("lib: no circle among the files of a folder", () => {
  assertEquals(circles(IMPORTS), []);
});

/** The nodes that are left when all are taken away, again and again, that lead to nothing that is left. */
function circles(arrows: Map<string, Iterable<string>>): string[] {
  const left = new Map(Array.from(arrows, ([from, to]) => [from, new Set(to)]));
  for (let before = -1; before !== left.size;) {
    before = left.size;
    for (const [from, to] of left) if (![...to].some((each) => left.has(each))) left.delete(from);
  }
  return [...left.keys()];
}
