// `deno task read` at the command line: what it writes, what it serves, and what it says to bad input. What
// the pages do in a browser is tested in .tasks/read/tests.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { relative } from "node:path";
import { PAGES } from "../lib/exercises.ts";
import { Program } from "./support/program.ts";

// Deno gets its bundler (esbuild) from npm when it is first used, and the task its libraries.
const bundler = await new Deno.Command(Deno.execPath(), {
  args: [
    "bundle",
    "--quiet",
    "--config",
    ".tasks/read/deno.json",
    ".tasks/read/browser/reading.ts",
  ],
  stdout: "null",
  stderr: "null",
}).output();
const ignore = !bundler.success;
const why = ignore ? " (skipped: needs esbuild from npm)" : "";

/** Starts the task as a user does in the folder `tests`. */
function read(...args: string[]): Program {
  return new Program("deno task read", Deno.execPath(), ["task", "--quiet", "read", ...args], {
    cwd: "tests",
    env: { INIT_CWD: `${Deno.cwd()}/tests` }, // npx has set another for the tests, and deno task keeps it
    limit: 120_000,
  });
}

/** Gives `work` an empty folder, and removes it afterwards. */
async function withFolder(work: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Two programs as a course page prints them: one in two blocks, the other with a mistake in it. */
const PAGE = `# 강의

\`\`\`
import socket

host = "0.0.0.0"
\`\`\`

\`\`\`
u = socket.socket(family=socket.AF_INET, type=socket.SOCK_DGRAM)
u.bind((host, 20001))
print("UDP server up and listening")
u.sendto(b'Hello UDP Client', addr)
\`\`\`

파일명 : notify.py

\`\`\`
Import socket
Print(f'[Recv Data] {c.decode()}'
\`\`\`
`;

/** A page's HTML without what its scripts and styles say. */
function withoutScripts(html: string): string {
  return html.replace(/(<script[^>]*>)[\s\S]*?<\/script>|(<style>)[\s\S]*?<\/style>/g, "$1$2");
}

/** A page's text, without its elements. */
function textOf(html: string): string {
  return withoutScripts(html).replace(/<[^>]*>/g, "")
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}

Deno.test(`read: --output writes a page for each exercise, which needs nothing else${why}`, {
  ignore,
}, async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/page.md`, PAGE);
    const from = relative("tests", folder); // paths are meant where the user is
    await using task = read("--originals", from, "--output", `${from}/pages`);
    const { code, stdout, stderr } = await task.ended();
    assertEquals([code, stderr], [0, ""]);
    assertMatch(stdout, /^\d+ exercises, with 2 originals for \d+ scripts, in .*pages\n$/);

    const first = await Deno.readTextFile(`${folder}/pages/index.html`);
    const names = Object.values(PAGES).flatMap((scripts) => Object.keys(scripts));
    for (const name of names) assertStringIncludes(first, `<code>${name}</code>`);
    const files = await Array.fromAsync(Deno.readDir(`${folder}/pages`), ({ name }) => name);
    for (const file of files) {
      const html = await Deno.readTextFile(`${folder}/pages/${file}`);
      for (
        const [, address = ""] of withoutScripts(html).matchAll(/\s(?:href|src|action)="([^"]*)"/g)
      ) {
        const path = address.split("#")[0]!;
        assert(path === "" || path === "data:," || files.includes(path), `${file}: ${address}`);
      }
      assert(!/@import|url\(|<link rel="stylesheet"|<script src/.test(html), file);
    }

    const text = textOf(await Deno.readTextFile(`${folder}/pages/listener-notify.html`));
    assertStringIncludes(text, "u = socket.socket(family=socket.AF_INET"); // of the second block
    assertStringIncludes(text, "Print(f'[Recv Data] {c.decode()}'"); // as printed
    assertStringIncludes(text, "page.md에 인쇄된 그대로");
  });
});

Deno.test(`read: without --output it serves at the next free port${why}`, { ignore }, async () => {
  // Port 8000 is what README promises; where another program has it already, that will do as well.
  let taken: Deno.Listener | undefined;
  try {
    taken = Deno.listen({ hostname: "127.0.0.1", port: 8000 });
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
  }
  try {
    await using task = read();
    const [, address, port] = await task.says("stdout", /(http:\/\/127\.0\.0\.1:(\d+)\/)/);
    assert(Number(port) > 8000, port);
    const first = await fetch(address!);
    assertEquals(first.headers.get("content-type"), "text/html; charset=utf-8");
    assertStringIncludes(await first.text(), "소켓 과제 나란히 읽기");
    const chat = await fetch(`${address}chat.html?lang=en`);
    assertStringIncludes(await chat.text(), "chat_server.ts");
    const none = await fetch(`${address}../deno.json`);
    assertEquals(none.status, 404);
    await none.body?.cancel();
    task.kill("SIGINT");
    assertEquals((await task.ended()).code, 130);
  } finally {
    taken?.close();
  }
});

Deno.test(`read: bad input is told in one line${why}`, { ignore }, async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/notes.md`, "# No program here\n");
    await Deno.writeTextFile(`${folder}/file`, "");
    const cases: [string[], number, RegExp][] = [
      [["--originals", `${folder}/nowhere`], 1, /--originals \S+nowhere: .*(os error 2)/],
      [
        ["--originals", folder],
        1,
        /there is no Python in it; it takes files of Python \(\.py\), and/,
      ],
      [["--output", `${folder}/file`], 1, /--output \S+file: /],
      [["--output", ""], 2, /an empty name is no folder/],
      [["--originals"], 2, /--originals takes a folder/],
      [["--frames"], 2, /unknown flag --frames; --help lists those there are/],
      [[folder], 2, /is too much: a folder is given with --originals or --output/],
    ];
    for (const [args, status, says] of cases) {
      await using task = read(...args);
      const { code, stdout, stderr } = await task.ended();
      assertEquals([code, stdout, stderr.trim().split("\n").length], [status, "", 1], stderr);
      assertMatch(stderr, says);
    }
  });
});

Deno.test({
  name: `read: a checkout may lie in a folder with spaces and Hangul in its name${why}`,
  ignore: ignore || Deno.build.os === "windows", // where a link needs rights of its own
  fn: () =>
    withFolder(async (folder) => {
      await Deno.symlink(Deno.cwd(), `${folder}/소켓 모음`);
      const config = `${folder}/소켓 모음/.tasks/read/deno.json`;
      const task = `${folder}/소켓 모음/.tasks/read.ts`;
      await using program = new Program(
        "read.ts",
        Deno.execPath(),
        ["run", "--allow-all", "--config", config, task, "--output", `${folder}/나란히 읽기`],
        { limit: 120_000 },
      );
      const { code, stderr } = await program.ended();
      assertEquals([code, stderr], [0, ""]);
      assert((await Deno.stat(`${folder}/나란히 읽기/index.html`)).isFile);
    }),
});
