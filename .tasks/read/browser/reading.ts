// In the browser, on a page with code: shows partners, takes a dropped file, copies.

import "./language.ts";
import type { Doc } from "../docs.ts";
import { type Pair, showPair } from "../pair.ts";
import { both, escapeHtml, showDoc, type Text } from "../text.ts";
import { TIES } from "../ties.ts";

/** What the page brings along as JSON (page.ts). */
interface Data {
  pairs: Pair[];
  /** The page of each file of lib. */
  library: Record<string, string>;
}

const data: Data = JSON.parse(document.getElementById("data")!.textContent!);
const card = document.getElementById("card")!;

// ---- Partners: pointing at a name, going there by keyboard, or a tap shows them.

/** The name whose card is shown. */
let shown: HTMLElement | undefined;
let hiding: ReturnType<typeof setTimeout> | undefined;
let showing: ReturnType<typeof setTimeout> | undefined;
/** Milliseconds until a name that is pointed at shows its card: a mouse passes over many. */
const PAUSE = 150;

function partnersOf(name: HTMLElement): HTMLElement[] {
  const ids = name.dataset["partners"]?.split(" ") ?? [];
  return ids.map((id) => document.getElementById(id)).filter((each) => each !== null);
}

function show(name: HTMLElement, pause: number) {
  clearTimeout(hiding);
  if (shown === name) return;
  hide();
  shown = name;
  const partners = partnersOf(name);
  for (const each of [name, ...partners]) each.classList.add("lit");
  name.closest(".row")?.classList.add("lit");
  showing = setTimeout(() => {
    card.innerHTML = cardOf(name, partners);
    card.hidden = false;
    name.setAttribute("aria-describedby", "card");
    place(name);
  }, pause);
}

function hide() {
  clearTimeout(hiding);
  clearTimeout(showing);
  for (const each of document.querySelectorAll(".lit")) each.classList.remove("lit");
  shown?.removeAttribute("aria-describedby");
  shown = undefined;
  card.hidden = true;
}

/** Below the name, or above it where there is no room; on a phone the style puts it at the bottom. */
function place(name: HTMLElement) {
  const at = name.getClientRects()[0] ?? name.getBoundingClientRect();
  const { width, height } = card.getBoundingClientRect();
  const left = Math.max(
    8,
    Math.min(at.left - 12, document.documentElement.clientWidth - width - 8),
  );
  const below = at.bottom + 8;
  const fits = below + height < innerHeight - 8 || at.top - height - 8 < 0;
  card.style.left = `${left + scrollX}px`;
  card.style.top = `${(fits ? below : at.top - height - 8) + scrollY}px`;
}

function cardOf(name: HTMLElement, partners: HTMLElement[]): string {
  const fault = pairOf(name)?.faults[Number(name.dataset["fault"]) - 1];
  if (fault) {
    return `<p class="names">${both(FAULT)} ${escapeHtml(name.textContent)}</p>` +
      `<p>${both(fault.what)}</p><p>${both(SCRIPT)} ${both(fault.script)}</p>`;
  }
  const isPython = name.closest(".python") !== null;
  const pair = pairOf(name);
  const doc = docOf(pair, name) ?? partners.map((each) => docOf(pair, each)).find(Boolean);
  const own = isPython ? name.textContent : docOf(pair, name)?.name ?? name.textContent;
  const ties = (name.dataset["ties"] ?? "").split(" ").map((id) => ({
    isAlone: id.endsWith("!"),
    tie: TIES.find((tie) => tie.id === id.replace("!", "")),
  }));
  const isWithout = name.closest(".alone") !== null; // there is no original: what Python calls it, then
  const names = isWithout
    ? ties.flatMap(({ tie }) => tie?.name ?? [])
    : partners.map((each) => docOf(pair, each)?.name ?? each.textContent);
  const [python, script] = isPython ? [[own], names] : [names, [own]];
  const list = (names: string[], side: string) =>
    [...new Set(names)].map((each) => `<code class="${side}">${escapeHtml(each)}</code>`).join(" ");
  const sentences = ties.map(({ tie, isAlone }) => {
    if (tie === undefined) return "";
    const lacksPartner = isAlone && !isWithout && tie.name !== undefined &&
      tie.script !== undefined;
    return both(lacksPartner ? tie.alone ?? tie.difference : tie.difference);
  }).filter(Boolean);
  const title = [list(python, "python"), list(script, "script")].filter(Boolean)
    .join(` <span class="to">⇄</span> `);
  const jump = partners[0] ? `<a class="jump" href="#${partners[0].id}">${both(JUMP)}</a>` : "";
  return `<p class="names">${title}</p>` +
    [...new Set(sentences)].map((each) => `<p>${each}</p>`).join("") +
    (doc ? `<div class="doc" lang="en-US">${showDoc(doc.text)}</div>` : "") +
    `<p class="links">${jump}${doc ? sourceLink(doc) : ""}</p>`;
}

