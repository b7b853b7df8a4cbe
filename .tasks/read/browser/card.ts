// In the browser: pointing at a name, going there by keyboard, or a tap lights up its partner, and shows a
// card that says how the two differ.

import type { Side } from "../align.ts";
import type { Doc } from "../docs.ts";
import type { Fault } from "../faults.ts";
import type { Pair } from "../pair.ts";
import { both, escapeHtml, showDoc, type Text } from "../text.ts";
import { type Tie, TIES } from "../ties.ts";
import { data, pairOf } from "./data.ts";

const card = document.getElementById("card")!;

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
  const pair = pairOf(name);
  const fault = pair?.faults[Number(name.dataset["fault"]) - 1];
  if (fault) return faultCard(fault, name.textContent);
  const doc = docOf(pair, name) ?? partners.map((each) => docOf(pair, each)).find(Boolean);
  const ties = tiesOf(name);
  const shownAs = (each: HTMLElement) => docOf(pair, each)?.name ?? each.textContent;
  const others = isWithoutOriginal(name)
    ? ties.flatMap(({ tie }) => tie.name ?? [])
    : partners.map(shownAs);
  const isPython = name.closest(".python") !== null;
  const title = isPython
    ? [list([name.textContent], "python"), list(others, "script")]
    : [list(others, "python"), list([shownAs(name)], "script")];
  const sentences = new Set(ties.map((each) => both(sentence(each, isWithoutOriginal(name)))));
  const jump = partners[0] ? `<a class="jump" href="#${partners[0].id}">${both(JUMP)}</a>` : "";
  return `<p class="names">${title.filter(Boolean).join(` <span class="to">⇄</span> `)}</p>` +
    [...sentences].map((each) => `<p>${each}</p>`).join("") +
    (doc ? `<div class="doc" lang="en-US">${showDoc(doc.text)}</div>` : "") +
    `<p class="links">${jump}${doc ? sourceLink(doc) : ""}</p>`;
}

function faultCard(fault: Fault, number: string): string {
  return `<p class="names">${both(FAULT)} ${escapeHtml(number)}</p>` +
    `<p>${both(fault.what)}</p><p>${both(SCRIPT)} ${both(fault.script)}</p>`;
}

/** The ties of a name, and whether it lacks a partner in them. */
function tiesOf(name: HTMLElement): { tie: Tie; isAlone: boolean }[] {
  return (name.dataset["ties"] ?? "").split(" ").flatMap((id) => {
    const tie = TIES.find((tie) => tie.id === id.replace("!", ""));
    return tie ? [{ tie, isAlone: id.endsWith("!") }] : [];
  });
}

/** There is no original beside it: what Python calls it is said then. */
function isWithoutOriginal(name: HTMLElement): boolean {
  return name.closest(".alone") !== null;
}

function sentence({ tie, isAlone }: { tie: Tie; isAlone: boolean }, isWithout: boolean): Text {
  const lacksPartner = isAlone && !isWithout && tie.python !== undefined &&
    tie.script !== undefined;
  return lacksPartner ? tie.alone ?? tie.difference : tie.difference;
}

function list(names: string[], side: Side): string {
  const codes = [...new Set(names)].map((each) =>
    `<code class="${side}">${escapeHtml(each)}</code>`
  );
  return codes.join(" ");
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
