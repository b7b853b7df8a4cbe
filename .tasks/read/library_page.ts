// The page of a file in lib: its source, to which the cards of the names lead.

import { readCode } from "./code.ts";
import { COLLECTION, type Kit, libraryPath, page, SWITCH } from "./page.ts";
import { both, escapeHtml, type Text } from "./text.ts";

/** A file of lib, with its lines numbered and named `L1` and so on. */
export function libraryPage(
  file: string,
  source: string,
  files: readonly string[],
  kit: Kit,
): string {
  const code = readCode(source, "typescript");
  const rows: string[] = [];
  let line = "";
  const finish = () => {
    const number = rows.length + 1;
    rows.push(
      `<div class="line" id="L${number}"><a class="number" href="#L${number}">${number}</a><code>${line}</code></div>`,
    );
    line = "";
  };
  for (const { start, end, name } of code.colours) {
    const specifier = /^"(\.\.?\/[^"]+)"$/.exec(code.source.slice(start, end))?.[1];
    const target = specifier && new URL(specifier, `file:///${file}`).pathname.slice(1);
    for (const [i, text] of code.source.slice(start, end).split("\n").entries()) {
      if (i > 0) finish();
      const shown = name ? `<span class="${name}">${escapeHtml(text)}</span>` : escapeHtml(text);
      line += target && files.includes(target)
        ? `<a href="${libraryPath(target)}">${shown}</a>`
        : shown;
    }
  }
  const title: Text = { ko: file, en: file };
  const body = `<header class="top"><p><a href="index.html">${
    both(COLLECTION)
  }</a></p>${SWITCH}</header>
<main class="library"><h1><code>${file}</code></h1>
<div class="code">${rows.join("")}</div></main>`;
  return page(title, body, kit, kit.language);
}
