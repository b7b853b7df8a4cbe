import { assertEquals } from "@std/assert";
import { type Key, KeyParser } from "../../../lib/console/keys.ts";

/** What the keys of these texts type and do. */
function keysOf(...parts: string[]): Key[] {
  const parser = new KeyParser();
  const keys: Key[] = [];
  for (const part of parts) {
    parser.push(part);
    for (let key; (key = parser.next()) !== undefined;) keys.push(key);
  }
  return keys;
}

function typed(...parts: string[]): string {
  return keysOf(...parts).map(({ text = "" }) => text).join("");
}

/** Control sequences of every kind that ECMA-48 has, and of terminals that are in use. */
const SEQUENCES: Record<string, string> = {
  "F1 of Linux's console": "\x1b[[A",
  "F5 of Linux's console": "\x1b[[E",
  "F1 of xterm (SS3)": "\x1bOP",
  "F1 with Shift (SS3 with a parameter)": "\x1bO2P",
  "F12 (CSI)": "\x1b[24~",
  "F5 with Ctrl (CSI with parameters)": "\x1b[15;5~",
  "Page Up": "\x1b[5~",
  "Shift+Tab": "\x1b[Z",
  "the beginning of a pasted text": "\x1b[200~",
  "the window has the focus": "\x1b[I",
  "the mouse (SGR)": "\x1b[<0;12;7M",
  "where the cursor is": "\x1b[24;80R",
  "what the terminal is": "\x1b[?62;22c",
  "CSI with an intermediate byte": "\x1b[1;2$y",
  "an answer to a colour query, ended by BEL": "\x1b]11;rgb:2e2e/3434/3636\x07",
  "an answer to a colour query, ended by ST": "\x1b]11;rgb:2e2e/3434/3636\x1b\\",
  "the title of the window": "\x1b]l한글 제목\x1b\\",
  "what the clipboard holds": "\x1b]52;c;7JWI64WV\x07",
  "DCS": "\x1bP1+r544e=787465726d\x1b\\",
  "DCS of xterm's version": "\x1bP>|XTerm(379)\x1b\\",
  "SOS": "\x1bXanything\x1b\\",
  "PM": "\x1b^anything\x1b\\",
  "APC": "\x1b_Gi=31;OK\x1b\\",
  "SS2": "\x1bNA",
  "an escape sequence with an intermediate byte": "\x1b(B",
  "Alt and a letter": "\x1bx",
  "Alt and Hangul": "\x1b가",
  "Alt+arrow as two escapes": "\x1b\x1b[D",
  "Alt+arrow": "\x1b[1;3D",
  "Alt+F1 as two escapes": "\x1b\x1b[[A",
  "CSI in one character (C1)": "\x9b5~",
  "OSC and ST in one character each (C1)": "\x9d11;rgb:0/0/0\x9c",
};

for (const [name, sequence] of Object.entries(SEQUENCES)) {
  Deno.test(`keys: ${name} types nothing, wherever a read cuts it`, () => {
    assertEquals(typed(`한${sequence}글`), "한글");
    for (let cut = 1; cut < sequence.length; cut++) {
      // An escape that stands alone is a key: the letter that follows is typed.
      if (sequence.slice(0, cut) === "\x1b" && !"[]OPNX^_\x1b".includes(sequence[1]!)) continue;
      assertEquals(
        typed(`한${sequence.slice(0, cut)}`, `${sequence.slice(cut)}글`),
        "한글",
        `${cut}`,
      );
    }
    const one = Array.from(sequence);
    if ("[]OPNX^_".includes(one[1] ?? "")) assertEquals(typed("한", ...one, "글"), "한글");
  });
}

Deno.test("keys: arrows move, with Alt or Ctrl by a word", () => {
  const actions: Record<string, Key["action"]> = {
    "\x1b[D": "left",
    "\x1bOD": "left",
    "\x1b[1;2D": "left",
    "\x1b[C": "right",
    "\x1b[A": "up",
    "\x1b[B": "down",
    "\x1b\x1b[D": "word left",
    "\x1b\x1bOD": "word left",
    "\x1b[1;3D": "word left",
    "\x1b[1;5D": "word left",
    "\x1b[1;3C": "word right",
    "\x1b\x1b[C": "word right",
    "\x1bb": "word left",
    "\x1bf": "word right",
    "\x1b[H": "home",
    "\x1b[1~": "home",
    "\x1b[7~": "home",
    "\x1b[F": "end",
    "\x1b[4~": "end",
    "\x1b[3~": "delete",
    "\x1b[3;5~": "delete",
    "\x03": "interrupt",
    "\b": "backspace",
    "\x7f": "backspace",
  };
  for (const [key, action] of Object.entries(actions)) {
    assertEquals(keysOf(key), [{ action }], JSON.stringify(key));
  }
});

Deno.test("keys: Enter is one key, and what is typed around keys stays together", () => {
  assertEquals(keysOf("안녕\thi😀\r\n\n\r"), [
    { text: "안녕\thi😀" },
    { action: "enter" },
    { action: "enter" },
    { action: "enter" },
  ]);
});

Deno.test("keys: Escape does not take the next letter with it", () => {
  assertEquals(typed("\x1b", "가나"), "가나");
  assertEquals(typed("\x1b\x1b", "x"), "x");
});

Deno.test("keys: Alt and ] or X is over when no terminal goes on with it", async () => {
  for (const key of ["\x1b]", "\x1bX", "\x1b^", "\x1bO", "\x1b["]) {
    const parser = new KeyParser();
    parser.push(key);
    assertEquals(parser.next(), undefined);
    await new Promise((resolve) => setTimeout(resolve, 550)); // time is what tells
    parser.push("hello");
    assertEquals(parser.next(), { text: "hello" }, JSON.stringify(key));
  }
  // ESC ] and a letter that begins no answer is typed at once.
  assertEquals(typed("\x1b]hello"), "hello");
});
