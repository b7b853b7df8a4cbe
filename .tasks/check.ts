// `deno task check`: runs the specs of an exercise against any program that should solve it, or against
// those of a whole class. Its manners are those of h2spec: sections, one line a case, expected and
// received under a failure, and what only a strict reading asks for kept apart.

import { dirname, resolve } from "node:path";
import { parseArgs } from "@std/cli/parse-args";
import { setColorEnabled } from "@std/fmt/colors";
import { Failure } from "../lib/errors.ts";
import { checkVersion } from "../lib/script/running.ts";
import { type Checked, checkExercise, chosen } from "../tests/conformance/check_exercise.ts";
import { mark, type Marked, type MarkingProgress } from "../tests/conformance/marking/mark.ts";
import { OtherRecord, Record } from "../tests/conformance/marking/record.ts";
import { findSubmissions, type Submission } from "../tests/conformance/marking/submissions.ts";
import { counts, tableLines, toCsv } from "../tests/conformance/marking/table.ts";
import {
  exerciseLines,
  specLines,
  summaryLines,
  tally,
  toGradescope,
  toJson,
  toJsonOfClass,
  toJunit,
} from "../tests/conformance/report.ts";
import type { Result } from "../tests/conformance/result.ts";
import { type Exercise, GRADES } from "../tests/conformance/spec.ts";
import { EXERCISES } from "../tests/conformance/specs/all.ts";
import { PortTaken, type Target } from "../tests/conformance/target.ts";
import { NotStarted } from "../tests/support/program.ts";

const USAGE = `Checks a program that should solve an exercise of the course.

usage: deno task check                                      the exercises there are
       deno task check NAME [ID...] --list                  the specs of one
       deno task check NAME [ID...] [flags] -- COMMAND...   checks what the command starts
       deno task check NAME [ID...] [flags] --port PORT     checks a server that runs already
       deno task check NAME [ID...] [flags] --each PATTERN -- COMMAND...   checks a class

COMMAND may hold {host} and {port}: the address that the program is to use. Without {port}, the course's
port is taken. An ID is that of a spec, or how several begin: course, stream, stream.split. Specs have three
grades: course is what the exercise asks for, stream what TCP and UDP demand beyond that, wording what
exactly the course's program says at its console: another may say it otherwise, and is told.

  --host ADDRESS     where the server is, if not on this machine
  --port PORT        the port, if not the course's
  --timeout SECONDS  how long to wait for each thing that the program should do (default 10)
  --strict           stream specs count in the exit status, and in Gradescope's score
  --list             names the specs and runs none
  --json             results on stdout as JSON, instead of lines for people
  --junit FILE       results as JUnit's XML, too
  --gradescope FILE  results as Gradescope's results.json, too

A class: --each takes a pattern in quotes, such as 'submissions/*', and may be given again. COMMAND holds
{path}, one file or folder after the other that the pattern matches, and may hold {name}, what that is
called without what follows its last dot:

  deno task check chat_server --each 'submissions/*' --csv marks.csv -- python3 {path}

Programs are checked one after the other, whatever one of them does; a table comes last. What came of
each is kept in check-NAME.jsonl, beside: interrupted and started again, it goes on where it was, and
checks anew only what was changed.

  --csv FILE         the table as CSV, too
  --junit FILE, --gradescope FILE   one for each program: FILE holds {name}, such as 'marks/{name}.xml'
  --anew             throws away what is in check-NAME.jsonl, and begins anew

exit status: 0 all course specs passed; 1 one failed; 3 with --strict, only stream specs failed;
             2 wrong usage, or nothing could be checked; wording never counts
`;

const COURSE_FAILED = 1;
const NOTHING_CHECKED = 2;
const STREAM_FAILED = 3;

/** Where the command was typed: deno task itself runs in the project's folder. */
const HERE = Deno.env.get("INIT_CWD") ?? Deno.cwd();

/** What was asked for can't be done, for the reason in the message. */
class UsageError extends Error {
  override name = "UsageError";
}

interface Request {
  readonly exercises: readonly Exercise[];
  /** What ids must begin with; empty for all. */
  readonly ids: readonly string[];
  readonly target: Target;
  /** The patterns of a class; empty where one program is checked. */
  readonly each: readonly string[];
  readonly anew: boolean;
  readonly strict: boolean;
  readonly list: boolean;
  readonly json: boolean;
  readonly csv: string | undefined;
  readonly junit: string | undefined;
  readonly gradescope: string | undefined;
}

