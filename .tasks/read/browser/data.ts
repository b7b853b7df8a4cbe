// In the browser: what the page brings along.

import type { Pair } from "../pair.ts";

/** What stands in the page as JSON (exercise_page.ts). */
interface Data {
  pairs: Pair[];
  /** The page of each file of lib. */
  library: Record<string, string>;
}

export const data: Data = JSON.parse(document.getElementById("data")!.textContent!);

/** The pair in whose section an element stands. */
export function pairOf(element: Element): Pair | undefined {
  const section = element.closest<HTMLElement>(".pair");
  return data.pairs.find(({ name }) => name === section?.dataset["pair"]);
}
