// In the browser: where a line is wrapped before a mark, the mark's partner moves down to the same height.
// How wide a letter is, and so where a line is wrapped, is up to the fonts of the reader's machine.

/** As in style.css: narrower than this the sides stand one below the other. */
const STACKED = matchMedia("(max-width: 940px)");

/** Brings marks and their partners to one height, at this width. */
export function level() {
  for (const space of document.querySelectorAll(".row .space")) space.remove();
  const rows = [...document.querySelectorAll<HTMLElement>(".by-mark")];
  for (const cell of rows.flatMap((row) => [...row.children] as HTMLElement[])) { // they are all div
    cell.style.paddingTop = "";
  }
  if (STACKED.matches) return;
  const pairs = rows.map(marksOf);
  // First the first mark of each row, all measured before one is moved: a page has many of them.
  const moves = pairs.map(([first]) => {
    if (!first) return undefined;
    const by = below(first);
    return {
      cell: (by > 0 ? first.left : first.right).closest<HTMLElement>(".row > div")!,
      by: Math.abs(by),
    };
  });
  for (const move of moves) {
    if (move && move.by > 1) move.cell.style.paddingTop = `${move.by}px`;
  }
  // Then the others, which are few: what is left of a row before the higher one is filled.
  for (const pair of pairs.flatMap((all) => all.slice(1))) {
    for (let i = 0; i < MOST_ROWS && Math.abs(below(pair)) > 1; i++) {
      fillBefore(below(pair) > 0 ? pair.left : pair.right);
    }
  }
}

/** No line of code is wrapped into more rows than these. */
const MOST_ROWS = 10;

interface Pair {
  left: HTMLElement;
  right: HTMLElement;
}

/** The marks of a row that have a partner, as they stand on the left. */
function marksOf(row: HTMLElement): Pair[] {
  const marks = [...row.querySelectorAll<HTMLElement>('.python .mark:not([data-mark=""])')];
  return marks.flatMap((left) => {
    const right = row.querySelector<HTMLElement>(
      `.script .mark[data-mark="${left.dataset["mark"]}"]`,
    );
    return right ? [{ left, right }] : [];
  });
}

/** How many pixels the right one begins below the left one. */
const below = ({ left, right }: Pair) =>
  right.getClientRects()[0]!.top - left.getClientRects()[0]!.top;

/** Ends the row of a wrapped line where the mark begins. A space of no height, so that nothing is copied. */
function fillBefore(mark: HTMLElement) {
  const code = mark.closest("code")!;
  const end = code.getBoundingClientRect().right - parseFloat(getComputedStyle(code).paddingRight);
  const space = document.createElement("span");
  space.className = "space";
  space.style.width = `${Math.floor(end - mark.getClientRects()[0]!.left)}px`;
  mark.before(space);
}

addEventListener("resize", level);
level();
