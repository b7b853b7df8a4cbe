// `deno task bench`: this project's servers beside Python, Node and C peers, in one run and one table.
//
//   deno task bench [--only ROW] [--json FILE] [--plot FILE] [--quick]

import { parseArgs } from "@std/cli/parse-args";
import { flushConsole, print, report } from "../lib/console.ts";
import { checkVersion } from "../lib/script/running.ts";
import { measure } from "../tests/bench/measure.ts";
import { plot } from "../tests/bench/plot.ts";
import {
  checkGoals,
  labelled,
  type Results,
  type Row,
  type RowResult,
  ROWS,
} from "../tests/bench/rows.ts";
import { findSubjects, type Subject } from "../tests/bench/servers.ts";

async function machine(): Promise<string> {
  const model = /^model name\s*: (.*)$/im.exec(await Deno.readTextFile("/proc/cpuinfo"))?.[1];
  const memory = Math.round(Deno.systemMemoryInfo().total / 2 ** 30);
  const cores = navigator.hardwareConcurrency;
  return `${model ?? Deno.build.arch}, ${cores} cores, ${memory} GB, Linux ${Deno.osRelease()}`;
}

const LABEL_WIDTH = 44;
const VALUE_WIDTH = 12;

function printRow(row: RowResult, subjects: Subject[]) {
  print(`\n${row.title}`);
  for (const figure of row.figures) {
    const [label, format] = labelled(row, figure);
    const values = subjects.map(({ name }) => {
      const value = row.results[name]?.[figure];
      return (value === undefined || Number.isNaN(value) ? "-" : format(value))
        .padStart(VALUE_WIDTH);
    });
    print(`  ${label.padEnd(LABEL_WIDTH)}${values.join("")}`);
  }
}

/** The row of that name, or all whose names begin so. */
function chosen(only: string): Row[] {
  const exact = ROWS.filter(({ name }) => name === only);
  const rows = exact.length > 0 ? exact : ROWS.filter(({ name }) => name.startsWith(only));
  if (rows.length > 0) return rows;
  const names = ROWS.map(({ name }) => name).join(", ");
  throw new Error(`--only takes one of ${names}, or how several of them begin, not ${only}`);
}

async function main() {
  const flags = parseArgs(Deno.args, {
    string: ["only", "json", "plot"],
    boolean: ["quick"],
    unknown: (arg) => {
      throw new Error(`bench takes --only ROW, --json FILE, --plot FILE and --quick, not ${arg}`);
    },
  });
  if (Deno.build.os !== "linux") throw new Error("the benchmark runs on Linux only");
  const rows = chosen(flags.quick ? "raw10" : `${flags.only ?? ""}`);
  const folder = await Deno.makeTempDir();
  try {
    const subjects = await findSubjects(folder);
    const versions = Array.from(new Set(subjects.map(({ version }) => version)));
    const results: Results = {
      date: new Date().toISOString().slice(0, 10),
      machine: await machine(),
      versions,
      loadBefore: Deno.loadavg()[0]!,
      rows: [],
      goals: [],
    };
    print(results.machine);
    print(versions.join("; "));
    print(`load average before: ${results.loadBefore.toFixed(2)}`);
    print(
      " ".repeat(LABEL_WIDTH + 2) + subjects.map(({ name }) => name.padStart(VALUE_WIDTH)).join(""),
    );
    for (const row of rows) {
      const result = await measure(row, subjects, Boolean(flags.quick));
      results.rows.push(result);
      printRow(result, subjects);
      await flushConsole();
    }
    results.goals = checkGoals(results.rows);
    if (results.goals.length > 0) print("\nmust reach (1 is reached)");
    for (const { text, reached } of results.goals) {
      print(`  ${reached >= 1 ? "yes" : "NO "} ${reached.toFixed(2).padStart(6)}  ${text}`);
    }
    if (flags.json) {
      await Deno.writeTextFile(`${flags.json}`, JSON.stringify(results, null, 2) + "\n");
    }
    if (flags.plot) await Deno.writeTextFile(`${flags.plot}`, plot(results));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  try {
    checkVersion();
    await main();
  } catch (error) {
    report(`bench: ${error instanceof Error ? error.message : error}`);
    await flushConsole();
    Deno.exit(1);
  }
}
