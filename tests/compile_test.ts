// What `deno task compile` writes for one script, and what it says where it can't. (At length: slow/.)

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  beyond,
  compile,
  embedded,
  ignore,
  modulesOf,
  runtime,
  target,
  why,
  withFolder,
} from "./support/compiled.ts";
import { sideBySide } from "./support/side_by_side.ts";

Deno.test({
  name: `compile NAME --data makes a file of that script, which may use one folder${why}`,
  ignore,
  fn: () =>
    withFolder(async (folder) => {
      const { code, stdout, stderr } = await compile(
        ["chat_server", "--data", "/var/lib/a b", "--target", target, "--output", folder],
        { runtime },
      );
      assertEquals(code, 0, stderr);
      assertStringIncludes(stdout, "may use   the network, and files in /var/lib/a b\n");
      const { permissions, files } = embedded(
        await Deno.readFile(`${folder}/chat_server-${target}`),
      );
      assertEquals(permissions.allow_read, ["/var/lib/a b"]);
      assertEquals(permissions.allow_write, ["/var/lib/a b"]);
      const [[name, text] = []] = files;
      assertEquals(name, "chat_server.js");
      const modules = modulesOf(text!);
      assertEquals(await beyond(modules, "chat_server"), []);
      for (const part of ["scripts/chat_server.ts", "lib/script.ts", "lib/socket.ts"]) {
        assert(modules.includes(part), part);
      }
      assertEquals(modules.filter((module) => module.startsWith("scripts/")), [
        "scripts/chat_server.ts",
      ]);
      for (const folder of [Deno.cwd(), "/npm/registry.npmjs.org/"]) {
        assertEquals(text!.includes(folder), false, "nothing of this machine's folders");
      }
    }),
});

Deno.test({
  name: `compile says what is wrong with what it was given${why}`,
  ignore,
  fn: () =>
    withFolder(async (folder) => {
      const cases: [string[], string | undefined, number, string][] = [
        [["chat_sever"], undefined, 2, 'there is no exercise "chat_sever"; there are '],
        [["--target", "armv7"], undefined, 2, "--target takes one of aarch64-unknown-linux-gnu, "],
        [["--target"], undefined, 2, "--target takes a value"],
        [["--data", "/a,b"], undefined, 2, "--data takes a folder without a comma"],
        [["--traget", "x"], undefined, 2, "unknown flag --traget"],
        [["--all", "chat_server"], undefined, 2, "name exercises, or say --all, not both"],
        [[], `${folder}/none`, 1, "DENORT_BIN: No such file"],
        [[], "", 1, "DENORT_BIN: Is a directory"],
        [
          [],
          "deno.json",
          1,
          "DENORT_BIN: deno.json is not a program for aarch64-unknown-linux-gnu",
        ],
      ];
      await sideBySide(cases, async ([args, runtime, status, line]) => {
        const { code, stderr } = await compile(["--output", folder, ...args], { runtime });
        assertEquals(code, status, stderr);
        assertStringIncludes(stderr, line);
        assertEquals(stderr.split("\n").length, 2, "one line, that is");
      });
    }),
});
