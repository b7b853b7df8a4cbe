// The README files: whatever they point at is there, their tables are those of the code, and the Korean
// page says what the English one does.

import { assert, assertEquals } from "@std/assert";
import { Program } from "./support/program.ts";
import { exerciseNames } from "./support/scripts.ts";
import { stepForEach } from "./support/side_by_side.ts";

const ENGLISH = "README.md";
const KOREAN = "README.ko.md";
const SCRIPTS = "scripts/README.md";
const PAGES = [ENGLISH, KOREAN, SCRIPTS, "lib/README.md", "tests/README.md"];

/** The longest that the first page may be, in lines. */
const LENGTH = 200;

/** What is of use here in a page of Markdown. */
interface Page {
  readonly name: string;
  readonly lines: readonly string[];
  /** The lines of its blocks of code, diagrams left out, and how each block begins. */
  readonly code: readonly string[];
  /** Its other lines. */
  readonly prose: readonly string[];
}

async function read(name: string): Promise<Page> {
  const lines = (await Deno.readTextFile(name)).trimEnd().split("\n");
  const code: string[] = [];
  const prose: string[] = [];
  let fence = "";
  for (const line of lines) {
    if (line.startsWith("```")) {
      fence = fence === "" ? line : "";
      if (fence !== "") code.push(fence);
    } else if (fence === "") prose.push(line);
    else if (fence !== "```mermaid") code.push(line);
  }
  return { name, lines, code, prose };
}

const pages = new Map<string, Page>();
for (const name of PAGES) pages.set(name, await read(name));

