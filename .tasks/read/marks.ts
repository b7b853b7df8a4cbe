// What a reader's eye holds on to: the names of classes and functions, and every text that is printed,
// prompted with or sent. `matchMarks` finds those of an original in its script, in the same order.
// Runs in the browser too.

// deno-lint-ignore no-import-prefix -- what deno.lock lists, a script's first start downloads
import { diffArrays } from "npm:diff@9.0.0";
import type { Code, Part } from "./code.ts";

/** A name or a text, and where it stands. */
export interface Mark extends Part {
  kind: "name" | "text";
  /** What is compared: without case and underscores, since Python says `client_sockets`. */
  key: string;
}

/** A mark of the original with its partner in the script. */
export interface MatchedMark {
  python: Mark;
  script: Mark;
}

/** Texts that say nothing about the program's course: encodings, numbers, separators. */
const MINOR = /utf-8|UTF-8|strict|__main__|__name__|[\d.]+|<broadcast>|usage : python|, |: /;
const isMinor = (text: string) => text.length < 2 || MINOR.exec(text)?.[0] === text;

/** The marks of a program, in order. */
export function marksOf(code: Code): Mark[] {
  const names = code.language === "python" ? pythonNames(code) : scriptNames(code);
  return [...names, ...textMarks(code)].sort((a, b) => a.start - b.start);
}

/** A class or a function; and a method in an outline, which has no `def`, as page 003 prints it. */
const PYTHON_DEFINITION = /\b(?:class|def)\s+([A-Za-z_]\w*)|^ +([A-Za-z_]\w*)\(self\b.*\):/gdm;

function* pythonNames({ bare }: Code): Generator<Mark> {
  for (const match of bare.matchAll(PYTHON_DEFINITION)) {
    const group = match[1] === undefined ? 2 : 1;
    const name = match[group]!;
    if (!name.startsWith("__")) yield nameMark(name, match.indices![group]![0]);
  }
}

const MODIFIERS = "(?:(?:export|default|static|override|async|readonly|get|set|public|private) +)*";
/** A class, a function, or a method, which is a name and brackets with a block after them. */
const DEFINITION = new RegExp(
  String
    .raw`\bclass\s+(\w+)|\bfunction\s*\*?\s*(\w+)|^[ ]*${MODIFIERS}(\w+)(?:<[^>]*>)?\(.*\{[ ]*$`,
  "gdm",
);
const NO_METHOD = /^(if|for|while|switch|catch|constructor|return|function)$/;

function* scriptNames({ bare }: Code): Generator<Mark> {
  for (const match of bare.matchAll(DEFINITION)) {
    const group = [1, 2, 3].find((group) => match[group] !== undefined)!;
    const name = match[group]!;
    if (!NO_METHOD.test(name)) yield nameMark(name, match.indices![group]![0]);
  }
}

function nameMark(name: string, start: number): Mark {
  return { kind: "name", key: squash(name), start, end: start + name.length };
}

/** The lines of every text within quotes; of a JSON text the strings in it. */
function* textMarks({ source, strings }: Code): Generator<Mark> {
  for (const { start, end } of strings) {
    const whole = source.slice(start, end);
    // An escaped newline becomes two real ones: as long as before, and no letter.
    const lines = whole.replaceAll("\\n", "\n\n");
    const isJson = /^\s*[{[]\s*"/.test(whole);
    const parts = isJson ? /(?<=")[^"\n]+(?=" *[:,\]}])/g : /[^\n]+/g;
    for (const { 0: part, index } of lines.matchAll(parts)) {
      const text = part.trim();
      if (isMinor(text)) continue;
      const at = start + index + part.indexOf(text);
      yield { kind: "text", key: squash(text), start: at, end: at + text.length };
    }
  }
}

function squash(text: string): string {
  return text.replaceAll("_", "").toLowerCase();
}

/**
 * The marks of the original that the script has in the same order, as many as possible. Where several
 * of the script's would do, the one that is most `like` the original's is taken.
 */
export function matchMarks(
  python: readonly Mark[],
  script: readonly Mark[],
  like: (python: Mark, script: Mark) => number = () => 0,
): MatchedMark[] {
  const matched: MatchedMark[] = [];
  let [p, s] = [0, 0];
  const changes = diffArrays([...python], [...script], {
    comparator: (a, b) => a.kind === b.kind && a.key === b.key,
  });
  for (const { added, removed, count } of changes) {
    for (let i = 0; i < count; i++) {
      if (!added && !removed) matched.push({ python: python[p]!, script: script[s]! });
      if (!added) p++;
      if (!removed) s++;
    }
  }
  for (const [i, { python, script: found }] of matched.entries()) {
    const after = matched[i - 1]?.script.start ?? -1;
    const before = matched[i + 1]?.script.start ?? Infinity;
    const others = script.filter(({ kind, key, start }) =>
      kind === found.kind && key === found.key && start > after && start < before
    );
    const best = others.toSorted((a, b) => like(python, b) - like(python, a))[0];
    matched[i] = { python, script: best ?? found };
  }
  return matched;
}
