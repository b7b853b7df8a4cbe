// The pictures that README shows: how `deno task pictures` draws a terminal, and what lies in the tree.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { drawScreens } from "../.tasks/pictures/screen.ts";

/** The words of a picture: where each begins, how wide it is, its further attributes, and its text. */
function wordsOf(svg: string) {
  const word = /<text x="(\d+)" y="\d+" textLength="(\d+)" lengthAdjust="\w+"([^>]*)>([^<]*)/g;
  return Array.from(
    svg.matchAll(word),
    ([, x, width, style, text]) => [Number(x), Number(width), style, text],
  );
}

/** Throws unless this is an element of XML with all its ends, and nothing that XML would take for another. */
function assertWellFormed(xml: string) {
  const open: string[] = [];
  let roots = 0;
  const rest = xml.replace(
    /<(\/?)([a-z]+)(?: [\w:-]+="[^"<>&]*")*\s*(\/?)>|&(?:amp|lt|gt|#\d+);/g,
    (_, end, name, empty) => {
      if (name === undefined) return "";
      if (end) assertEquals(name, open.pop());
      else if (open.length === 0) roots++;
      if (!end && !empty) open.push(name);
      return "";
    },
  );
  assertEquals([open, roots], [[], 1]);
  assert(!/[<>&]|(?!\n)\p{Cc}/u.test(rest), rest);
}

Deno.test("pictures: a terminal with Hangul and colours becomes a whole SVG, each word in its cells", () => {
  const text = "$ 채팅 ok\n\x1b[32m안녕 <b>\x1b[0m & \x1b[2;91mgo\x1b[39m on\x1b[0m.";
  const svg = drawScreens([
    { title: "<kim>", text, columns: 20, rows: 2, cursor: { column: 3, row: 1 } },
    { title: "lee", text: "네", columns: 10, rows: 2 },
  ]);
  assertWellFormed(svg);
  const green = ' fill="#7ee787"';
  assertEquals(wordsOf(svg), [
    [12, 8, "", "$"],
    [28, 32, "", "채팅"], // from the third cell on, in four
    [68, 16, "", "ok"],
    [12, 32, green, "안녕"],
    [52, 24, green, "&lt;b&gt;"],
    [84, 8, "", "&amp;"],
    [100, 16, ' opacity="0.6" fill="#ffa198"', "go"],
    [124, 16, ' opacity="0.6"', "on"],
    [140, 8, "", "."],
    [12, 16, "", "네"],
  ]);
  // Two windows of 20 and of 10 columns, and what is around them.
  assertMatch(svg, /^<svg [^>]*width="302" height="82"/);
});

Deno.test("pictures: those in the tree are whole, small, and ask for nothing", async () => {
  for (const name of ["chat", "trace"]) {
    const svg = await Deno.readTextFile(`.tasks/pictures/${name}.svg`);
    assertWellFormed(svg);
    assert(svg.length < 30_000, `${svg.length} characters`);
    assert(!/<(script|image|use|style|foreignObject)|href|url\(|@import/i.test(svg), name);
  }
  const png = await Deno.readFile(".tasks/pictures/reading.png");
  assertEquals(png.subarray(0, 8).toHex(), "89504e470d0a1a0a");
  assert(png.length < 150_000, `${png.length} bytes`);
});