function pairOf(name: HTMLElement): Pair | undefined {
  const section = name.closest<HTMLElement>(".pair");
  return data.pairs.find((pair) => pair.name === section?.dataset["pair"]);
}

const FAULT: Text = { ko: "원본이 깨지는 곳", en: "What breaks in the original" };
const SCRIPT: Text = { ko: "스크립트는:", en: "Its script:" };
const JUMP: Text = { ko: "짝으로 가기", en: "Go to its partner" };

function docOf(pair: Pair | undefined, name: HTMLElement): Doc | undefined {
  return pair?.docs.docs[name.dataset["doc"] ?? ""];
}

function sourceLink({ file, line }: Doc): string {
  const path = data.library[file];
  const text = both({ ko: `소스 보기: \`${file}\``, en: `Its source: \`${file}\`` });
  return path ? `<a href="${path}?lang=${document.documentElement.lang}#L${line}">${text}</a>` : "";
}

const nameAt = (target: EventTarget | null) =>
  target instanceof Element ? target.closest<HTMLElement>(".tie, .see") : null;

/** Where the mouse was last: the page may move below it, when the focus moves on by keyboard. */
let mouse = "";

document.addEventListener("pointerover", ({ target, pointerType, screenX, screenY }) => {
  const moved = mouse !== `${screenX} ${screenY}`;
  mouse = `${screenX} ${screenY}`;
  if (pointerType === "touch" || !moved) return; // a tap focuses
  const name = nameAt(target);
  if (name) show(name, PAUSE);
  else if (target instanceof Element && card.contains(target)) clearTimeout(hiding);
  else if (shown && shown !== document.activeElement) {
    clearTimeout(hiding);
    hiding = setTimeout(hide, 250); // time enough to reach the card
  }
});
document.addEventListener("focusin", ({ target }) => {
  const name = nameAt(target);
  if (name) show(name, 0);
  else if (!(target instanceof Element && card.contains(target))) hide();
});
document.addEventListener("click", (event) => {
  const { target } = event;
  if (!(target instanceof Element)) return;
  const jump = target.closest<HTMLAnchorElement>(".jump");
  if (jump) {
    event.preventDefault();
    goTo(document.getElementById(jump.hash.slice(1)));
  } else if (!nameAt(target) && !card.contains(target)) hide();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && shown) {
    const name = shown;
    if (card.contains(document.activeElement)) name.focus();
    hide();
  } else if (event.key === "Enter" && shown?.matches(".tie") && event.target === shown) {
    card.querySelector<HTMLElement>("a")?.focus();
  }
});

function goTo(name: HTMLElement | null) {
  name?.scrollIntoView({ block: "center" });
  name?.focus({ preventScroll: true });
}

// ---- Where a line is wrapped before its mark, the mark's partner moves down to the same height.

/** As in style.css: narrower than this the sides stand one below the other. */
const STACKED = matchMedia("(max-width: 940px)");

function level() {
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

// ---- Selecting takes one side only, so that what is copied is one program.

document.addEventListener("pointerdown", ({ target }) => {
  const side = target instanceof Element && target.closest(".python, .script");
  const code = side && side.closest<HTMLElement>(".code");
  if (code) code.dataset["selects"] = side.classList.contains("python") ? "python" : "script";
});

// ---- Copying.

document.addEventListener("click", async ({ target }) => {
  const button = target instanceof Element && target.closest<HTMLElement>("[data-copy]");
  if (!button) return;
  await copy(button.dataset["copy"]!);
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), 1500);
});

async function copy(text: string) {
  if (navigator.clipboard) return await navigator.clipboard.writeText(text);
  // Over http a browser has no clipboard for pages; a selection can be copied all the same.
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

// ---- A file that is dropped or chosen is laid beside the script, here and nowhere else.

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
  const pair = data.pairs.find(({ name }) => name === section.dataset["pair"])!;
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
  ko: `\`${file}\`은 너무 큽니다. 200KB까지의 파이썬 파일을 놓으세요.`,
  en: `\`${file}\` is too large: drop a Python file of 200 KB at most.`,
});
const NO_TEXT = (file: string): Text => ({
  ko: `\`${file}\`은 글로 된 파일이 아닙니다. 파이썬 파일(.py)을 놓으세요.`,
  en: `\`${file}\` is no text: drop a Python file (.py).`,
});
