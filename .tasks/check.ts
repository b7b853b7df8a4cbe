// `deno task check`: runs the specs of an exercise against any program that should solve it. Its manners
// are those of h2spec: sections, one line a case, expected and received under a failure, and what only
// a strict reading asks for kept apart.

import { parseArgs } from "@std/cli/parse-args";
import { setColorEnabled } from "@std/fmt/colors";
import { type Checked, checkExercise, chosen } from "../tests/conformance/check_exercise.ts";
import {
  exerciseLines,
  specLines,
  summaryLines,
  tally,
  toGradescope,
  toJson,
  toJunit,
} from "../tests/conformance/report.ts";
import type { Exercise } from "../tests/conformance/spec.ts";
import { EXERCISES } from "../tests/conformance/specs/all.ts";
import { PortTaken, type Target } from "../tests/conformance/target.ts";
import { NotStarted } from "../tests/support/program.ts";

const USAGE = `Checks a program that should solve an exercise of the course.

usage: deno task check                                      the exercises there are
       deno task check NAME [ID...] --list                  the specs of one
       deno task check NAME [ID...] [flags] -- COMMAND...   checks what the command starts
       deno task check NAME [ID...] [flags] --port PORT     checks a server that runs already

COMMAND may hold {host} and {port}: the address that the program is to use. Without {port}, the course's
port is taken. An ID is that of a spec, or how several begin: course, stream, stream.split.

  --host ADDRESS     where the server is, if not on this machine
  --port PORT        the port, if not the course's
  --timeout SECONDS  how long to wait for each thing that the program should do (default 10)
  --strict           stream specs count in the exit status, and in Gradescope's score
  --list             names the specs and runs none
  --json             results on stdout as JSON, instead of lines for people
  --junit FILE       results as JUnit's XML, too
  --gradescope FILE  results as Gradescope's results.json, too

exit status: 0 all course specs passed; 1 one failed; 3 with --strict, only stream specs failed;
             2 wrong usage, or nothing could be checked
`;

const COURSE_FAILED = 1;
const NOTHING_CHECKED = 2;
const STREAM_FAILED = 3;

/** What was asked for can't be done, for the reason in the message. */
class UsageError extends Error {
  override name = "UsageError";
}

interface Request {
  readonly exercises: readonly Exercise[];
  /** What ids must begin with; empty for all. */
  readonly ids: readonly string[];
  readonly target: Target;
  readonly strict: boolean;
  readonly list: boolean;
  readonly json: boolean;
  readonly junit: string | undefined;
  readonly gradescope: string | undefined;
}

function parse(args: readonly string[]): Request | undefined {
  const flags = parseArgs(args, {
    "--": true,
    boolean: ["strict", "list", "json", "help"],
    string: ["_", "host", "port", "timeout", "junit", "gradescope"],
    alias: { h: "help" },
    unknown: (arg, key) => {
      if (key !== undefined) {
        throw new UsageError(`unknown flag ${arg}; --help lists those there are`);
      }
    },
  });
  if (flags.help) return undefined;
  const [name, ...ids] = flags._.map(String);
  const given = flags["--"];
  const command = Array.isArray(given) && given.length > 0 ? given.map(String) : undefined;
  const text = (flag: string) => typeof flags[flag] === "string" ? flags[flag] : undefined;
  return {
    exercises: exercisesNamed(name),
    ids,
    target: {
      command,
      // deno task runs in the project's folder; the command is meant where it was typed.
      cwd: Deno.env.get("INIT_CWD") ?? Deno.cwd(),
      host: text("host"),
      port: number(text("port"), "--port", 65535),
      limit: 1000 * (number(text("timeout"), "--timeout", 3600) ?? 10),
      onWait: report,
    },
    strict: flags.strict === true,
    list: flags.list === true,
    json: flags.json === true,
    junit: text("junit"),
    gradescope: text("gradescope"),
  };
}

