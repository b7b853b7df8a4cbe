// What the benchmark measures, how it is shown, and what must be reached.

import type { Load, Measured } from "./load.ts";
import type { Kind } from "./servers.ts";

/** What is measured at once, and what of it is shown. */
export interface Row {
  /** What `--only` takes. */
  name: string;
  title: string;
  server: Kind;
  kind: Load["kind"] | "start";
  clients: number;
  /** What there are so many of in a second. */
  unit: string;
  figures: (keyof Figures)[];
  /** How often; 3 times where this is not given. */
  rounds?: number;
}

/** All that can stand in the table. */
export interface Figures extends Partial<Measured> {
  /** Milliseconds from the start of a server until it listens. */
  start?: number;
  /** The same for `deno run` of an empty file, until it has ended. */
  empty?: number;
}

const ROOM: (keyof Figures)[] = ["rate", "p50", "p99", "cost", "serverCpu", "loadCpu"];

export const ROWS: Row[] = [
  ...[10, 100, 300].map((clients) => room("raw", clients)),
  ...[10, 100, 300].map((clients) => room("line", clients)),
  {
    name: "connections",
    title: "2,000 clients connect",
    server: "room",
    kind: "connections",
    clients: 2000,
    unit: "connections",
    figures: ["rate", "served", "refused"],
    rounds: 5,
  },
  {
    name: "idle",
    title: "5,000 idle connections, and ten who talk",
    server: "room",
    kind: "idle",
    clients: 5000,
    unit: "deliveries",
    figures: ["memory", "rate", "p50"],
  },
  {
    name: "stalled",
    title: "line room, 10 clients, messages of 8 KB, and then one client reads no more",
    server: "line-room",
    kind: "stalled",
    clients: 10,
    unit: "messages",
    figures: ["rate", "longest", "longestStalled"],
  },
  {
    name: "json",
    title: "JSON, 100 clients, 10 round trips each",
    server: "json",
    kind: "json",
    clients: 100,
    unit: "round trips",
    figures: ROOM,
  },
  {
    name: "udp",
    title: "UDP, 10 clients",
    server: "udp",
    kind: "udp",
    clients: 10,
    unit: "round trips",
    figures: ROOM,
  },
  {
    name: "start",
    title: "start",
    server: "room",
    kind: "start",
    clients: 0,
    unit: "",
    figures: ["start", "empty"],
    rounds: 7,
  },
];

function room(framing: "raw" | "line", clients: number): Row {
  return {
    name: `${framing}${clients}`,
    title: `${framing} room, ${clients} clients`,
    server: framing === "line" ? "line-room" : "room",
    kind: "room",
    clients,
    unit: "deliveries",
    figures: ROOM,
    rounds: framing === "raw" ? 5 : 3, // raw rooms are close to one another
  };
}

/** How each figure is shown; what stands in for %s is the row's unit. */
const LABELS: Record<keyof Figures, [label: string, format: (value: number) => string]> = {
  rate: ["%s a second", whole],
  served: ["%s a second, until all are served", whole],
  refused: ["refused", whole],
  p50: ["round trip, p50, ms", precise],
  p99: ["round trip, p99, ms", precise],
  cost: ["µs of the server's processor each", precise],
  serverCpu: ["processor, server", percent],
  loadCpu: ["processor, load generator", percent],
  memory: ["KB of memory for a connection", (value) => (value / 1024).toFixed(1)],
  longest: ["longest round trip while all read, ms", precise],
  longestStalled: ["longest round trip with one that does not, ms", precise],
  start: ["ms until it listens", (value) => value.toFixed(0)],
  empty: ["ms for an empty file", (value) => value.toFixed(0)],
};

/** What a figure of a row is called, and how it is written. */
export function labelled(row: Row, figure: keyof Figures): [string, (value: number) => string] {
  const [label, format] = LABELS[figure];
  return [label.replace("%s", row.unit), format];
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function precise(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function percent(value: number): string {
  return `${Math.round(100 * value)} %`;
}

/** The medians of a row, for each subject. */
export type RowResult = Row & { results: Record<string, Figures> };

/** All that was measured, as `--json` writes it. */
export interface Results {
  date: string;
  machine: string;
  versions: string[];
  /** The load of the machine before the benchmark, which disturbs it: 0 is best. */
  loadBefore: number;
  rows: RowResult[];
  goals: { text: string; reached: number }[];
}

/** What must be reached, as the project has set it. */
interface Goal {
  text: string;
  /** What it is compared with: 1 and more is reached. NaN where a figure is missing. */
  reached(figure: (row: string, subject: string, name: keyof Figures) => number): number;
}

const GOALS: Goal[] = [
  ...[10, 100, 300].map((clients): Goal => ({
    text: `raw room, ${clients} clients: at least the faster of asyncio and node:net`,
    reached(figure) {
      const [own, ...others] = ["Deno", "asyncio", "node:net"].map((subject) =>
        figure(`raw${clients}`, subject, "rate")
      );
      return own! / Math.max(...others);
    },
  })),
  {
    text: "line room, 100 clients: at least 10 times asyncio",
    reached: (figure) =>
      figure("line100", "Deno", "rate") / figure("line100", "asyncio", "rate") / 10,
  },
  {
    text: "2,000 clients connect: at least 50,000 a second",
    reached: (figure) => figure("connections", "Deno", "rate") / 50_000,
  },
  {
    text: "2,000 clients connect: none refused",
    reached: (figure) => 1 - figure("connections", "Deno", "refused"),
  },
  {
    text: "idle connection: at most 10 KB",
    reached: (figure) => 10 * 1024 / figure("idle", "Deno", "memory"),
  },
  {
    text: "raw room, 10 clients: p50 of the round trip under asyncio's",
    reached: (figure) => figure("raw10", "asyncio", "p50") / figure("raw10", "Deno", "p50"),
  },
  {
    text: "a client that reads no more: nobody waits longer than 50 ms for it",
    reached: (figure) => 50 / figure("stalled", "Deno", "longestStalled"),
  },
  {
    text: "start: at most 3 times deno run of an empty file",
    reached: (figure) => 3 * figure("start", "Deno", "empty") / figure("start", "Deno", "start"),
  },
  {
    text: "a delivery to 300 clients costs at most 1.5 times one to 10",
    reached: (figure) => 1.5 * figure("raw10", "Deno", "cost") / figure("raw300", "Deno", "cost"),
  },
];

/** Checks the goals whose rows were measured. */
export function checkGoals(rows: RowResult[]): Results["goals"] {
  const figure = (row: string, subject: string, name: keyof Figures) =>
    rows.find((each) => each.name === row)?.results[subject]?.[name] ?? NaN;
  return GOALS.map(({ text, reached }) => ({ text, reached: reached(figure) }))
    .filter(({ reached }) => !Number.isNaN(reached));
}
