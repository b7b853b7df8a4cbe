// What `deno task compile` writes, read back from the file itself. Deno as it is stands in for denort,
// the runtime that deno.land has: what is embedded is the same, but only denort would start it.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Program } from "./support/program.ts";

const PI = "aarch64-unknown-linux-gnu";
/** A stand-in for the runtime: that of the Pi where .ci/arm64 got one, else this machine's own. */
const arm64 = Deno.env.get("DENO_ARM64");
const [target, machine, runtime] = arm64
  ? [PI, 183, `${arm64}/deno`]
  : [Deno.build.target, Deno.build.arch === "aarch64" ? 183 : 62, Deno.execPath()];

// Deno gets its bundler (esbuild) from npm when it is first used.
const bundler = await new Deno.Command(Deno.execPath(), {
  args: ["bundle", "--quiet", "lib/builtins.ts"],
  stdout: "null",
  stderr: "null",
}).output();
const ignore = !bundler.success || Deno.build.os !== "linux";
const why = ignore ? " (skipped: needs Linux, and esbuild from npm)" : "";

/** Runs the task with a runtime from here, or without one. */
async function compile(
  args: string[],
  options: { runtime?: string; env?: Record<string, string> } = {},
) {
  const { runtime, env } = options;
  const command = [Deno.execPath(), "task", "--quiet", "compile", ...args];
  const denort = runtime === undefined ? ["-u", "DENORT_BIN"] : [`DENORT_BIN=${runtime}`];
  await using task = new Program("deno task compile", "env", [...denort, ...command], {
    env,
    limit: 120_000, // it checks types, bundles, and writes 90 MB
  });
  return await task.ended();
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

/** What `deno compile` put into a file (denoland/deno, cli/standalone/binary.rs). */
interface Embedded {
  /** What the program may do: only what is granted or denied, and nothing that is null. */
  permissions: Record<string, unknown>;
  unstable: string[];
  entry: string;
  /** Its files: name and text. */
  files: [string, string][];
  nodeModules: unknown;
}

/**
 * Reads it: a mark twice, the length of the metadata (8 bytes, little-endian), the metadata as JSON;
 * further on the length of a list of the files, that list as JSON, their length, and the files.
 */
function embedded(bytes: Uint8Array): Embedded {
  const text = new TextDecoder("latin1").decode(bytes); // a character is a byte: the same offsets
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = (at: number) => Number(view.getBigUint64(at, true));
  const metadataAt = text.indexOf("d3n0l4ndd3n0l4nd") + 24;
  const metadataEnd = metadataAt + length(metadataAt - 8);
  const metadata = JSON.parse(text.slice(metadataAt, metadataEnd));
  const listAt = text.indexOf('[{"', metadataEnd);
  const listEnd = listAt + length(listAt - 8);
  const list: { File: { n: string; o: [number, number] } }[] = JSON.parse(
    text.slice(listAt, listEnd),
  );
  return {
    permissions: Object.fromEntries(
      Object.entries(metadata.permissions).filter(([, value]) => value !== null),
    ),
    unstable: metadata.unstable_config.features,
    entry: metadata.entrypoint_key,
    files: list.map(({ File: { n, o: [at, size] } }) => {
      const start = listEnd + 8 + at;
      return [n, new TextDecoder().decode(bytes.subarray(start, start + size))];
    }),
    nodeModules: metadata.node_modules,
  };
}

/** The modules of a bundle, by the comments that stand before them. */
function modulesOf(bundle: string): string[] {
  const paths = Array.from(bundle.matchAll(/^\/\/ (\S+\.[jt]s)$/gm), ([, path]) => path!);
  return [...new Set(paths)].sort();
}

const TOP = new URL("..", import.meta.url).href;
/** Packages of @std that deno.json names, and what they stand on. */
const USED_OF_STD = /^npm:deno-std\/[\d.]+\/(bytes|cli|crypto|fmt|internal|text)\//;

/**
 * Those of the modules that the script does not import, by `deno info`. (It may import more than a
 * bundle holds: a module of which nothing is used is left out. And of an npm package `deno info` knows
 * only what is imported from outside.)
 */
async function beyond(modules: string[], script: string): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", `scripts/${script}.ts`],
  }).output();
  const graph: Graph = JSON.parse(new TextDecoder().decode(stdout));
  const imported = new Set(graph.roots);
  for (const specifier of imported) { // which grows meanwhile
    const module = graph.modules.find((each) => each.specifier === specifier);
    for (const { code } of module?.dependencies ?? []) {
      if (code) imported.add(graph.redirects[code.specifier] ?? code.specifier);
    }
  }
  return modules.filter((module) =>
    module.startsWith("npm:") ? !USED_OF_STD.test(module) : !imported.has(`${TOP}${module}`)
  );
}

/** What is of use here in what `deno info --json` prints. */
interface Graph {
  roots: string[];
  modules: { specifier: string; dependencies?: { code?: { specifier: string } }[] }[];
  redirects: Record<string, string>;
}

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
          (await Array.fromAsync(Deno.readDir("scripts"), ({ name }) => `scripts/${name}`)).sort(),
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
  name: `compile NAME makes a file of that script, the same one every time${why}`,
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
      const bytes = await build("one");
      const [[name, text] = []] = embedded(bytes).files;
      assertEquals(name, "chat_server.js");
      const modules = modulesOf(text!);
      assertEquals(await beyond(modules, "chat_server"), []);
      for (const part of ["scripts/chat_server.ts", "lib/script.ts", "lib/socket.ts"]) {
        assert(modules.includes(part), part);
      }
      assertEquals(modules.filter((module) => module.startsWith("scripts/")), [
        "scripts/chat_server.ts",
      ]);
      assertEquals(text!.includes(Deno.cwd()), false, "nothing of this machine's folders");
      const again = await build("two");
      assert(bytes.length === again.length && bytes.every((byte, i) => byte === again[i]));
    }),
});

Deno.test({
  name: `compile --data lets a program read and write one folder${why}`,
  ignore,
  fn: () =>
    withFolder(async (folder) => {
      const { code, stdout, stderr } = await compile(
        ["chat_server", "--data", "/var/lib/a b", "--target", target, "--output", folder],
        { runtime },
      );
      assertEquals(code, 0, stderr);
      assertStringIncludes(stdout, "may use   the network, and files in /var/lib/a b\n");
      const { permissions } = embedded(await Deno.readFile(`${folder}/chat_server-${target}`));
      assertEquals(permissions.allow_read, ["/var/lib/a b"]);
      assertEquals(permissions.allow_write, ["/var/lib/a b"]);
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
        [["--traget", "x"], undefined, 2, "unknown flag --traget"],
        [["--all", "chat_server"], undefined, 2, "name exercises, or say --all, not both"],
        [["--data", "/var/lib/a,b"], undefined, 2, "--data takes a folder without a comma"],
        [[], `${folder}/none`, 1, "DENORT_BIN: No such file"],
        [[], "", 1, "DENORT_BIN: Is a directory"],
        [
          [],
          "deno.json",
          1,
          "DENORT_BIN: deno.json is not a program for aarch64-unknown-linux-gnu",
        ],
      ];
      for (const [args, runtime, status, line] of cases) {
        const { code, stderr } = await compile(["--output", folder, ...args], { runtime });
        assertEquals(code, status, stderr);
        assertStringIncludes(stderr, line);
        assertEquals(stderr.split("\n").length, 2, "one line, that is");
      }
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