function number(text: string | undefined, flag: string, largest: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (value > 0 && value <= largest) return value;
  throw new UsageError(`${flag} takes a number from 1 to ${largest}, not "${text}"`);
}

/** The exercise of that name, or those whose one script plays both sides: cinema. */
function exercisesNamed(name: string | undefined): readonly Exercise[] {
  if (name === undefined) return EXERCISES;
  const named = EXERCISES.filter((each) => each.name === name);
  const found = named.length > 0 ? named : EXERCISES.filter((each) => each.script === name);
  if (found.length > 0) return found;
  throw new UsageError(
    `there is no exercise ${name}: ${EXERCISES.map((each) => each.name).join(", ")}`,
  );
}

const encoder = new TextEncoder();

async function write(text: string): Promise<void> {
  let bytes = encoder.encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(await Deno.stdout.write(bytes));
}

function report(line: string) {
  Deno.stderr.writeSync(encoder.encode(`check: ${line}\n`));
}

async function list({ exercises, ids }: Request): Promise<void> {
  for (const exercise of exercises) {
    await write(`${exercise.name}: ${exercise.title}\n`);
    for (const { id, title } of chosen(exercise, ids)) await write(`  ${id.padEnd(24)} ${title}\n`);
  }
}

/** Checks one exercise, and prints each spec as it is done. */
async function check(exercise: Exercise, { target, json, ids }: Request): Promise<Checked> {
  if (json) return await checkExercise(exercise, ids, target);
  await write(`${exercise.name}: ${exercise.title}\n`);
  return await checkExercise(exercise, ids, target, {
    onGrade: (grade) => write(` ${grade}\n`),
    onResult: (result) => write(specLines(result)),
  });
}

async function main(args: readonly string[]): Promise<number> {
  const request = parse(args);
  if (request === undefined) {
    await write(USAGE);
    return 0;
  }
  if (args.length === 0) {
    await write(`${exerciseLines(EXERCISES)}\ndeno task check --help tells how to check one.\n`);
    return 0;
  }
  const { exercises, ids, target, strict } = request;
  if (exercises.every((exercise) => chosen(exercise, ids).length === 0)) {
    throw new UsageError(`no spec begins with ${ids.join(" or ")}; --list names those there are`);
  }
  if (request.list) {
    await list(request);
    return 0;
  }
  if (exercises === EXERCISES) throw new UsageError("which exercise? NAME must be given");
  if (target.command === undefined) {
    if (target.host === undefined && target.port === undefined) {
      throw new UsageError(
        "nothing to check: give a command after --, or --port of a running server",
      );
    }
    if (target.port === undefined && exercises.some((each) => each.port === undefined)) {
      throw new UsageError("this server has no port of its own: give its --port");
    }
    if (exercises.some((each) => each.role === "client")) {
      throw new UsageError("a client can't run already: give its command after --");
    }
  }

  const checked: Checked[] = [];
  for (const exercise of exercises) checked.push(await check(exercise, request));
  await write(request.json ? toJson(checked) : `\n${summaryLines(checked, strict)}`);
  if (request.junit) await Deno.writeTextFile(request.junit, toJunit(checked));
  if (request.gradescope) {
    await Deno.writeTextFile(request.gradescope, toGradescope(checked, strict));
  }
  if (tally(checked, "course").failed > 0) return COURSE_FAILED;
  return strict && tally(checked, "stream").failed > 0 ? STREAM_FAILED : 0;
}

if (import.meta.main) {
  // What was started is stopped on the way out: see subject.ts.
  Deno.addSignalListener("SIGINT", () => Deno.exit(130));
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", () => Deno.exit(143));
  setColorEnabled(Deno.stdout.isTerminal() && !Deno.noColor);
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(NOTHING_CHECKED); // `| head -5`
    const known = error instanceof UsageError || error instanceof NotStarted ||
      error instanceof PortTaken;
    if (!known) throw error;
    report(error.message);
    Deno.exit(NOTHING_CHECKED);
  }
}
