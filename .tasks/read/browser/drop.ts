// In the browser: a file that is dropped or chosen is laid beside the script, here and nowhere else.

import { showPair } from "../pair.ts";
import { both, type Text } from "../text.ts";
import { pairOf } from "./data.ts";
import { level } from "./level.ts";

// Beside the pairs nothing happens: the browser would leave the page for the file.
for (const event of ["dragover", "drop"]) {
  document.addEventListener(event, (event) => event.preventDefault());
}
for (const section of document.querySelectorAll<HTMLElement>(".pair")) {
  section.addEventListener("dragover", (event) => {
    event.preventDefault();
    section.classList.add("over");
  });
  section.addEventListener("dragleave", ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && section.contains(relatedTarget))) {
      section.classList.remove("over");
    }
  });
  section.addEventListener("drop", (event) => {
    event.preventDefault();
    section.classList.remove("over");
    const file = event.dataTransfer?.files[0];
    if (file) read(section, file);
  });
}
document.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.type !== "file") return;
  const section = target.closest<HTMLElement>(".pair");
  const file = target.files?.[0];
  if (section && file) read(section, file);
});

/** More than any program of a course, in bytes. */
const LARGEST = 200_000;

async function read(section: HTMLElement, file: File) {
  const pair = pairOf(section)!; // every section is of one
  if (file.size > LARGEST) return tell(section, TOO_LARGE(file.name));
  const text = decode(await file.arrayBuffer());
  if (text.includes("\0")) return tell(section, NO_TEXT(file.name));
  const { html, marks } = showPair(pair, { name: file.name, text });
  section.querySelector(".shown")!.innerHTML = html;
  level();
  section.querySelector(".head.python .file")!.textContent = file.name;
  section.querySelector(".head.python small")?.remove();
  section.dataset["marks"] = `${marks.matched}/${marks.all}`;
  tell(section, LAID(file.name, marks.matched, marks.all));
}

/** Text in UTF-8, or in the code page of a Korean Windows. */
function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("euc-kr").decode(bytes); // not UTF-8: that is all that a TypeError says here
  }
}

function tell(section: HTMLElement, text: Text) {
  section.querySelector(".told")!.innerHTML = both(text);
}

const LAID = (file: string, matched: number, all: number): Text => ({
  ko: `\`${file}\`의 이름과 글 ${all}개 가운데 ${matched}개가 스크립트에 같은 순서로 있습니다.`,
  en: `Of the ${all} names and texts in \`${file}\`, the script has ${matched} in the same order.`,
});
const TOO_LARGE = (file: string): Text => ({
  ko: `\`${file}\`: 너무 큽니다. 200KB까지의 파이썬 파일을 놓으세요.`,
  en: `\`${file}\` is too large: drop a Python file of 200 KB at most.`,
});
const NO_TEXT = (file: string): Text => ({
  ko: `\`${file}\`: 글로 된 파일이 아닙니다. 파이썬 파일(.py)을 놓으세요.`,
  en: `\`${file}\` is no text: drop a Python file (.py).`,
});
