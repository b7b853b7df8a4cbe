// The page of an exercise: its pairs side by side, and below them the protocol, the commands, what breaks in
// the originals, and what stands for what.

import { copyButton, showCommands } from "./commands.ts";
import type { Exercise, Script } from "./exercises.ts";
import { inKorean } from "./korean.ts";
import {
  COLLECTION,
  coursePage,
  exercisePath,
  type Kit,
  libraryPath,
  page,
  SWITCH,
} from "./page.ts";
import { circled, type Original, type Pair, type ShownPair, showPair } from "./pair.ts";
import { drawSequence, parseSequence, translate } from "./sequence.ts";
import { both, escapeHtml, type Text } from "./text.ts";

/** A script of an exercise with all that its page shows. */
export interface PagePair {
  script: Script;
  pair: Pair;
  original: (Original & { found: string }) | undefined;
}

/** All that the page of an exercise is made of. */
export interface ExercisePage {
  exercise: Exercise;
  pairs: PagePair[];
  /** The protocol's diagram in Mermaid. */
  diagram: string | undefined;
  /** The exercises before and after it. */
  before: Exercise | undefined;
  after: Exercise | undefined;
}

/** The page of an exercise. */
export function exercisePage(
  { exercise, pairs, diagram, before, after }: ExercisePage,
  scripts: readonly Script[],
  kit: Kit,
): string {
  const shown = pairs.map(({ pair, original }) => showPair(pair, original));
  const sections = [
    ...pairs.map((each, i) => pairSection(each, shown[i]!)),
    diagram === undefined ? "" : protocolSection(exercise, diagram),
    commandSection(exercise, pairs, scripts),
    ...pairs.map(({ pair }) => faultSection(pair)),
    correspondenceSection(shown),
  ];
  const links = pairs.map(({ script }) =>
    `<a href="#${script.name}"><code>${script.name}</code></a>`
  );
  const body = `<header class="top">
<p><a href="index.html">${both(COLLECTION)}</a></p>${SWITCH}
</header>
<main class="wide">
<p class="place">${both(coursePage(exercise))}</p>
<h1>${both(exercise.title)}</h1>
<nav class="contents">${links.join("")}
${diagram === undefined ? "" : `<a href="#protocol">${both(PROTOCOL)}</a>`}
<a href="#run">${both(RUN)}</a></nav>
<p class="how">${both(HOW)}</p>
${sections.join("\n")}
<p class="neighbours">${neighbour(before, "←")}${neighbour(after, "→")}</p>
</main>
<aside id="card" class="card" hidden></aside>`;
  const data = {
    pairs: pairs.map(({ pair }) => pair),
    library: Object.fromEntries(
      pairs.flatMap(({ pair }) => Object.values(pair.docs.docs))
        .map(({ file }) => [file, libraryPath(file)]),
    ),
  };
  return page(exercise.title, body, kit, kit.reading, data);
}

const PROTOCOL: Text = { ko: "프로토콜", en: "The protocol" };
const RUN: Text = { ko: "실행하기", en: "Run it" };
const HOW: Text = {
  ko:
    "점선이 그어진 이름에 마우스를 올리거나 Tab 키로 가면 맞은편의 짝과 둘의 차이가 보입니다. 손가락으로 눌러도 됩니다.",
  en:
    "Point at a name with a dotted line, or go there with the Tab key, to see its partner and how the two differ. A tap does it too.",
};

function neighbour(exercise: Exercise | undefined, arrow: string): string {
  if (exercise === undefined) return "<span></span>";
  const title = both(exercise.title);
  const text = arrow === "←" ? `${arrow} ${title}` : `${title} ${arrow}`;
  return `<a href="${exercisePath(exercise)}">${text}</a>`;
}

function pairSection({ script, pair, original }: PagePair, { html, marks }: ShownPair): string {
  const name = pair.name;
  const found = original && original.found !== original.name
    ? both({ ko: `${original.found}에 인쇄된 그대로`, en: `as printed in ${original.found}` })
    : "";
  const choose =
    `<label class="choose"><input type="file" accept=".py,text/x-python" data-pair="${name}">` +
    `<span>${both({ ko: "다른 .py 파일", en: "Another .py file" })}</span></label>`;
  const left = original
    ? `<strong>Python</strong> <code class="file">${
      escapeHtml(original.name)
    }</code> <small>${found}</small>${choose}`
    : `<strong>Python</strong> <code class="file">${escapeHtml(script.originalFile ?? "")}</code>`;
  const drop = original ? "" : dropPlace(script);
  const skip = `<a class="skip" href="#${name}-end">${
    both({ ko: "코드 건너뛰기", en: "Skip the code" })
  }</a>`;
  return `<section class="pair" id="${name}" data-pair="${name}" data-marks="${marks.matched}/${marks.all}">
<h2><code>${name}</code> <span>${both(script.about)}</span></h2>
${skip}
<div class="heads"><div class="head python">${left}</div>
<div class="head script"><strong>Deno</strong> <code class="file">scripts/${name}.ts</code>${
    copyButton(pair.source, { ko: "스크립트 복사", en: "Copy the script" })
  }</div></div>
<p class="told" role="status"></p>
<div class="shown">${drop}${html}</div>
<a class="end" id="${name}-end" tabindex="-1"></a>
</section>`;
}