function parse(args: readonly string[]): Request | undefined {
  const flags = parseArgs(args, {
    "--": true,
    boolean: ["strict", "list", "json", "anew", "help"],
    string: ["_", "host", "port", "timeout", "each", "csv", "junit", "gradescope"],
    collect: ["each"],
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
  const text = (flag: string) => {
    const value = flags[flag];
    if (value === "") throw new UsageError(`--${flag} takes a value; --help says which`);
    return typeof value === "string" ? value : undefined;
  };
  const each = Array.isArray(flags.each) ? flags.each.map(String) : [];
  if (each.includes("")) throw new UsageError("--each takes a pattern, such as 'submissions/*'");
  return {
    exercises: exercisesNamed(name),
    ids,
    target: {
      command,
      cwd: HERE,
      host: text("host"),
      port: number(text("port"), "--port", 65535, /^\d+$/),
      limit: 1000 * (number(text("timeout"), "--timeout", 3600) ?? 10),
      onWait: report,
    },
    each,
    anew: flags.anew === true,
    strict: flags.strict === true,
    list: flags.list === true,
    json: flags.json === true,
    csv: text("csv"),
    junit: text("junit"),
    gradescope: text("gradescope"),
  };
}

function number(
  text: string | undefined,
  flag: string,
  largest: number,
  pattern = /^\d+(\.\d+)?$/,
): number | undefined {
  if (text === undefined) return undefined;
  const value = pattern.test(text) ? Number(text) : 0;
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
/** What is said on stderr when Ctrl+C ends it. */
let farewell = "";

async function write(text: string): Promise<void> {
  let bytes = encoder.encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(await Deno.stdout.write(bytes));
}

function say(text: string) {
  Deno.stderr.writeSync(encoder.encode(text));
}

function report(line: string) {
  say(`check: ${line}\n`);
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

/** What is wrong with what was asked for, if anything. */
function checkRequest(request: Request): void {
  const { exercises, ids, target: { command, host, port }, each } = request;
  const matches = (id: string) => exercises.some((exercise) => chosen(exercise, [id]).length > 0);
  const unknown = ids.filter((id) => !matches(id));
  if (unknown.length > 0) {
    const quotes = each.length > 0 ? " (the pattern of --each wants quotes)" : "";
    throw new UsageError(
      `no spec begins with ${unknown.join(" or ")}; --list names those there are${quotes}`,
    );
  }
  if (request.list) return;
  if (exercises === EXERCISES) throw new UsageError("which exercise? NAME must be given");
  if (each.length > 0) return checkClassRequest(request);
  for (const flag of ["csv", "anew"] as const) {
    if (request[flag]) throw new UsageError(`--${flag} is for a class: it needs --each`);
  }
  if (command?.some((word) => word.includes("{path}"))) {
    throw new UsageError("{path} is for a class: it needs --each");
  }
  if (command !== undefined) return;
  if (host === undefined && port === undefined) {
    throw new UsageError(
      "nothing to check: give a command after --, or --port of a running server",
    );
  }
  if (port === undefined && exercises.some((exercise) => exercise.port === undefined)) {
    throw new UsageError("this server has no port of its own: give its --port");
  }
  if (exercises.some((exercise) => exercise.role === "client")) {
    throw new UsageError("a client can't run already: give its command after --");
  }
}

function checkClassRequest(request: Request): void {
  if (!request.target.command?.some((word) => word.includes("{path}"))) {
    throw new UsageError("--each needs a command with {path} after --, such as python3 {path}");
  }
  for (const flag of ["junit", "gradescope"] as const) {
    if (request[flag] !== undefined && !request[flag].includes("{name}")) {
      throw new UsageError(`with --each, --${flag} takes a file name with {name} in it`);
    }
  }
}

/** Writes a file, and the folders that it lies in. */
async function writeFile(file: string, text: string): Promise<void> {
  const path = resolve(HERE, file);
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeTextFile(path, text);
  } catch (error) {
    throw new UsageError(
      `${file} can't be written: ${error instanceof Error ? error.message : error}`,
    );
  }
}

async function writeReports(
  { junit, gradescope, strict }: Request,
  checked: readonly Checked[],
  fill = (file: string) => file,
): Promise<void> {
  if (junit) await writeFile(fill(junit), toJunit(checked));
  if (gradescope) await writeFile(fill(gradescope), toGradescope(checked, strict));
}

function exitStatus(checked: readonly Checked[], strict: boolean): number {
  if (tally(checked, "course").failed > 0) return COURSE_FAILED;
  return strict && tally(checked, "stream").failed > 0 ? STREAM_FAILED : 0;
}

/** Checks one program, or a server that runs. */
async function checkOne(request: Request): Promise<number> {
  const checked: Checked[] = [];
  for (const exercise of request.exercises) checked.push(await check(exercise, request));
  await write(request.json ? toJson(checked) : `\n${summaryLines(checked, request.strict)}`);
  await writeReports(request, checked);
  return exitStatus(checked, request.strict);
}

/** Tells on stderr how far a class is: a line for each program, a sign for each spec. */
class ClassProgress implements MarkingProgress {
  constructor(readonly all: readonly Submission[]) {}

  onBegin(submission: Submission) {
    const number = `${this.all.indexOf(submission) + 1}`.padStart(`${this.all.length}`.length);
    say(`[${number} of ${this.all.length}] ${submission.name} `);
  }

  onResult({ outcome }: Result) {
    say({ passed: ".", failed: "x", differs: "~", skipped: "-" }[outcome]);
  }

  onEnd(marked: Marked) {
    const said = counts(marked).map((count, i) => count && `${GRADES[i]} ${count}`);
    say(` ${said.filter(Boolean).join(", ")}\n`);
  }
}

/** Checks the programs of a class. */
async function checkClass(request: Request): Promise<number> {
  const { exercises, ids, target, each, csv, strict } = request;
  const names = exercises.map(({ name }) => name).join("+");
  const file = `check-${names}.jsonl`;
  const submissions = findSubmissions(each, HERE, csv ? [file, csv] : [file]);
  if (submissions.length === 0) throw new UsageError(`nothing matches ${each.join(" or ")}`);
  const asked = JSON.stringify({ names, ids, ...target, cwd: undefined });
  const record = await openRecord(file, asked, request.anew);
  const before = submissions.filter((each) => record.find(each, exercises)).length;
  if (before > 0) {
    report(`${before} of ${submissions.length} are in ${file}; --anew checks them again`);
  }
  farewell = `\ncheck: interrupted; the same command goes on where it was (${file})\n`;
  const all = await mark(
    submissions,
    { exercises, ids, target },
    record,
    new ClassProgress(submissions),
  );
  await write(request.json ? toJsonOfClass(all) : tableLines(all));
  if (csv) await writeFile(csv, toCsv(all));
  for (const { submission, checked } of all) {
    const name = submission.name.replaceAll(/[\/\\:]/g, "_");
    await writeReports(request, checked, (file) => file.replaceAll("{name}", name));
  }
  return exitStatus(all.flatMap(({ checked }) => checked), strict);
}

async function openRecord(file: string, asked: string, anew: boolean): Promise<Record> {
  try {
    return await Record.open(resolve(HERE, file), asked, anew);
  } catch (error) {
    if (error instanceof OtherRecord) throw new UsageError(error.message);
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : error}`);
  }
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
  checkRequest(request);
  if (request.list) {
    await list(request);
    return 0;
  }
  return await (request.each.length > 0 ? checkClass(request) : checkOne(request));
}

if (import.meta.main) {
  // What was started is stopped on the way out: see process_tree.ts.
  Deno.addSignalListener("SIGINT", () => {
    say(farewell);
    Deno.exit(130);
  });
  const endings = Deno.build.os === "windows"
    ? { SIGTERM: 143, SIGBREAK: 149, SIGHUP: 129 } // at log-off, by Ctrl+Break, with the window
    : { SIGTERM: 143 };
  for (const [signal, status] of Object.entries(endings)) {
    Deno.addSignalListener(signal as Deno.Signal, () => Deno.exit(status)); // entries has strings
  }
  setColorEnabled(Deno.stdout.isTerminal() && !Deno.noColor);
  try {
    checkVersion();
    Deno.exit(await main(Deno.args));
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(NOTHING_CHECKED); // `| head -5`
    const known = error instanceof UsageError || error instanceof NotStarted ||
      error instanceof PortTaken || error instanceof Failure;
    if (!known) throw error;
    report(error.message);
    Deno.exit(NOTHING_CHECKED);
  }
}
