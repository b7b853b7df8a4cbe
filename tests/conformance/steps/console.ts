// Steps at the program's console, and those that ask whether it has ended or runs for nothing. Specs
// that have one are skipped where the checker did not start the program.

import { bytesOf, quoted } from "../bytes.ts";
import { PRINTED_LATE, PRINTED_NOTHING } from "../causes.ts";
import { Failed } from "../result.ts";
import type { Situation } from "../situation.ts";
import { patternOf } from "../specs/texts.ts";
import { leaveEnded } from "./connecting.ts";

/** A program is idle that runs for less than this part of one of these windows, in milliseconds. */
const IDLE_PART = 0.5;
const IDLE_WINDOW = 500;
const IDLE_WINDOWS = 4;
/**
 * Nor is one that prints more than so many characters in it. (One that floods does not always run: it
 * waits where nobody takes so fast what it prints.)
 */
const IDLE_PRINTS = 2000;

export function type(situation: Situation, lines: readonly string[]): void {
  for (const line of lines) {
    const text = situation.fill(line);
    situation.note("typed", text);
    situation.program!.type(text + "\n").catch(() => {}); // what one that has ended does not read
  }
}

/** Its stdout goes on, somewhere after what was matched before, with these texts in any order, or with one. */
export async function shows(
  situation: Situation,
  texts: readonly string[],
  count: "all" | "one",
): Promise<void> {
  const program = situation.program!;
  const wanted = texts.map((text) => situation.fill(text));
  const patterns = wanted.map(patternOf);
  const [each, conjunction] = count === "all"
    ? ["expected on the console", " and "]
    : ["expected on the console, or another", " or "];
  const rest = () => program.stdout.slice(situation.matched);
  const shown = () => [
    ...wanted.map((content) => ({ what: each, content })),
    { what: "printed", content: rest().slice(-1000) },
  ];
  const event = {
    what: `its console to show ${wanted.map((text) => quoted(bytesOf(text))).join(conjunction)}`,
    missing: "its console does not show what was expected",
    shown,
    lateCause: () => {
      if (find() !== undefined) return PRINTED_LATE;
      return program.stdout === "" ? PRINTED_NOTHING : undefined;
    },
  };
  const find = () => {
    const printed = rest();
    const ends = patterns.map((pattern) => {
      const found = pattern.exec(printed);
      return found ? found.index + found[0].length : -1;
    });
    return ends.includes(-1) && (count === "all" || Math.max(...ends) < 0)
      ? undefined
      : Math.max(...ends);
  };
  situation.matched += await situation.wait(event, () => {
    const end = find();
    if (end !== undefined) return end;
    if (program.exit) {
      const how = situation.ending;
      throw new Failed(`it ${how} before its console showed what was expected`, shown());
    }
  });
}

export async function exits(situation: Situation, status: number | undefined): Promise<void> {
  const event = {
    what: "the program to end",
    missing: "it goes on, and should have ended",
  };
  await situation.wait(event, () => {
    if (situation.exercise.role === "client") leaveEnded(situation);
    const exit = situation.program!.exit;
    if (exit && status !== undefined && exit.code !== status) {
      throw new Failed(`it ${situation.ending}, and should have ended with ${status}`);
    }
    return exit;
  });
}

/** It does not run for nothing. */
export async function idle(situation: Situation): Promise<void> {
  const { program } = situation;
  for (let i = 0; i < IDLE_WINDOWS; i++) {
    const printed = () => (program?.stdout.length ?? 0) + (program?.stderr.length ?? 0);
    const before = printed();
    const part = await program?.runningPart(IDLE_WINDOW) ?? 0;
    situation.checkFlood();
    if (part < IDLE_PART && printed() - before < IDLE_PRINTS) return;
  }
  const seconds = IDLE_WINDOWS * IDLE_WINDOW / 1000;
  throw new Failed(
    `it runs all the time, though nothing happens (after ${seconds} s of waiting for it to rest)`,
  );
}
