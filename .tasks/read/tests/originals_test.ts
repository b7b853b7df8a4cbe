// How the originals are found: files of Python, and programs in the code blocks of course pages.

import { assert, assertEquals } from "@std/assert";
import { repair } from "../encoding.ts";
import type { Script } from "../exercises.ts";
import { assign, readPrograms } from "../originals.ts";

/** The programs found in a folder with these files. */
async function found(files: Record<string, string | Uint8Array>) {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries(files)) {
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      await Deno.writeFile(`${folder}/${name}`, bytes);
    }
    return await readPrograms(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const PAGE = `
[과제 1]

채팅

\`\`\`
import socket
class Server:
    pass
\`\`\`

\`\`\`
s = socket.socket()
Print("서버")
\`\`\`

\`\`\`
> python server.py
\`\`\`

설명

\`\`\`python
import socket
print("클라이언트")
for i in range(10)
\`\`\`

\`\`\`
    print(i)
\`\`\`

\`\`\`
# 소켓을 만든다
\`\`\`

[과제 2]

\`\`\`
t = socket.socket()
\`\`\`

파일명 : echo.py

    \`\`\`python
    import socket
    print("안녕")
    \`\`\`

    이 부분은

    \`\`\`python
    import socket
    \`\`\`
`;

Deno.test("read: programs are taken from a page as printed, also those in two blocks", async () => {
  const programs = await found({ "page.md": PAGE, "notes.html": "<p>", "empty.txt": "no code" });
  assertEquals(programs.map(({ name, text }) => [name, text]), [
    [undefined, 'import socket\nclass Server:\n    pass\n\ns = socket.socket()\nPrint("서버")'],
    [undefined, 'import socket\nprint("클라이언트")\nfor i in range(10)\n    print(i)'],
    ["echo.py", 'import socket\nprint("안녕")'],
    [undefined, "import socket"],
  ]);
});

Deno.test("read: an excerpt of a block that was shown before is no program", async () => {
  const page = "```python\nimport a\nx = 1\ny = 2\n```\ntext\n```python\nx = 1\ny = 2\n```\n";
  assertEquals((await found({ "page.md": page })).map(({ text }) => text), [
    "import a\nx = 1\ny = 2",
  ]);
});

Deno.test("read: examples at Python's prompt are kept together", async () => {
  const page = '```\n{ "a": 1 }\n```\ntext\n```\n>>> d["a"]\n1\n```\n';
  const programs = await found({ "page.md": page });
  assertEquals(programs.map(({ text, isSession }) => [text, isSession]), [
    ['{ "a": 1 }\n>>> d["a"]\n1', true],
  ]);
});

Deno.test("read: a file may be in the code page of a Korean Windows", async () => {
  const euckr = new Uint8Array([0x23, 0x20, 0xbe, 0xc8, 0xb3, 0xe7, 0x0a]);
  assertEquals((await found({ "a.py": euckr }))[0]!.text, "# 안녕\n");
});

/** A script with an original of that name. */
function script(
  name: string,
  originalFile: string | undefined,
  original = originalFile ?? "",
): Script {
  const text = { ko: original, en: original };
  return { name, originalFile, original: text, address: text, about: text };
}

Deno.test("read: a program goes to the script of its name, and otherwise to the one that is like it", async () => {
  const programs = await found({
    "page.md": "```\nimport socket\nprint('hello room')\nname = input('name : ')\n```\n" +
      "text\n\n```\nimport socket\nprint('echo it')\n```\n",
    "b.py": "print('named')\n",
  });
  const assigned = assign(programs, [
    { script: script("a", "a.py"), source: 'print("echo it");\n' },
    { script: script("b", "b.py"), source: 'print("hello room");\n' },
    {
      script: script("c", "c.py"),
      source: 'print("hello room");\nconst name = input("name : ");\n',
    },
    { script: script("d", undefined, "described only"), source: 'print("echo it");\n' },
    { script: script("e", "e.py"), source: "nothing of all that;\n" },
  ]);
  const texts = Object.fromEntries(assigned.entries().map(([name, { text }]) => [name, text]));
  assert(texts["a"]?.includes("echo it"));
  assert(texts["b"]?.includes("named"));
  assert(texts["c"]?.includes("hello room"));
  assertEquals(Object.keys(texts).sort(), ["a", "b", "c"]);
});

Deno.test("read: Hangul that was read as Greek is brought back as far as its bytes tell", () => {
  // "서버 소켓" in UTF-8 as windows-1253, without the bytes that mean nothing there.
  assertEquals(repair("μ„λ²„ μ†μΌ“"), "서버 소켓");
  assertEquals(repair("μ„λ²„: νμ΄μ¬"), "서버: \ufffd"); // 파이썬 is not among the known words
  for (const text of ["서버", "λόγος"]) assertEquals(repair(text), text);
});
