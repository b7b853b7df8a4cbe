// What came of a check, for people and for machines: a line for each spec, JSON, JUnit's XML, and
// Gradescope's results.json.

import { bold, dim, green, red, yellow } from "@std/fmt/colors";
import { visible } from "../../lib/builtins.ts";
import { bytesOf, quoted } from "./bytes.ts";
import type { Checked } from "./check_exercise.ts";
import type { Failure, Result, Shown } from "./result.ts";
import { type Exercise, type Grade, gradeOf, GRADES } from "./spec.ts";

/** What is told where the console says something otherwise. */
const WORDING_NOTE = "the rest is said otherwise, which counts for nothing";

/** How much of a long content is shown: bytes as hex, characters as text. */
const HEX_SHOWN = 48;
const TEXT_SHOWN = 72;
/** Bytes in a row of hex. */
const ROW = 16;

/** How many specs of a grade came out in which way. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly differs: number;
  readonly skipped: number;
  /** All but those skipped. */
  readonly tried: number;
}

export function tally(checked: readonly Checked[], grade: Grade): Tally {
  const results = checked.flatMap((each) => each.results).filter(({ spec }) =>
    gradeOf(spec) === grade
  );
  const count = (outcome: string) => results.filter((each) => each.outcome === outcome).length;
  const skipped = count("skipped");
  return {
    passed: count("passed"),
    failed: count("failed"),
    differs: count("differs"),
    skipped,
    tried: results.length - skipped,
  };
}

// For people

/** The lines for one spec that has been run. */
export function specLines({ spec, outcome, failure, skipped }: Result): string {
  const line = `${spec.id.padEnd(24)} ${spec.title}`;
  if (outcome === "passed") return `  ${green("✔")} ${line}\n`;
  if (outcome === "skipped") return `  ${yellow("-")} ${line} ${dim(`(skipped: ${skipped})`)}\n`;
  const mark = outcome === "differs" ? yellow("≠") : red("✘");
  return `  ${mark} ${bold(line)}\n${
    failureLines(failure!) // what failed has one
      .map((each) => `      ${each}\n`).join("")
  }`;
}

/** Why a spec failed, in lines. */
function failureLines(failure: Failure): string[] {
  const lines = [failure.reason];
  for (const shown of failure.shown) lines.push(...shownLines(shown));
  if (failure.stderr !== "") {
    lines.push("the last of its stderr:");
    for (const line of failure.stderr.trimEnd().split("\n").slice(-6)) {
      lines.push(`    ${visible(line)}`);
    }
  }
  const { cause, usualCause, after } = failure;
  if (cause !== undefined) lines.push(`cause: ${cause}`);
  else if (usualCause !== undefined) {
    lines.push(`usual cause${after ? `, if it is not that of ${after}` : ""}: ${usualCause}`);
  }
  return lines;
}

/** A content as text, and below as hex. */
function shownLines({ what, content, size }: Shown): string[] {
  const bytes = bytesOf(content);
  const all = size ?? bytes.length;
  if (all === 0) return [`${what}: nothing`];
  return [
    `${what}: ${quoted(bytes, TEXT_SHOWN)}${
      all > TEXT_SHOWN ? ` (${all.toLocaleString("en")} bytes in all)` : ""
    }`,
    ...hexRows(bytes).map((row) => `    ${dim(row)}`),
  ];
}

function hexRows(bytes: Uint8Array): string[] {
  const rows: string[] = [];
  for (let at = 0; at < Math.min(bytes.length, HEX_SHOWN); at += ROW) {
    rows.push(hex(bytes.subarray(at, Math.min(at + ROW, HEX_SHOWN))));
  }
  if (bytes.length > HEX_SHOWN) rows.push("...");
  return rows;
}

function hex(bytes: Uint8Array): string {
  return bytes.toHex().replace(/..(?!$)/g, "$& ");
}

/** The last lines: each grade for itself. */
export function summaryLines(checked: readonly Checked[], strict: boolean): string {
  const lines = GRADES.flatMap((grade) => {
    const { passed, failed, differs, skipped, tried } = tally(checked, grade);
    if (tried + skipped === 0) return [];
    const counts = `${grade}: ${passed} of ${tried} passed`;
    const more = skipped > 0 ? `, ${skipped} skipped` : "";
    if (differs > 0) return yellow(counts) + more + dim(` (${WORDING_NOTE})`);
    if (failed === 0) return green(counts) + more;
    const left = grade === "stream" && !strict;
    return red(counts) + more +
      (left ? dim(" (the exit status leaves them out; --strict counts them)") : "");
  });
  return lines.join("\n") + "\n";
}

/** All exercises, with the number of specs of each grade. */
export function exerciseLines(exercises: readonly Exercise[]): string {
  const width = Math.max(...exercises.map(({ name }) => name.length));
  const lines = exercises.map(({ name, specs, title }) => {
    const counts = GRADES.map((grade) => {
      const { length } = specs.filter((spec) => gradeOf(spec) === grade);
      return `${String(length).padStart(2)} ${grade}`;
    });
    return `  ${name.padEnd(width)}  ${counts.join("  ")}  ${title}`;
  });
  return lines.join("\n") + "\n";
}

