// `deno task compile` at length: all exercises in one file, the same file every time, and no network.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  beyond,
  compile,
  embedded,
  ignore,
  machine,
  modulesOf,
  PI,
  runtime,
  target,
  why,
  withFolder,
} from "../support/compiled.ts";
import { Program } from "../support/program.ts";
import { scriptNames } from "../support/scripts.ts";

Deno.test({
  name: `compile makes one file of all exercises${why}`,
  ignore,
  fn: (t) =>
    withFolder(async (folder) => {
      const { code, stdout, stderr } = await compile(["--target", target, "--output", folder], {
        runtime,
      });
      assertEquals(code, 0, stderr);
      const file = `${folder}/sockets-${target}`;
      const files = await Array.fromAsync(Deno.readDir(folder), ({ name }) => `${folder}/${name}`);
      assertEquals(files, [file]);
      const bytes = await Deno.readFile(file);
      const inside = embedded(bytes);
      const [[name, text] = []] = inside.files;

      await t.step("for the target", async () => {
        assertEquals(new TextDecoder().decode(bytes.subarray(1, 4)), "ELF");
        assertEquals(bytes[18]! + 256 * bytes[19]!, machine, "e_machine: 183 AArch64, 62 x86-64");
        assert(((await Deno.stat(file)).mode ?? 0) & 0o100, "it can be started");
      });

      await t.step("of the modules that they use, and nothing else", async () => {
        assertEquals(inside.files.length, 1);
        assertEquals([name, inside.entry], ["sockets.js", "sockets.js"]);
        assertEquals(inside.nodeModules, null);
        const modules = modulesOf(text!);
        assertEquals(await beyond(modules, "sockets"), []);
        assertStringIncludes(stdout, `  modules   ${modules.join(" ")}\n`);
        const scripts = modules.filter((module) => module.startsWith("scripts/"));
        assertEquals(
          scripts,
          (await scriptNames()).map((name) => `scripts/${name}.ts`),
        );
      });

      await t.step("that may use the network, and nothing else", () => {
        const { allow_import: _, ...permissions } = inside.permissions; // denied as a whole
        assertEquals(permissions, { allow_net: [], deny_import: [], prompt: false });
        assertEquals(inside.unstable, ["net"]);
      });

      await t.step("with its size and hash, and how to copy and start it", async () => {
        const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
        assertStringIncludes(stdout, `  size      ${bytes.length.toLocaleString("en")} bytes\n`);
        assertStringIncludes(stdout, `  sha256    ${hash}\n`);
        if (target === PI) assertMatch(stdout, / scp \S+ pi@raspberrypi\.local:sockets\n/);
        assertMatch(stdout, / {2}start it {2}(ssh -t pi@raspberrypi.local )?\.\/sockets/);
      });

      await t.step("that run by themselves, TCP and UDP", async () => {
        const sockets = `${folder}/sockets.js`;
        await Deno.writeTextFile(sockets, text!);
        // As denort would: without a deno.json, with the permissions that are baked in.
        const start = (...args: string[]) =>
          new Program(args[0]!, Deno.execPath(), [
            ...["run", "--no-config", "--no-prompt", "--unstable-net", "--allow-net", sockets],
            ...args,
          ]);
        await using list = start("help");
        assertMatch((await list.ended()).stdout, /\n {2}chat_server +Chat server/);
        await using listener = start("listener", "--host", "127.0.0.1", "--port", "0");
        await using notify = start("notify", "--port", `${await listener.port()}`);
        assertStringIncludes((await notify.ended()).stdout, "[Recv Data] Hello UDP Client\n");
        await using server = start("soc2_server", "--host", "127.0.0.1", "--port", "0");
        await using client = start("soc2_client", "--port", `${await server.port()}`);
        assertEquals((await client.ended()).code, 0);
      });
    }),
});

Deno.test({
  name: `compile makes the same file every time${why}`,
  ignore,
  fn: () =>
    withFolder(async (folder) => {
      const build = async (into: string) => {
        const output = `${folder}/${into}`;
        const { code, stderr } = await compile(
          ["chat_server", "--target", target, "--output", output],
          { runtime },
        );
        assertEquals(code, 0, stderr);
        return await Deno.readFile(`${output}/chat_server-${target}`);
      };
      const [bytes, again] = await Promise.all([build("one"), build("two")]);
      assert(bytes.length === again.length && bytes.every((byte, i) => byte === again[i]));
    }),
});

Deno.test({
  name: `compile says what to do where the runtime can't be downloaded${why}`,
  ignore,
  fn: () =>
    withFolder(async (folder) => {
      // A cache that has what npm gave, but no runtime, and a network that ends at npm.
      const info = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
      const { denoDir } = JSON.parse(new TextDecoder().decode(info.stdout));
      await Deno.symlink(`${denoDir}/npm`, `${folder}/npm`);
      await Deno.mkdir(`${folder}/dl`);
      for await (const { name } of Deno.readDir(`${denoDir}/dl`)) {
        if (name.startsWith("esbuild")) {
          await Deno.symlink(`${denoDir}/dl/${name}`, `${folder}/dl/${name}`);
        }
      }
      const { code, stderr } = await compile(["--output", folder], {
        env: {
          DENO_DIR: folder,
          HTTPS_PROXY: "http://127.0.0.1:9",
          NO_PROXY: "registry.npmjs.org",
        },
      });
      assertEquals(code, 1);
      assertMatch(
        stderr,
        /\nthe runtime can't be downloaded \(.+\): get https:\/\/dl\.deno\.land\/release\/v[\d.]+\/denort-aarch64-unknown-linux-gnu\.zip .*DENORT_BIN=FILE deno task compile\n$/,
      );
    }),
});
