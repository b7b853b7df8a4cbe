// Clients in other languages than Python (tests/conformance/languages), right and written as one writes them
// there: what these languages do by themselves with encodings, buffers and ends is no fault.

import { assertEquals, assertStringIncludes } from "@std/assert";
import { isInstalled } from "../support/needs.ts";
import { Program } from "../support/program.ts";
import { stepForEach } from "../support/side_by_side.ts";

interface Language {
  readonly name: string;
  /** What must be there, with a flag that does no harm. */
  readonly needs: readonly (readonly [command: string, flag: string])[];
  /** The compiler's command line, where there is one; `{folder}` is there for what it makes. */
  readonly compile?: readonly string[];
  readonly run: readonly string[];
}

const FOLDER = "tests/conformance/languages";

const LANGUAGES: readonly Language[] = [
  { name: "Ruby", needs: [["ruby", "--version"]], run: ["ruby", `${FOLDER}/chat_client.rb`] },
  { name: "Perl", needs: [["perl", "--version"]], run: ["perl", `${FOLDER}/chat_client.pl`] },
  { name: "Node", needs: [["node", "--version"]], run: ["node", `${FOLDER}/chat_client.mjs`] },
  {
    name: "Java",
    needs: [["java", "-version"], ["javac", "-version"]],
    compile: ["javac", "-d", "{folder}", `${FOLDER}/ChatClient.java`],
    run: ["java", "-cp", "{folder}", "ChatClient"],
  },
  {
    name: "C#, by Mono",
    needs: [["mono", "--version"], ["mcs", "--version"]],
    compile: ["mcs", "-out:{folder}/ChatClient.exe", `${FOLDER}/ChatClient.cs`],
    run: ["mono", "{folder}/ChatClient.exe"],
  },
  {
    name: "C",
    needs: [["gcc", "--version"]],
    compile: ["gcc", "-o", "{folder}/c_client", `${FOLDER}/chat_client.c`],
    run: ["{folder}/c_client"],
  },
  {
    name: "Go",
    needs: [["go", "version"]],
    compile: ["go", "build", "-o", "{folder}/go_client", `${FOLDER}/chat_client.go`],
    run: ["{folder}/go_client"],
  },
];

const missing = new Map<Language, string>();
for (const language of LANGUAGES) {
  for (const [command, flag] of language.needs) {
    if (!await isInstalled(command, flag)) missing.set(language, `there is no ${command}`);
  }
}

Deno.test("right clients in other languages pass, where no locale is set either", async (t) => {
  const folder = await Deno.makeTempDir();
  try {
    const filled = (words: readonly string[]) =>
      words.map((word) => word.replaceAll("{folder}", folder));
    await stepForEach(t, LANGUAGES, ({ name }) => name, async ({ name, compile, run }) => {
      if (compile) {
        const [command = "", ...args] = filled(compile);
        await using compiler = new Program(`compiler of ${name}`, command, args);
        const { code, stderr } = await compiler.ended();
        assertEquals([code, stderr], [0, ""]);
      }
      const specs = ["chat_client", "course", "wording", "stream.end-of-input"];
      const task = ["run", "--allow-all", ".tasks/check.ts", ...specs, "--", ...filled(run)];
      const env = { INIT_CWD: Deno.cwd(), LANG: "", LC_CTYPE: "", LC_ALL: "C" };
      const words = [...task, "{host}", "{port}"];
      await using check = new Program("check", Deno.execPath(), words, { env, limit: 120_000 });
      const { code, stdout } = await check.ended();
      assertEquals(code, 0, stdout);
      assertStringIncludes(stdout, "stream: 1 of 1 passed\nwording: 1 of 1 passed\n");
    }, (language) => missing.get(language));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
