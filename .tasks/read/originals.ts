// Finds the Python originals in a folder: files of Python, and the code blocks of course pages (Markdown or
// text), taken as printed. A page may print a program in two blocks, and need not say which program it
// is; what it has in common with a script decides then.

import { join } from "node:path";
import { type Code, readCode } from "./code.ts";
import { repair } from "./encoding.ts";
import type { Script } from "./exercises.ts";
import { marksOf, matchMarks } from "./marks.ts";

/** A program as it was found. */
export interface Program {
  /** The name of its file, where that is known. */
  name: string | undefined;
  /** The file that it was found in. */
  found: string;
  text: string;
  /** Examples typed at Python's prompt, and no program. */
  isSession: boolean;
}

/** All programs in that folder, or in that file. Throws what Deno throws where it can't be read. */
export async function readPrograms(path: string): Promise<Program[]> {
  const isFolder = (await Deno.stat(path)).isDirectory;
  const files = isFolder
    ? (await Array.fromAsync(Deno.readDir(path), ({ name }) => name)).sort()
    : [path];
  const programs: Program[] = [];
  for (const file of files.filter((file) => /\.(py|md|markdown|txt)$/i.test(file))) {
    const text = decode(await Deno.readFile(isFolder ? join(path, file) : file));
    const name = file.split(/[/\\]/).at(-1)!;
    if (/\.py$/i.test(name)) programs.push({ name, found: name, text, isSession: false });
    else programs.push(...programsOf(repair(text), name));
  }
  return programs;
}

/** Text in UTF-8, or in the code page of a Korean Windows. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("euc-kr").decode(bytes); // not UTF-8: that is all that a TypeError says here
  }
}

/** A block of code on a page. */
interface Block {
  lines: string[];
  /** The name of a Python file that the line before it, or its own first line, gives. */
  name: string | undefined;
  /** How many headings stand before it. */
  section: number;
}

/** The programs on a page. */
function programsOf(page: string, found: string): Program[] {
  const programs: (Program & { section: number })[] = [];
  const seen: string[] = [];
  let open: (typeof programs)[number] | undefined;
  for (const { lines, name, section } of blocksOf(page)) {
    const trimmed = lines.map((line) => line.trim()).join("\n").trim();
    const text = lines.join("\n").trimEnd();
    const isPartOf = (block: string) => `\n${block}\n`.includes(`\n${trimmed}\n`);
    const isExcerpt = trimmed.includes("\n") &&
      seen.some((block) => block !== trimmed && isPartOf(block));
    if (trimmed === "" || isExcerpt) continue; // shown again, to talk about it
    seen.push(trimmed);
    if (/^(>>>|[{[])/.test(trimmed)) {
      const session = programs.find((each) => each.isSession && each.section === section);
      if (session) session.text += `\n${text}`;
      else programs.push({ name, found, text, isSession: true, section });
    } else if (/^([>$] |#!|(#.*(\n|$))*$)/.test(trimmed)) {
      continue; // a command, or nothing but comments
    } else if (name !== undefined || /^(#.*\n|\s)*(import|from)\s/i.test(trimmed)) {
      open = { name, found, text, isSession: false, section };
      programs.push(open);
    } else if (open?.section === section) {
      // Its next part. What is indented goes on with a block of the part before.
      open.text += (/^\s/.test(lines[0]!) ? "\n" : "\n\n") + text;
    }
  }
  return programs.map(({ section: _, ...program }) => program);
}

/** The code blocks of a page that may be Python. */
function* blocksOf(page: string): Generator<Block> {
  let section = 0;
  let before = "";
  let fence: { indent: number; language: string; lines: string[] } | undefined;
  for (const line of page.split(/\r?\n/)) {
    const [, space = "", language = ""] = /^(\s*)```\s*(\w*)/.exec(line) ?? [];
    const isFence = /^\s*```/.test(line);
    if (fence && isFence) {
      if (/^(py|python|)$/i.test(fence.language)) {
        const named = /(\w+\.py)\b/.exec(`${/^\s*#.*/.exec(fence.lines[0] ?? "")?.[0]}\n${before}`);
        yield { lines: fence.lines, name: named?.[1], section };
      }
      fence = undefined;
      before = "";
    } else if (fence) {
      fence.lines.push(line.slice(Math.min(fence.indent, line.search(/\S|$/))));
    } else if (isFence) {
      fence = { indent: space.length, language, lines: [] };
    } else if (line.trim() !== "") {
      if (/^(#{1,6} |\[[^\]]+\]\s*$)/.test(line)) section++;
      before = /^\s*>/.test(line) ? "" : line; // a command that runs some file names no program
    }
  }
}

/** Which program is the original of which script, by the script's name. */
export function assign(
  programs: readonly Program[],
  scripts: readonly { script: Script; source: string }[],
): Map<string, Program> {
  const assigned = new Map<string, Program>();
  const free = new Set(programs);
  const give = (script: Script, program: Program | undefined) => {
    if (program === undefined || assigned.has(script.name) || !free.delete(program)) return;
    assigned.set(script.name, program);
  };
  for (const { script } of scripts) {
    for (const name of [script.originalFile, `${script.name}.py`]) {
      give(script, programs.find((program) => name !== undefined && program.name === name));
    }
  }
  const codes = new Map([...free].map((program) => [program, readCode(program.text, "python")]));
  const words = new Map(codes.entries().map(([program, code]) => [program, wordsOf(code)]));
  /** The fewer programs have a word, the more it tells; what none has tells nothing. */
  const weight = (word: string) => {
    const count = words.values().filter((has) => has.has(word)).toArray().length;
    return count === 0 ? 0 : 1 / count;
  };
  const pairs = scripts.flatMap(({ script, source }) => {
    const code = readCode(source, "typescript");
    const [marks, has] = [marksOf(code), wordsOf(code)];
    const isSession = script.original.en === "shown as a session";
    const fits = (program: Program) =>
      isSession ? program.isSession : !program.isSession && script.originalFile !== undefined;
    return [...free].filter(fits).map((program) => ({
      script,
      program,
      shared: matchMarks(marksOf(codes.get(program)!), marks).length,
      like: likeness(has, words.get(program)!, weight),
    }));
  });
  // First those that share most of what is printed; of several the most alike.
  for (const pair of pairs.sort((a, b) => b.shared - a.shared || b.like - a.like)) {
    if (pair.like >= ENOUGH) give(pair.script, pair.program);
  }
  return assigned;
}

/** From how much on in common a program is taken for the original of a script: between 0 and 1. */
const ENOUGH = 0.3;

/** The words of a program, texts among them, and how often each occurs. */
function wordsOf({ bare, language, source, strings }: Code): Map<string, number> {
  const body = language === "python" ? bare : bare.replace(/^import .*$/gm, "");
  const words = [
    ...body.replaceAll("_", "").toLowerCase().match(/[a-z]\w*/g) ?? [],
    ...strings.map(({ start, end }) => `"${source.slice(start, end).trim()}`),
  ];
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** How much two programs have in common (Dice's coefficient), from 0 to 1. */
function likeness(
  a: Map<string, number>,
  b: Map<string, number>,
  weight: (word: string) => number,
): number {
  let [shared, all] = [0, 0];
  for (const [word, count] of a) shared += weight(word) * Math.min(count, b.get(word) ?? 0);
  for (const [word, count] of [...a, ...b]) all += weight(word) * count;
  return all === 0 ? 0 : 2 * shared / all;
}
