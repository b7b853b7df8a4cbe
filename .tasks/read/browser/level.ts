// In the browser: where a line is wrapped before its mark, the mark's partner moves down to the same height.

/** As in style.css: narrower than this the sides stand one below the other. */
const STACKED = matchMedia("(max-width: 940px)");

/** Brings marks and their partners to one height, at this width. */
export function level() {
  const rows = [...document.querySelectorAll<HTMLElement>(".by-mark")];
  for (const cell of rows.flatMap((row) => [...row.children] as HTMLElement[])) { // they are all div
    cell.style.paddingTop = "";
  }
  if (STACKED.matches) return;
  const moves = rows.map((row) => {
    const left = row.querySelector<HTMLElement>('.python .mark:not([data-mark=""])');
    const right = row.querySelector(`.script .mark[data-mark="${left?.dataset["mark"]}"]`);
    if (!left || !right) return undefined;
    const down = right.getClientRects()[0]!.top - left.getClientRects()[0]!.top;
    return {
      cell: (down > 0 ? left : right).closest<HTMLElement>(".row > div")!,
      by: Math.abs(down),
    };
  });
  for (const move of moves) {
    if (move && move.by > 1) move.cell.style.paddingTop = `${move.by}px`;
  }
}

addEventListener("resize", level);
level();
