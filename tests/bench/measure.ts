// Measures the rows of the benchmark. In each round of a row every server is started anew and measured,
// one after the other, so that whatever else the machine does hits all alike; the medians of the rounds
// are compared. A server that runs keeps the core and the memory that it happened to get, which alone can
// make a fifth of its speed.

import { report } from "../../lib/console.ts";
import type { Load } from "./load.ts";
import type { Figures, Row, RowResult } from "./rows.ts";
import { run, startServer, type Subject } from "./servers.ts";

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
export async function measure(row: Row, subjects: Subject[], quick: boolean): Promise<RowResult> {
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