/** The place for an original that is not there. */
function dropPlace(script: Script): string {
  const why: Text = script.originalFile
    ? {
      ko: `여기에 \`${script.originalFile}\`를 끌어다 놓으면 나란히 보입니다.`,
      en: `Drop \`${script.originalFile}\` here to read the two side by side.`,
    }
    : {
      ko:
        `강의에는 이 프로그램의 코드가 없습니다(${script.original.ko}). 직접 만든 .py 파일을 끌어다 놓으면 나란히 보입니다.`,
      en:
        `The course has no code for it (${script.original.en}). Drop a .py file of your own here to read the two side by side.`,
    };
  return `<div class="drop"><p>${both(why)}</p>
<label class="choose big"><input type="file" accept=".py,text/x-python" data-pair="${script.name}"><span>${
    both({ ko: "파일 고르기", en: "Choose a file" })
  }</span></label>
<p class="quiet">${
    both({
      ko: "파일은 이 브라우저 안에서만 읽고, 어디에도 보내지 않습니다.",
      en: "The file is read in this browser only, and goes nowhere.",
    })
  }</p></div>`;
}

function protocolSection(exercise: Exercise, mermaid: string): string {
  const sequence = parseSequence(mermaid);
  const korean = translate(sequence, (text) => inKorean(text).ko);
  return `<section id="protocol"><h2>${both(PROTOCOL)}</h2>
<figure><div lang="ko">${drawSequence(korean, `${exercise.title.ko}: ${PROTOCOL.ko}`)}</div>
<div lang="en">${drawSequence(sequence, `${exercise.title.en}: ${PROTOCOL.en}`)}</div>
<figcaption>${
    both({
      ko:
        "실선은 메시지, 점선은 TCP가 스스로 하는 일, 끝이 열린 화살표는 데이터그램입니다. 따옴표 안이 오가는 바이트(UTF-8)의 전부이고, `↵`는 줄바꿈입니다.",
      en:
        "Solid arrows are messages, dashed ones what TCP does by itself, open heads datagrams. What stands in quotes is all the bytes there are, in UTF-8; `↵` is a newline.",
    })
  }</figcaption></figure></section>`;
}

function commandSection(
  exercise: Exercise,
  pairs: readonly PagePair[],
  scripts: readonly Script[],
): string {
  const isPrinted = pairs.some(({ original }) => original && original.found !== original.name);
  const note: Text = isPrinted
    ? {
      ko:
        "파이썬 코드는 이 이름의 파일로 저장해서 실행합니다. 강의에 인쇄된 코드 가운데 몇몇은 인쇄된 그대로는 돌지 않습니다. `scripts/`는 이 프로젝트의 폴더입니다.",
      en:
        "Save the Python code under this name to run it. Some of what the course prints does not run as printed. `scripts/` is a folder of this project.",
    }
    : {
      ko:
        "`python3`은 원본이 있는 폴더에서, `deno`는 이 프로젝트의 폴더에서 실행합니다. 윈도우에서는 `python3` 대신 `python`입니다.",
      en:
        "Run `python3` in the folder of the originals and `deno` in that of this project. On Windows it is `python` in place of `python3`.",
    };
  return `<section id="run"><h2>${both(RUN)}</h2><p>${both(note)}</p>
${showCommands(exercise, scripts)}</section>`;
}

function faultSection({ name, faults }: Pair): string {
  if (faults.length === 0) return "";
  const items = faults.map((fault, i) =>
    `<li id="${name}-fault-${i + 1}"><span class="sign">${circled(i + 1)}</span>` +
    `<p>${both(fault.what)}</p><p class="cure">${both(fault.script)}</p></li>`
  );
  const title: Text = { ko: "원본이 깨지는 곳", en: "What breaks in the original" };
  return `<section class="faults"><h2>${both(title)} <code>${name}</code></h2>
<div class="faults-heads"><span></span><span>${
    both({ ko: "원본에서 생기는 일", en: "What happens in the original" })
  }</span><span>${both({ ko: "스크립트는", en: "Its script" })}</span></div>
<ol>${items.join("")}</ol></section>`;
}

function correspondenceSection(shown: readonly ShownPair[]): string {
  const list = shown.flatMap(({ correspondences }) => correspondences);
  const all = Map.groupBy(list, ({ difference }) => difference.en);
  if (all.size === 0) return "";
  const none = `<span class="quiet">–</span>`;
  const code = (name: string) => name === "" ? none : `<code>${escapeHtml(name)}</code>`;
  const rows = all.values().map(([first]) => first!).map(({ python, script, difference }) =>
    `<tr><td>${code(python)}</td><td>${code(script)}</td><td>${both(difference)}</td></tr>`
  ).toArray();
  const title: Text = { ko: "짝이 되는 이름", en: "What stands for what" };
  return `<section class="correspondences"><h2>${both(title)}</h2>
<table><thead><tr><th>Python</th><th>Deno</th><th>${
    both({ ko: "차이", en: "How they differ" })
  }</th></tr></thead><tbody>${rows.join("")}</tbody></table></section>`;
}
