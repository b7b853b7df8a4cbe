// Text in two languages, and as HTML. A page holds both; a switch says which one shows (browser.ts).

/** The same in Korean and in English. What stands in backquotes is code. */
export interface Text {
  readonly ko: string;
  readonly en: string;
}

/** Text as HTML: what has a meaning there is escaped. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Text as HTML, with what stands in backquotes as code. */
export function withCode(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}

/** Both languages as HTML, of which one shows. The same text is given once. */
export function both({ ko, en }: Text): string {
  if (ko === en) return withCode(ko);
  return `<span lang="ko">${withCode(ko)}</span><span lang="en">${withCode(en)}</span>`;
}

/** A doc comment as HTML: its paragraphs. */
export function showDoc(text: string): string {
  return text.trim().split(/\n\s*\n/).map((paragraph) => `<p>${withCode(paragraph)}</p>`).join("");
}