/** The page of that name, which is one of PAGES or is read now. */
async function page(name: string): Promise<Page> {
  return pages.get(name) ?? await read(name);
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** A path as it is meant in a page, from the top of the project. */
function fromTop(page: string, path: string): string {
  return new URL(path, `file:///${page}`).pathname.slice(1);
}

/** The anchors of a page's headings, as GitHub makes them: `On a Mac` is `on-a-mac`. */
function anchors({ prose }: Page): string[] {
  const headings = prose.map((line) => /^#+ (.*)/.exec(line)?.[1] ?? "");
  return headings.map((text) =>
    text.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-")
  );
}

/** The cells of each row of a table, headings left out: of the first table with those columns. */
function table({ name, prose }: Page, ...columns: string[]): string[][] {
  const at = prose.findIndex((line) => columns.every((column) => cells(line).includes(column)));
  assert(at >= 0, `${name} has no table with the columns ${columns.join(", ")}`);
  const body = prose.slice(at + 2);
  return body.slice(0, body.findIndex((line) => !line.startsWith("|"))).map(cells);
}

function cells(line: string): string[] {
  return line.split("|").slice(1, -1).map((cell) => cell.trim());
}

Deno.test("pages: every link leads to a file that is there, and to a heading that it has", async (t) => {
  await stepForEach(t, PAGES, (name) => name, async (name) => {
    const prose = (await page(name)).prose.join("\n").replaceAll(/`[^`]*`/g, "");
    const wrong: string[] = [];
    for (const [, target = ""] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? name : fromTop(name, path);
      if (!await exists(file)) wrong.push(target);
      else if (anchor && !anchors(await page(file)).includes(anchor)) wrong.push(target);
    }
    assertEquals(wrong, []);
  });
});

Deno.test("pages: every path that stands in code is there", async (t) => {
  const top = await Array.fromAsync(Deno.readDir("."));
  const folders = top.filter(({ isDirectory, name }) => isDirectory && name !== "dist");
  await stepForEach(t, PAGES, (name) => name, async (name) => {
    const { code, prose } = await page(name);
    const spans = Array.from(prose.join("\n").matchAll(/`([^`]+)`/g), ([, span]) => span!);
    const wrong: string[] = [];
    for (const word of [...code, ...spans].flatMap((text) => text.split(/[\s"'=$(),:;]+/))) {
      const path = word.replace(/^\.\/|\.$/g, "");
      const ours = /\.(ts|md)$/.test(path) ||
        folders.some(({ name }) => path.startsWith(`${name}/`));
      if (!ours || /NAME|[*{}]/.test(path)) continue; // what stands for any file
      if (!await exists(path) && !await exists(fromTop(name, path))) wrong.push(path);
    }
    assertEquals(wrong, []);
  });
});

Deno.test("pages: the first page is short", () => {
  for (const name of [ENGLISH, KOREAN]) {
    const { length } = pages.get(name)!.lines;
    assert(length <= LENGTH, `${name} has ${length} lines`);
  }
});

Deno.test("pages: the Korean page has the headings, tables, code and links of the English one", () => {
  const [english, korean] = [pages.get(ENGLISH)!, pages.get(KOREAN)!];
  const headings = ({ prose }: Page) => prose.flatMap((line) => /^#+ /.exec(line) ?? []);
  assertEquals(headings(korean), headings(english), "levels of the headings");
  const columns = ({ prose }: Page) => prose.map(cells).filter(({ length }) => length > 0);
  assertEquals(
    columns(korean).map(({ length }) => length),
    columns(english).map(({ length }) => length),
    "cells of each row of the tables",
  );
  const commands = ({ code }: Page) => code.map((line) => line.replace(/ +# .*/, ""));
  assertEquals(commands(korean), commands(english), "code, comments left out");
  const files = ({ prose }: Page) =>
    Array.from(prose.join("\n").matchAll(/\]\(([\w./:-]+)/g), ([, target]) => target!).sort();
  const theOther = (targets: string[], name: string) => targets.filter((each) => each !== name);
  assertEquals(theOther(files(korean), ENGLISH), theOther(files(english), KOREAN), "links");
  assert(
    files(english).includes(KOREAN) && files(korean).includes(ENGLISH),
    "each leads to the other",
  );
});

Deno.test("pages: the tables of the exercises have every script, once", async () => {
  const scripts = await exerciseNames();
  const tables = [
    table(pages.get(ENGLISH)!, "page", "exercise", "scripts"),
    table(pages.get(KOREAN)!, "페이지", "과제", "스크립트"),
    table(pages.get(SCRIPTS)!, "exercise", "original", "script"),
  ];
  for (const rows of tables) {
    const links = rows.join(" ").matchAll(/\[(\w+)\]\((?:scripts\/)?(\w+)\.ts\)/g);
    const named = Array.from(
      links,
      ([, name, file]) => name === file ? name! : `${name} (${file})`,
    );
    assertEquals(named.sort(), scripts);
  }
});

Deno.test("pages: addresses and flags in the table of the exercises are those of --help", async (t) => {
  const rows = table(pages.get(SCRIPTS)!, "script", "address", "other flags");
  await stepForEach(t, rows, ([, , , link]) => link!, async ([, , , link, address, others]) => {
    await using script = Program.script(/\w+/.exec(link!)![0], ["--help"]);
    const { stdout } = await script.ended();
    const flags = flagsOf(stdout);
    assertEquals(address, addressIn(stdout, flags));
    const said = Array.from(others!.matchAll(/`--([^`]+)`/g), ([, flag]) => flag!);
    const there = [...flags].filter(([name]) => !EVERYWHERE.includes(name));
    assertEquals(said, there.map(([name, value]) => `${name} ${value}`.trim()));
  });
});

Deno.test("pages: the table of the flags has every flag that a script has, and no other", () => {
  const rows = table(pages.get(SCRIPTS)!, "flag", "meaning");
  const said = rows.flatMap(([flag]) => Array.from(flag!.matchAll(/--[\w-]+/g), ([name]) => name));
  const scripts = table(pages.get(SCRIPTS)!, "script", "address", "other flags");
  const others = scripts.flatMap((row) =>
    Array.from(row.at(-1)!.matchAll(/--\w+/g), ([name]) => name)
  );
  const everywhere = EVERYWHERE.map((name) => `--${name}`);
  assertEquals(said.sort(), [...new Set([...everywhere, ...others])].sort());
});

/** Flags of which the table of the exercises says nothing, or something else. */
const EVERYWHERE = ["host", "port", "trace", "trace-diagram", "help"];

/** The flags in the text of `--help`, each with its default: empty where it has none. */
function flagsOf(help: string): Map<string, string> {
  const lines = help.matchAll(/^ {2}--([\w-]+)(.*)$/gm);
  return new Map(Array.from(lines, ([, name, rest]) => {
    const value = /\(default (.*)\)$/.exec(rest!)?.[1] ?? "";
    return [name!, value === "without end" ? "" : value];
  }));
}

/** The default address, as the table of the exercises has it. */
function addressIn(help: string, flags: Map<string, string>): string {
  const [host, port] = [flags.get("host"), flags.get("port")];
  if (host === undefined) return /\[flags\] \S/.test(help) ? "its arguments" : "none";
  return host === "" ? "asked for" : `${host}:${port}`;
}
