// What `deno task bundle` writes, used by somebody who has Deno and nothing else: no checkout, no deno.json,
// no npm packages in Deno's cache, and no network to get them from.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { noBundler } from "./support/bundler.ts";
import { Peer } from "./support/peer.ts";
import { Program, type StartOptions } from "./support/program.ts";
import { scriptNames } from "./support/scripts.ts";
import { sideBySide } from "./support/side_by_side.ts";

const ignore = noBundler !== undefined;
const why = ignore ? ` (skipped: ${noBundler})` : "";

const UDP = ["broadcaster", "callee", "caller", "listener", "notify", "receiver"];

/** Runs the task to its end. */
async function bundle(...args: string[]) {
  await using task = new Program("deno task bundle", Deno.execPath(), [
    ...["task", "--quiet", "bundle"],
    ...args,
  ], { limit: 120_000 }); // it checks types, and makes 27 files
  return await task.ended();
}

/** Starts a bundle in the folder as `deno run FLAGS FILE ARGS`. */
function start(folder: string, flags: string[], args: string[], options?: StartOptions): Program {
  // What a proxy refuses is not downloaded. (Deno asks no proxy for this machine itself.)
  const env = { DENO_DIR: `${folder}/deno`, HTTPS_PROXY: "http://127.0.0.1:9" };
  const command = ["run", "--no-prompt", "--allow-net", ...flags, ...args];
  return new Program(args[0]!, Deno.execPath(), command, { cwd: folder, env, ...options });
}

