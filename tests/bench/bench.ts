// The benchmark: this project's servers beside Python, Node and C peers, in one run and one table.
//
//   deno task bench [--only ROW] [--json FILE] [--plot FILE] [--quick]
//
// In each round of a row every server is started anew and measured, one after the other, so that
// whatever else the machine does hits all alike; the medians of the rounds are compared. A server that
// runs keeps the core and the memory that it happened to get, which alone can make a fifth of its speed.

import { parseArgs } from "@std/cli/parse-args";
import { flushConsole, print, report } from "../../lib/console.ts";
import type { Load } from "./load.ts";
import { plot } from "./plot.ts";
import {
  checkGoals,
  type Figures,
  labelled,
  type Results,
  type Row,
  type RowResult,
  ROWS,
} from "./rows.ts";
import { findSubjects, run, startServer, type Subject } from "./servers.ts";

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

function medians(rounds: Figures[]): Figures {
  const names = Object.keys(rounds[0] ?? {}) as (keyof Figures)[]; // Object.keys forgets the type
  const entries = names.map((name) => [name, median(rounds.map((round) => round[name] ?? NaN))]);
  return Object.fromEntries(entries);
}

/** Measures a row. */
async function measure(row: Row, subjects: Subject[], quick: boolean): Promise<RowResult> {
  const able = subjects.filter(({ without }) => without !== row.server);
  const rounds = quick ? 1 : row.rounds ?? 3;
  const all = new Map(able.map(({ name }) => [name, [] as Figures[]]));
  for (let round = 1; round <= rounds; round++) {
    report(`${row.title}: round ${round} of ${rounds}`);
    for (const subject of able) {
      if (row.kind === "start") {
        all.get(subject.name)!.push(await measureStart(subject));
        continue;
      }
      await using server = startServer(subject.command(row.server));
      const load: Load = {
        kind: row.kind,
        port: await server.port(),
        pid: server.pid,
        clients: row.clients,
        line: row.server === "line-room",
        warmUpSeconds: quick ? 0.1 : 0.7,
        seconds: quick ? 0.2 : 1,
      };
      try {
        all.get(subject.name)!.push(JSON.parse(await run(load)));
      } catch (error) {
        report(`${subject.name}: ${error instanceof Error ? error.message : error}`);
      }
    }
  }
  const results = Array.from(all, ([name, figures]) => [name, medians(figures)]);
  return { ...row, results: Object.fromEntries(results) };
}

/** How long a server takes until it listens; for Deno, how long an empty program takes, too. */
async function measureStart(subject: Subject): Promise<Figures> {
  const begin = performance.now();
  await using server = startServer(subject.command("room"));
  await server.port();
  const start = performance.now() - begin;
  if (subject.name !== "Deno") return { start };
  const empty = await Deno.makeTempFile({ suffix: ".ts" });
  const emptyBegin = performance.now();
  await new Deno.Command(Deno.execPath(), { args: ["run", empty] }).output();
  const emptyTime = performance.now() - emptyBegin;
  await Deno.remove(empty);
  return { start, empty: emptyTime };
}

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
    await main();
  } catch (error) {
    report(`bench: ${error instanceof Error ? error.message : error}`);
    await flushConsole();
    Deno.exit(1);
  }
}
