// Reads what the pages take over from the project's own README files: tables, and the diagrams of the
// protocols. So each of them is written once.

/** The README files in which to look, in this order. */
const FILES = ["scripts/README.md", "README.md"];

/** A row of a table: its cells, by the name of their column. */
export type TableRow = Record<string, string>;

/** What stands in the README files of the project at `root`. */
export async function readReadme(root: URL): Promise<Readme> {
  const texts: string[] = [];
  for (const file of FILES) {
    try {
      texts.push(await Deno.readTextFile(new URL(file, root)));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return new Readme(texts.join("\n"));
}

export class Readme {
  readonly #lines: string[];

  constructor(markdown: string) {
    this.#lines = markdown.split("\n");
  }

  /** The rows of the first table that has all these columns; none where there is no such table. */
  table(...columns: string[]): TableRow[] {
    const at = this.#lines.findIndex((line) => {
      const names = cells(line);
      return columns.every((column) => names.includes(column));
    });
    if (at < 0) return [];
    const names = cells(this.#lines[at]!);
    const body = this.#lines.slice(at + 2);
    const end = body.findIndex((line) => !line.startsWith("|"));
    return body.slice(0, end < 0 ? undefined : end).map((line) =>
      Object.fromEntries(cells(line).map((cell, i) => [names[i] ?? "", cell]))
    );
  }

  /** The Mermaid diagrams, by the heading under which they stand. */
  diagrams(): Map<string, string> {
    const found = new Map<string, string>();
    let heading = "";
    let diagram: string[] | undefined;
    for (const line of this.#lines) {
      if (diagram) {
        if (line !== "```") diagram.push(line);
        else {
          found.set(heading, diagram.join("\n"));
          diagram = undefined;
        }
      } else if (line === "```mermaid") diagram = [];
      else heading = /^#+ (.*)/.exec(line)?.[1] ?? heading;
    }
    return found;
  }
}

/** The cells of a line of a table. */
function cells(line: string): string[] {
  if (!line.startsWith("|")) return [];
  return line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim().replaceAll("\\|", "|"));
}