Deno.test({
  name: `bundle: a file for each exercise, and sockets, complete${why}`,
  ignore,
  async fn(t) {
    const folder = await Deno.makeTempDir({ prefix: "소켓 묶음 " });
    try {
      const made = await bundle("--output", folder);
      assertEquals([made.code, made.stderr], [0, ""]);
      const scripts = await scriptNames();
      const files = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
      assertEquals(files.sort(), scripts.map((name) => `${name}.js`));

      await t.step(
        "that begins with how to start it, and tells nothing of this machine",
        async () => {
          for (const name of scripts) {
            const text = await Deno.readTextFile(`${folder}/${name}.js`);
            const flags = [...UDP, "sockets"].includes(name)
              ? "--allow-net --unstable-net"
              : "--allow-net";
            assertStringIncludes(made.stdout, `bytes  deno run ${flags} ${name}.js\n`);
            assertMatch(
              text,
              RegExp(`^#!/usr/bin/env -S deno run ${flags}\n// ${name}, version [\\d.]+\\. MIT`),
            );
            for (const path of [Deno.cwd(), Deno.env.get("HOME"), "registry.npmjs.org"]) {
              assert(!path || !text.includes(path), `${name}.js holds ${path}`);
            }
          }
        },
      );

      await t.step("whose --help names it", async () => {
        await sideBySide(scripts, async (name) => {
          await using help = start(folder, [], [`${name}.js`, "--help"]);
          const { code, stdout, stderr } = await help.ended();
          assertEquals([code, stderr], [0, ""], name);
          const flags = UDP.includes(name) ? "--allow-net --unstable-net" : "--allow-net";
          const shown = name === "sockets" ? "sockets.js NAME" : `${name}.js`;
          assertMatch(stdout, RegExp(`^usage: deno run ${flags} ${shown} \\[flags\\]`, "m"));
        });
        await using help = start(folder, [], ["sockets.js", "help", "notify"]);
        assertStringIncludes(
          (await help.ended()).stdout,
          "\nusage: deno run --allow-net --unstable-net sockets.js notify [flags]\n",
        );
      });

      await t.step("that chats, and traces", async () => {
        const args = ["chat_server.js", "--port", "0", "--trace", "--trace-diagram", "chat.svg"];
        await using server = start(folder, ["--allow-write=chat.svg"], args);
        const port = await server.port();
        await using client = start(
          folder,
          [],
          ["sockets.js", "chat_client", "--port", `${port}`],
          { stdin: true },
        );
        await client.type("안녕\n");
        await client.says("stdout", /receive : {2}안녕\n/);
        await client.type("bye\n");
        const { code, stdout, stderr } = await client.ended();
        assertEquals([code, stdout, stderr], [0, "chat client start\nreceive :  안녕\n", ""]);
        await server.says("stderr", / recv .* 6 bytes\n.* ec 95 88 eb 85 95/);
        await server.says("stdout", /disconnected/);
        assertStringIncludes(await Deno.readTextFile(`${folder}/chat.svg`), "안녕");
      });

      await t.step("that keeps what it acknowledged", async () => {
        const login = ["login_server.js", "--port", "0", "--data", "my seats.db"];
        await using refused = start(folder, [], login);
        const { code, stderr } = await refused.ended();
        const file = Deno.build.os === "windows" ? `"my seats.db"` : "'my seats.db'";
        assertEquals([code, stderr], [
          1,
          "login_server: --data my seats.db needs leave to use its file: start it with " +
          `"deno run --allow-net --allow-read=${file} --allow-write=${file} login_server.js"\n`,
        ]);
        const leave = ["--allow-read=my seats.db", "--allow-write=my seats.db"];
        await using server = start(folder, leave, [...login, "--user", "kim:1234"]);
        using peer = await Peer.connect(await server.port());
        await peer.send("kim\n1234\n");
        await peer.says(/^Login success\n$/);
        assert((await Deno.stat(`${folder}/my seats.db`)).isFile);
      });

      await t.step("that uses UDP, and says what it needs for it", async () => {
        for (const script of [["listener.js"], ["sockets.js", "listener"]]) {
          await using listener = start(folder, [], [...script, "--port", "0"]);
          const { code, stdout, stderr } = await listener.ended();
          assertEquals([code, stdout, stderr], [
            1,
            "",
            "listener: UDP needs --unstable-net: start it with " +
            `"deno run --allow-net --unstable-net ${script.join(" ")}"\n`,
          ]);
        }
        const udp = ["--unstable-net"];
        await using listener = start(folder, udp, [
          ...["sockets.js", "listener", "--host", "127.0.0.1", "--port", "0"],
        ]);
        await using notify = start(folder, udp, [
          "notify.js",
          "--port",
          `${await listener.port()}`,
        ]);
        assertStringIncludes((await notify.ended()).stdout, "[Recv Data] Hello UDP Client\n");
      });

      await t.step("that runs from a web server, and names its address", async () => {
        await using web = Deno.serve(
          { hostname: "127.0.0.1", port: 0, onListen() {} },
          async (request) => {
            const { pathname } = new URL(request.url);
            // As GitHub gives what is attached to a release: from another address, as mere bytes.
            const [, file] = /^\/download\/(.*)/.exec(pathname) ?? [];
            if (file) return Response.redirect(new URL(`/asset?${file}`, request.url));
            const name = pathname === "/asset" ? new URL(request.url).search.slice(1) : pathname;
            const body = await Deno.readFile(`${folder}/${name}`);
            return new Response(body, { headers: { "content-type": "application/octet-stream" } });
          },
        );
        for (const path of ["", "download/"]) {
          const address = `http://127.0.0.1:${web.addr.port}/${path}chat_server.js`;
          await using help = start(folder, [], [address, "--help"]);
          assertStringIncludes(
            (await help.ended()).stdout,
            `usage: deno run --allow-net ${address} `,
          );
          await using server = start(folder, [], [address, "--port", "0"]);
          using peer = await Peer.connect(await server.port());
          await peer.send("hello\n");
          await peer.says(/^hello\n$/);
        }
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: `bundle: a name chooses, and bad input is told in one line${why}`,
  ignore,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const { code, stdout } = await bundle("soc1_server", "json_types", "--output", folder);
      assertEquals([code, stdout.trim().split("\n").length], [0, 2]);
      const files = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
      assertEquals(files.sort(), ["json_types.js", "soc1_server.js"]);
      const cases: [string[], number, RegExp][] = [
        [["chat_sever"], 2, /there is no exercise "chat_sever"; there are broadcaster, /],
        [["--outptu", folder], 2, /unknown flag --outptu; --help lists those there are/],
        [["--output"], 2, /--output takes a value; --help says which/],
        [["--output", `${folder}/json_types.js`], 1, /json_types.js can't be made; --output names/],
      ];
      await sideBySide(cases, async ([args, status, line]) => {
        const { code, stdout, stderr } = await bundle(...args);
        assertEquals([code, stdout, stderr.split("\n").length], [status, "", 2], stderr);
        assertMatch(stderr, line);
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
