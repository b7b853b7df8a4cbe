// The first page: the exercises, as README's table has them, each with a line on what it does.

import type { Exercise } from "./exercises.ts";
import { COLLECTION, coursePage, exercisePath, type Kit, page, SWITCH } from "./page.ts";
import { both, type Text } from "./text.ts";

/** The first page: the exercises, a line each. */
export function firstPage(
  exercises: readonly Exercise[],
  found: ReadonlySet<string>,
  kit: Kit,
): string {
  const pages = Map.groupBy(exercises, ({ coursePage }) => coursePage);
  const groups = [...pages.values()].map((group) => {
    const rows = group.map((exercise) => {
      const scripts = exercise.scripts.map((script) =>
        `<tr><td class="original">${
          script.originalFile
            ? `<code>${script.originalFile}</code>`
            : `<span class="quiet">${both(script.original)}</span>`
        }</td>` +
        `<td><code>${script.name}</code></td><td class="address">${both(script.address)}</td>` +
        `<td class="about">${both(script.about)}</td></tr>`
      );
      return `<li><h3><a href="${exercisePath(exercise)}">${both(exercise.title)}</a></h3>` +
        `<table>${scripts.join("")}</table></li>`;
    });
    return `<section><h2>${both(coursePage(group[0]!))}</h2><ol class="exercises">${
      rows.join("")
    }</ol></section>`;
  });
  const body = `<header class="top"><span></span>${SWITCH}</header>
<main class="first">
<h1>${both(COLLECTION)}</h1>
<p class="lead">${both(LEAD)}</p>
${found.size === 0 ? `<p class="quiet">${both(WITHOUT)}</p>` : ""}
${groups.join("\n")}
</main>`;
  return page(COLLECTION, body, kit, kit.language);
}

const LEAD: Text = {
  ko:
    "수업의 파이썬 소켓 프로그램과, 그것을 한 줄씩 옮긴 Deno 스크립트입니다. 같은 일을 하는 줄이 같은 높이에 있고, 이름을 가리키면 맞은편의 짝과 그 차이가 보입니다.",
  en:
    "The course's Python socket programs, and the Deno scripts that follow them line by line. What does the same stands on the same height; point at a name to see its partner and how the two differ.",
};
const WITHOUT: Text = {
  ko:
    "원본 없이 만든 페이지입니다. 각 과제의 페이지에 .py 파일을 끌어다 놓으면 그 자리에서 나란히 보입니다.",
  en:
    "Made without the originals. Drop a .py file onto the page of an exercise, and it is laid beside its script there.",
};
