// What came of a class: a table for people, and CSV for a spreadsheet.

import { green, red, yellow } from "@std/fmt/colors";
import { visible } from "../../../lib/builtins.ts";
import { textWidth } from "../../../lib/console/layout.ts";
import { tally } from "../report.ts";
import type { Result } from "../result.ts";
import { type Grade, gradeOf, GRADES } from "../spec.ts";
import type { Marked } from "./mark.ts";

/** How many characters of a reason the table shows. */
const REASON_SHOWN = 110;

/** The first spec that failed: course before stream, stream before wording. */
function firstFailed({ checked }: Marked): { name: string; result: Result } | undefined {
  const failed = checked.flatMap(({ exercise, results }) =>
    results.filter(({ failure }) => failure).map((result) => ({
      name: checked.length > 1 ? `${exercise.name} ${result.spec.id}` : result.spec.id,
      result,
    }))
  );
  const ofGrade = (grade: Grade) => failed.find(({ result }) => gradeOf(result.spec) === grade);
  return GRADES.map(ofGrade).find((each) => each !== undefined);
}

/** `6 of 6`, for each grade; empty where none of its specs was chosen. */
export function counts({ checked }: Pick<Marked, "checked">): string[] {
  return GRADES.map((grade) => {
    const { passed, tried } = tally(checked, grade);
    return tried === 0 ? "" : `${passed} of ${tried}`;
  });
}

/** A row each: who, the grades, what failed first. */
export function tableLines(all: readonly Marked[]): string {
  const rows = all.map((marked) => {
    const first = firstFailed(marked);
    const reason = first?.result.failure?.reason ?? "";
    const shown = Array.from(visible(reason)).slice(0, REASON_SHOWN).join("");
    return [
      visible(marked.submission.name),
      ...counts(marked),
      first ? `${first.name}: ${shown}${shown.length < visible(reason).length ? " ..." : ""}` : "",
    ];
  });
  const table = [["who", ...GRADES, "what failed first"], ...rows];
  const widths = table[0]!.map((_, column) =>
    Math.max(...table.map((row) => textWidth(row[column]!)))
  );
  return table.map((row, i) => {
    const cells = row.map((cell, column) => cell + " ".repeat(widths[column]! - textWidth(cell)));
    const line = cells.join("  ").trimEnd();
    return `  ${i === 0 ? line : colorOf(all[i - 1]!)(line)}\n`;
  }).join("");
}

function colorOf(marked: Marked): (line: string) => string {
  const first = firstFailed(marked);
  if (first === undefined) return green;
  return gradeOf(first.result.spec) === "wording" ? yellow : red;
}

/** The same as CSV (RFC 4180), marked as UTF-8: without that mark Excel takes Hangul for something else. */
export function toCsv(all: readonly Marked[]): string {
  const head = [
    "name",
    "path",
    ...GRADES.flatMap((grade) => [`${grade} passed`, `${grade} of`]),
    "first failed",
    "reason",
    "seconds",
  ];
  const rows = all.map((marked) => {
    const { submission: { name, path }, checked } = marked;
    const first = firstFailed(marked);
    const numbers = GRADES.flatMap((grade) => {
      const { passed, tried } = tally(checked, grade);
      return [passed, tried];
    });
    const milliseconds = checked.flatMap(({ results }) => results)
      .reduce((sum, each) => sum + each.milliseconds, 0);
    return [
      ...[name, path, ...numbers, first?.name ?? "", first?.result.failure?.reason ?? ""],
      (milliseconds / 1000).toFixed(1),
    ];
  });
  return "\ufeff" + [head, ...rows].map((row) => row.map(csvCell).join(",") + "\r\n").join("");
}

/** A cell. One that begins like a formula is none: a spreadsheet would run what somebody's file is called. */
function csvCell(value: string | number): string {
  const text = visible(String(value)).replace(/^(?=[=+\-@])/, "'");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
