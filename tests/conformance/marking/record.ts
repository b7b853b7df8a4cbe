// The results file of a class: a line of JSON for each program that has been checked, written as soon as
// it has. Interrupted and started again, a check goes on where it was.

import { basename } from "node:path";
import { bytesOf } from "../bytes.ts";
import type { Checked } from "../check_exercise.ts";
import type { Failure, Outcome, Result, Shown } from "../result.ts";
import type { Exercise } from "../spec.ts";
import type { Submission } from "./submissions.ts";

/** How much of a content is kept, in bytes: a report shows no more of it. */
const KEPT = 300;

/** The file holds the results of another check. */
export class OtherRecord extends Error {
  override name = "OtherRecord";
}

/** The first line of the file. Only a file that begins with our own request is used, as what we wrote. */
interface Head {
  readonly request: string;
}

/** A result as it stands in the file. */
interface Line {
  readonly name: string;
  readonly path: string;
  readonly state: string;
  readonly exercises: readonly {
    readonly name: string;
    readonly results: readonly {
      readonly id: string;
      readonly outcome: Outcome;
      readonly milliseconds: number;
      readonly down: boolean;
      readonly skipped?: string;
      readonly failure?: {
        readonly reason: string;
        readonly stderr: string;
        readonly cause?: string;
        readonly usualCause?: string;
        readonly after?: string;
        readonly shown: readonly { what: string; size: number; hex: string }[];
      };
    }[];
  }[];
}

/** The results file. */
export class Record {
  private constructor(readonly file: string, readonly lines: readonly Line[]) {}

  /**
   * Opens the file, or makes it anew. `request` says what is checked, and how: results of another
   * request are of no use for this one, and are not thrown away unasked (OtherRecord).
   */
  static async open(file: string, request: string, anew: boolean): Promise<Record> {
    const text = anew ? undefined : await read(file);
    if (text === undefined) {
      await Deno.writeTextFile(file, JSON.stringify({ request }) + "\n");
      return new Record(file, []);
    }
    const [head, ...lines] = text.split("\n").map(parsed);
    if (head?.request !== request) {
      throw new OtherRecord(
        `${basename(file)} holds results of another check (${
          head?.request ?? "or of something else"
        }); ` +
          "--anew throws them away, and so does deleting it",
      );
    }
    // The last line may be cut, where the check was killed in the middle of it.
    if (!text.endsWith("\n")) await Deno.writeTextFile(file, "\n", { append: true });
    return new Record(file, lines.filter(isResult));
  }

  /** What came of a program when it was checked before; undefined where it was not, or has changed. */
  find({ path, state }: Submission, exercises: readonly Exercise[]): Checked[] | undefined {
    const line = this.lines.findLast((each) => each.path === path && each.state === state);
    return line && restored(line, exercises);
  }

  async add({ name, path, state }: Submission, checked: readonly Checked[]): Promise<void> {
    const line: Line = {
      name,
      path,
      state,
      exercises: checked.map(({ exercise, results }) => ({
        name: exercise.name,
        results: results.map(({ spec, failure, ...rest }) => ({
          id: spec.id,
          ...rest,
          ...failure && { failure: { ...failure, shown: failure.shown.map(kept) } },
        })),
      })),
    };
    await Deno.writeTextFile(this.file, JSON.stringify(line) + "\n", { append: true });
  }
}

async function read(file: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** A line of the file; undefined where it is cut, or none of ours. */
function parsed(line: string): Partial<Head & Line> | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isResult(line: Partial<Line> | undefined): line is Line {
  return Boolean(line?.exercises);
}

function kept({ what, content, size }: Shown) {
  const bytes = bytesOf(content);
  return { what, size: size ?? bytes.length, hex: bytes.slice(0, KEPT).toHex() };
}

/** The results of a line; undefined where the specs are others by now. */
function restored(line: Line, exercises: readonly Exercise[]): Checked[] | undefined {
  const checked: Checked[] = [];
  for (const { name, results } of line.exercises) {
    const exercise = exercises.find((each) => each.name === name);
    if (!exercise) return undefined;
    const again: Result[] = [];
    for (const { id, failure, ...rest } of results) {
      const spec = exercise.specs.find((each) => each.id === id);
      if (!spec) return undefined;
      again.push({ spec, ...rest, ...failure && { failure: restoredFailure(failure) } });
    }
    checked.push({ exercise, results: again });
  }
  return checked;
}

type KeptFailure = NonNullable<Line["exercises"][number]["results"][number]["failure"]>;

function restoredFailure({ shown, ...rest }: KeptFailure): Failure {
  return {
    ...rest,
    shown: shown.map(({ what, size, hex }) => ({ what, size, content: Uint8Array.fromHex(hex) })),
  };
}
