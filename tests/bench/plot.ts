// The plot of a benchmark, as SVG: a panel for each figure, a bar for each subject.

import { type Figures, labelled, type Results, type RowResult } from "./rows.ts";

/** What has a panel: these figures of these rows, as far as they were measured. */
const PANELS: [row: RegExp, figure: keyof Figures][] = [
  [/^raw/, "rate"],
  [/^line/, "rate"],
  [/^raw/, "p50"],
  [/^connections$/, "served"],
  [/^idle$/, "memory"],
  [/^start$/, "start"],
  [/^json$/, "rate"],
  [/^udp$/, "rate"],
];
const LESS_IS_BETTER = new Set<keyof Figures>(["p50", "memory", "start"]);

const COLUMNS = 3;
const WIDTH = 330, PANEL_GAP = 30, MARGIN = 30, HEAD = 80;
const BAR = 16, BAR_GAP = 7, NAMES = 66, VALUES = 82, TITLE = 44;
const OWN = "#0f766e", OTHERS = "#cbd5e1", INK = "#0f172a", SOFT = "#64748b";

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function textAt(x: number, y: number, text: string, style: string): string {
  return `<text x="${x}" y="${y}" ${style}>${escapeXml(text)}</text>`;
}

function panel(row: RowResult, figure: keyof Figures): string[] {
  const [label, format] = labelled(row, figure);
  const bars = Object.entries(row.results).flatMap(([name, figures]) => {
    const value = figures[figure];
    return value === undefined || Number.isNaN(value) ? [] : [{ name, value }];
  });
  const most = Math.max(...bars.map(({ value }) => value));
  const room = WIDTH - NAMES - VALUES;
  const parts = [
    textAt(0, 12, row.title, `font-weight="600" fill="${INK}"`),
    textAt(
      0,
      29,
      `${label}, ${LESS_IS_BETTER.has(figure) ? "less" : "more"} is better`,
      `font-size="11" fill="${SOFT}"`,
    ),
  ];
  bars.forEach(({ name, value }, i) => {
    const y = TITLE + i * (BAR + BAR_GAP);
    const own = name === "Deno";
    const length = Math.max(1, value / most * room).toFixed(1);
    const weight = own ? `font-weight="600" fill="${OWN}"` : `fill="${INK}"`;
    parts.push(
      textAt(NAMES - 8, y + 12, name, `text-anchor="end" font-size="12" ${weight}`),
      `<rect x="${NAMES}" y="${y}" width="${length}" height="${BAR}" rx="2" fill="${
        own ? OWN : OTHERS
      }"/>`,
      textAt(NAMES + Number(length) + 6, y + 12, format(value), `font-size="12" ${weight}`),
    );
  });
  return parts;
}

/** The plot of a run. */
export function plot({ rows, machine, versions, date }: Results): string {
  const panels = PANELS.flatMap(([name, figure]) =>
    rows.filter((row) => name.test(row.name)).map((row) => panel(row, figure))
  );
  const subjects = Math.max(1, ...rows.map(({ results }) => Object.keys(results).length));
  const height = TITLE + subjects * (BAR + BAR_GAP) + PANEL_GAP;
  const wide = 2 * MARGIN + COLUMNS * WIDTH + (COLUMNS - 1) * PANEL_GAP;
  const high = HEAD + MARGIN + Math.ceil(panels.length / COLUMNS) * height;
  const placed = panels.map((parts, i) => {
    const x = MARGIN + (i % COLUMNS) * (WIDTH + PANEL_GAP);
    const y = HEAD + MARGIN + Math.floor(i / COLUMNS) * height;
    return `<g transform="translate(${x} ${y})">${parts.join("\n")}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${wide} ${high}" width="${wide}" height="${high}" font-family="system-ui, sans-serif" font-size="14">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    textAt(
      MARGIN,
      42,
      "Socket servers, measured",
      `font-size="22" font-weight="700" fill="${INK}"`,
    ),
    textAt(
      MARGIN,
      66,
      `${machine} — ${versions.join(", ")} — ${date}`,
      `font-size="12" fill="${SOFT}"`,
    ),
    ...placed,
    "</svg>",
    "",
  ].join("\n");
}