// For machines

/** Everything, for `--json`. */
export function toJson(checked: readonly Checked[]): string {
  return JSON.stringify({ exercises: plainExercises(checked) }, null, 2) + "\n";
}

/** The same for the programs of a class. */
export function toJsonOfClass(
  all: readonly { submission: { name: string; path: string }; checked: readonly Checked[] }[],
): string {
  const programs = all.map(({ submission: { name, path }, checked }) => ({
    name,
    path,
    exercises: plainExercises(checked),
  }));
  return JSON.stringify({ programs }, null, 2) + "\n";
}

function plainExercises(checked: readonly Checked[]) {
  return checked.map(({ exercise, results }) => ({
    name: exercise.name,
    title: exercise.title,
    grades: Object.fromEntries(
      GRADES.map((grade) => [grade, tally([{ exercise, results }], grade)]),
    ),
    specs: results.map(({ spec, outcome, milliseconds, failure, skipped }) => ({
      id: spec.id,
      grade: gradeOf(spec),
      title: spec.title,
      outcome,
      seconds: seconds(milliseconds),
      skipped,
      failure: failure && {
        reason: failure.reason,
        cause: failure.cause,
        usualCause: failure.usualCause,
        after: failure.after,
        shown: failure.shown.map(({ what, content }) => ({
          what,
          text: new TextDecoder().decode(bytesOf(content)),
          hex: bytesOf(content).toHex(),
        })),
        stderr: failure.stderr,
      },
    })),
  }));
}

/** JUnit's XML, as CI systems read it: a suite for each exercise and grade. */
export function toJunit(checked: readonly Checked[]): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>"];
  for (const { exercise, results } of checked) {
    for (const grade of GRADES) {
      const ofGrade = results.filter(({ spec }) => gradeOf(spec) === grade);
      if (ofGrade.length === 0) continue;
      const { failed, skipped } = tally([{ exercise, results }], grade);
      const time = seconds(ofGrade.reduce((sum, each) => sum + each.milliseconds, 0));
      const suite = `${exercise.name}.${grade}`;
      lines.push(
        `  <testsuite name="${suite}" tests="${ofGrade.length}" failures="${failed}" errors="0" skipped="${skipped}" time="${time}">`,
        ...ofGrade.map((result) => junitCase(suite, result)),
        "  </testsuite>",
      );
    }
  }
  return [...lines, "</testsuites>", ""].join("\n");
}

function junitCase(
  suite: string,
  { spec, outcome, milliseconds, failure, skipped }: Result,
): string {
  const open = `    <testcase classname="${suite}" name="${
    xml(`${spec.id}: ${spec.title}`)
  }" time="${seconds(milliseconds)}"`;
  if (outcome === "passed") return `${open}/>`;
  const inside = !failure ? `<skipped message="${xml(skipped ?? "")}"/>` : outcome === "differs" // which JUnit has no word for: it passes, and this is shown with it
    ? `<system-out>${xml(plain(failure))}</system-out>`
    : `<failure message="${xml(failure.reason)}">${xml(plain(failure))}</failure>`;
  return `${open}>${inside}</testcase>`;
}

/** Text as XML 1.0 takes it: without the characters that it can't hold at all (XML 1.0, 2.2). */
function xml(text: string): string {
  return visible(text.toWellFormed()).replace(/[\ufffe\uffff]/g, "\ufffd").replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/**
 * Gradescope's results.json (gradescope-autograders.readthedocs.io, "Autograder Specifications"): one
 * point for each course spec; a stream spec is worth a point with `strict`, and is only shown without;
 * what differs in its wording is shown as passed.
 */
export function toGradescope(checked: readonly Checked[], strict: boolean): string {
  const several = checked.length > 1;
  const tests = checked.flatMap(({ exercise, results }) =>
    results.filter(({ outcome }) => outcome !== "skipped").map(({ spec, outcome, failure }) => {
      const grade = gradeOf(spec);
      const worth = grade === "course" || grade === "stream" && strict ? 1 : 0;
      return {
        name: `${several ? `${exercise.name} ` : ""}${spec.id}: ${spec.title}`,
        score: outcome === "passed" ? worth : 0,
        max_score: worth,
        status: outcome === "failed" ? "failed" : "passed",
        output: failure ? plain(failure) : "",
        tags: [grade],
      };
    })
  );
  return JSON.stringify({ tests }, null, 2) + "\n";
}

/** A failure in lines without colours. */
function plain(failure: Failure): string {
  // deno-lint-ignore no-control-regex -- the colours' own escape sequences
  return failureLines(failure).join("\n").replace(/\x1b\[\d+m/g, "");
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}
