// The exercises of the course, as README's table lists them: a page of ours for each.

import { PAGES } from "../../lib/exercises.ts";
import { inKorean } from "./korean.ts";
import type { Readme } from "./readme.ts";
import type { Text } from "./text.ts";

/** A script, and the original that it stands beside. */
export interface Script {
  /** Its name, as `chat_server`. */
  name: string;
  /** What README says of its original: a file's name, or why there is none. */
  original: Text;
  /** The original's file name, where there is one. */
  originalFile: string | undefined;
  /** Its default address. */
  address: Text;
  /** What it does, in a line. */
  about: Text;
}

export interface Exercise {
  /** What its page is called: `chat`, or `listener-notify`. */
  slug: string;
  /** The number of the course page. */
  coursePage: string;
  title: Text;
  scripts: Script[];
}

/** The exercises in README's table; an Error where there is no such table. */
export function readExercises(readme: Readme): Exercise[] {
  const rows = readme.table("course page", "exercise", "original", "script", "address");
  if (rows.length === 0) throw new Error("README has no table of the exercises");
  const exercises: Exercise[] = [];
  let [coursePage, title, original] = ["", "", ""];
  for (const row of rows) {
    // An empty cell says the same as the one above it.
    coursePage = row["course page"] || coursePage;
    title = row["exercise"] || title;
    original = row["original"] || original;
    const script = scriptOf({ ...row, original });
    const current = exercises.at(-1);
    // What needs no other program is an exercise of its own, also where the page has it under another.
    if (row["exercise"] || current === undefined) {
      const both = { ko: title, en: englishTitle(script.name) };
      exercises.push({ slug: "", coursePage, title: both, scripts: [script] });
    } else if (row["address"] === "none") {
      const both = {
        ko: `${title} (${script.name})`,
        en: `${englishTitle(script.name)} (${script.name})`,
      };
      exercises.push({ slug: "", coursePage, title: both, scripts: [script] });
    } else {
      current.scripts.push(script);
    }
  }
  return exercises.map((exercise) => ({ ...exercise, slug: slugOf(exercise.scripts) }));
}

function scriptOf(row: Record<string, string>): Script {
  const name = /^\[([^\]]+)\]/.exec(row["script"] ?? "")?.[1] ?? row["script"] ?? "";
  const original = row["original"] ?? "";
  const about = Object.values(PAGES).find((scripts) => Object.hasOwn(scripts, name))?.[name] ??
    name;
  return {
    name,
    original: inKorean(original),
    originalFile: /^\w+\.py$/.test(original) ? original : undefined,
    address: inKorean(row["address"] ?? ""),
    about: inKorean(about),
  };
}

/** What lib/exercises.ts calls the exercise, without its page: `upper and lower case`. */
function englishTitle(script: string): string {
  const titles = Object.entries(PAGES);
  const [title = script] = titles.find(([, scripts]) => Object.hasOwn(scripts, script)) ?? [];
  const short = title.replace(/^page \d+[:,] /, "");
  return short.slice(0, 1).toUpperCase() + short.slice(1);
}

/** `chat` of chat_server and chat_client, `listener-notify` of listener and notify. */
function slugOf(scripts: readonly Script[]): string {
  const names = scripts.map(({ name }) => name);
  const family = names[0]?.split("_")[0];
  const isFamily = names.length > 1 && names.every((name) => name.startsWith(`${family}_`));
  return isFamily && family !== undefined ? family : names.join("-");
}
