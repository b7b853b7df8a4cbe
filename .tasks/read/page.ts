// What all pages have in common. Every page carries its own style and script, so that it asks for nothing.

import type { Exercise } from "./exercises.ts";
import { escapeHtml, type Text } from "./text.ts";

/** What every page carries. */
export interface Kit {
  style: string;
  /** The script of a page with code: it ties, aligns and copies. */
  reading: string;
  /** The script of the other pages: it switches the language. */
  language: string;
}

/** What the pages are called, all together. */
export const COLLECTION: Text = {
  ko: "소켓 과제 나란히 읽기",
  en: "Socket exercises, side by side",
};

/** The name of the file of an exercise's page, and of that of a file in lib. */
export const exercisePath = ({ slug }: Exercise) => `${slug}.html`;
export const libraryPath = (file: string) =>
  `${file.replace(/\.ts$/, "").replaceAll("/", "-")}.html`;

/** Sets the language before anything is drawn: the one that was chosen, or Korean. */
const CHOOSE_LANGUAGE = `(function(d){var l=/[?&]lang=(ko|en)/.exec(location.search);l=l&&l[1];` +
  `try{l=l||localStorage.getItem("language")}catch(e){}d.lang=l==="en"?"en":"ko"})(document.documentElement)`;

/** A whole page, which carries its style, its script, and what that needs to know. */
export function page(title: Text, body: string, kit: Kit, script: string, data?: unknown): string {
  // In a script element only "<" could be taken for an end.
  const json = JSON.stringify(data)?.replaceAll("<", "\\u003c");
  return `<!DOCTYPE html>
<html lang="ko">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title.ko === title.en ? title.ko : `${title.ko} · ${title.en}`)}</title>
<link rel="icon" href="data:,">
<script>${CHOOSE_LANGUAGE}</script>
<style>${kit.style}</style>
</head>
<body>
${body}
${json === undefined ? "" : `<script type="application/json" id="data">${json}</script>`}
<script>${script.replaceAll("</script", "<\\/script")}</script>
</body>
</html>
`;
}

/** The switch between the languages. */
export const SWITCH = `<div class="languages" role="group" aria-label="언어 / Language">` +
  `<button type="button" data-language="ko" lang="ko-KR">한국어</button>` +
  `<button type="button" data-language="en" lang="en-US">English</button></div>`;

/** Which page of the course an exercise is on. */
export const coursePage = ({ coursePage }: Exercise): Text => ({
  ko: `강의 ${coursePage}쪽`,
  en: `Course page ${coursePage}`,
});
