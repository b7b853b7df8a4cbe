import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { UsageError } from "../../lib/errors.ts";
import { parseFlags } from "../../lib/script.ts";
import { isInstalled, noSignals, testUnless } from "../support/needs.ts";
import { LIMIT, Program, within } from "../support/program.ts";

const DEFAULTS = { host: "127.0.0.1", port: 9999, framing: "auto" } as const;

/** Runs a script to its end, without any input. */
async function ended(name: string, args: string[]) {
  await using program = Program.script(name, args);
  return await program.ended();
}

Deno.test("flags are checked, and those not given have their defaults", async () => {
  assertEquals(await parseFlags([], "x", DEFAULTS), { ...DEFAULTS, _: [] });
  assertEquals(
    await parseFlags(["--port", "0", "--framing=line", "--host", "::1"], "x", DEFAULTS),
    { host: "::1", port: 0, framing: "line", _: [] },
  );
  assertEquals((await parseFlags(["--port", "1", "--port=65535"], "x", DEFAULTS)).port, 65535);
  assertEquals((await parseFlags(["--port", "0099"], "x", DEFAULTS)).port, 99);
  assertEquals((await parseFlags([], "x", { host: undefined, port: undefined })).port, undefined);
  const { count, interval } = await parseFlags(["--count", "3", "--interval", "0.5"], "x", {
    count: Infinity,
    interval: 1,
  });
  assertEquals([count, interval], [3, 0.5]);
  assertEquals((await parseFlags(["a", "9999", "--", "-b"], "x", {}, "ip# port#"))._, [
    "a",
    "9999",
    "-b",
  ]);
});

Deno.test("a host is a name or an address, IPv6 with or without brackets", async () => {
  for (const host of ["127.0.0.1", "a_b", "x.invalid", "::", "::1", "fe80::1%eth0"]) {
    assertEquals((await parseFlags(["--host", host], "x", DEFAULTS)).host, host);
  }
  // A name stands for its address (tests/scripts/names_test.ts).
  assertEquals((await parseFlags(["--host", "localhost"], "x", DEFAULTS)).host, "127.0.0.1");
  for (const host of ["::1", "fe80::1%eth0", "::ffff:127.0.0.1"]) {
    assertEquals((await parseFlags(["--host", `[${host}]`], "x", DEFAULTS)).host, host);
  }
});

Deno.test("what a flag does not take is told, with what it takes", async () => {
  const port = "--port takes a whole number from 0 to 65535, not ";
  const host = "--host takes an IP address or a host name, without a port, not ";
  const listed = "--help lists those there are";
  const cases: [string[], string][] = [
    [["--port", "abc"], port + '"abc"'],
    [["--port", "99999"], port + '"99999"'],
    [["--port", "65536"], port + '"65536"'],
    [["--port", "-1"], port + '"-1"'],
    [["--port=-1"], port + '"-1"'],
    [["--port", "1.5"], port + '"1.5"'],
    [["--port", "0x10"], port + '"0x10"'],
    [["--port", "１"], port + '"１"'],
    [["--port", " 1"], port + '" 1"'],
    [["--port", ""], port + '""'],
    [["--port"], port + '""'],
    [["--port", "--host", "a"], port + '""'],
    [["--host", ""], host + '""'],
    [["--host", "a b"], host + '"a b"'],
    [["--host", "127.0.0.1:9999"], host + '"127.0.0.1:9999"'],
    [["--host", "http://pi"], host + '"http://pi"'],
    [["--host", "[pi"], host + '"[pi"'],
    [["--_", "5"], "unknown flag --_; --help lists those there are"],
    [["-_=5"], "unknown flag -_=5; --help lists those there are"],
    [["--framing", "RAW"], '--framing takes one of auto, raw, line, json, not "RAW"'],
    [["--prot", "1"], "unknown flag --prot: did you mean --port? --help lists those there are"],
    [["--farming=line"], "unknown flag --farming=line: did you mean --framing? " + listed],
    [
      ["--trace-diagrm", "x"],
      "unknown flag --trace-diagrm: did you mean --trace-diagram? " + listed,
    ],
    [["--no-port"], "unknown flag --no-port; --help lists those there are"],
    [["-p", "1"], "unknown flag -p; --help lists those there are"],
    [["-1"], "unknown flag -1; --help lists those there are"],
    [["--count", "1"], "unknown flag --count; --help lists those there are"],
    [["5"], 'unexpected argument "5"; --help tells what is taken'],
    [["--port", "1", "2"], 'unexpected argument "2"; --help tells what is taken'],
    [["--", "5"], 'unexpected argument "5"; --help tells what is taken'],
  ];
  for (const [args, message] of cases) {
    const error = await assertRejects(() => parseFlags(args, "x", DEFAULTS), UsageError);
    assertEquals(error.message, message, args.join(" "));
  }
  const times = { count: Infinity, interval: 1 };
  for (
    const [flag, texts] of [["count", ["0", "-1", "x", "1.5"]], ["interval", [
      "-1",
      "x",
      "1e9",
      "99999999",
      ".5",
    ]]] as const
  ) {
    for (const text of texts) {
      await assertRejects(
        () => parseFlags([`--${flag}`, text], "x", times),
        UsageError,
        `--${flag} takes`,
      );
    }
  }
});

Deno.test("wrong usage is one line on stderr and exit status 2", async () => {
  assertEquals(await ended("chat_server", ["--port", "abc"]), {
    code: 2,
    stdout: "",
    stderr: 'chat_server: --port takes a whole number from 0 to 65535, not "abc"\n',
  });
  assertEquals((await ended("chat_client_args", ["127.0.0.1"])).code, 2);
});

Deno.test("--help prints the usage on stdout", async () => {
  for (const flag of ["--help", "-h"]) {
    const { code, stdout, stderr } = await ended("chat_server", [flag, "--port", "1"]);
    assertEquals([code, stderr], [0, ""]);
    assertMatch(stdout, /^usage: deno run --allow-net scripts\/chat_server.ts \[flags\]$/m);
    assertMatch(stdout, /^ {2}--port PORT +port number \(default 9999\)$/m);
  }
});

Deno.test("--port 0 picks a port, and stderr says which", async () => {
  await using server = Program.script("chat_server", ["--host", "127.0.0.1", "--port", "0"]);
  const conn = await Deno.connect({ port: await server.port() });
  conn.close();
  assertMatch(server.stderr, /^listening on 127\.0\.0\.1:\d+\n$/);
});

Deno.test("each failure of the network is one line that says what to do", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const used = taken.addr.port;
  using free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const refused = free.addr.port;
  free.close();
  const cases: [string, string[], string][] = [
    [
      "chat_server",
      ["--host", "127.0.0.1", "--port", `${used}`],
      `127.0.0.1:${used} is in use: stop the other program, or choose another port with --port`,
    ],
    [
      "chat_server",
      ["--host", "192.0.2.1", "--port", "0"],
      "192.0.2.1:0 is not an address of this machine",
    ],
    ["chat_server", ["--host", "nosuch.invalid"], "nosuch.invalid:9999: unknown host"],
    [
      "listener",
      ["--host", "192.0.2.1", "--port", "0"],
      "192.0.2.1:0 is not an address of this machine",
    ],
    [
      "chat_client",
      ["--port", `${refused}`],
      `127.0.0.1:${refused} refused: is the server running there?`,
    ],
    ["chat_client", ["--host", "nosuch.invalid"], "nosuch.invalid:9999: unknown host"],
    [
      "chat_client",
      ["--port", "0"],
      "127.0.0.1:0: a server's port is a number from 1 to 65535",
    ],
    [
      "chat_client_args",
      ["127.0.0.1", `${refused}`],
      `127.0.0.1:${refused} refused: is the server running there?`,
    ],
  ];
  await Promise.all(cases.map(async ([name, args, line]) => {
    const { code, stdout, stderr } = await ended(name, args);
    assertEquals([code, stdout, stderr], [1, "", `${name}: ${line}\n`]);
  }));
});

const noSetpriv = await isInstalled("setpriv", "--version") ? undefined : "there is no setpriv";

testUnless(noSetpriv, "a port for which there is no permission is told", async () => {
  for (const name of ["chat_server", "listener"]) {
    // Root without the one capability that lets it have ports below 1024.
    const command = "exec setpriv --bounding-set -net_bind_service $SCRIPT";
    await using program = Program.shell(name, command, ["--port", "81"]);
    const { code, stderr } = await program.ended();
    assertEquals([code, stderr], [
      1,
      `${name}: 0.0.0.0:81: permission denied (ports below 1024 are for root; choose one with --port)\n`,
    ]);
  }
});

Deno.test("a script without --allow-net says how to start it, and asks for nothing", async () => {
  const addresses = {
    chat_server: "0.0.0.0:9999",
    chat_client: "127.0.0.1:9999",
    listener: "0.0.0.0:20001",
    notify: "127.0.0.1:20001",
  };
  for (const [name, address] of Object.entries(addresses)) {
    const args = ["run", "--no-prompt", `scripts/${name}.ts`];
    await using program = new Program(name, Deno.execPath(), args);
    const { code, stderr } = await program.ended();
    assertEquals([code, stderr], [
      1,
      `${name}: ${address} is not allowed: start it with "deno run --allow-net scripts/${name}.ts"\n`,
    ]);
  }
});

/** How many bytes the kernel takes for a peer that reads nothing. */
async function kernelTakes(): Promise<number> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using conn = await Deno.connect({ port: listener.addr.port });
  using _peer = await listener.accept();
  const bytes = new Uint8Array(60_000);
  for (let taken = 0;; taken += bytes.length) {
    const writing = conn.write(bytes).catch(() => 0); // given up when the connection is closed
    const moment = new Promise((resolve) => setTimeout(resolve, 300));
    const written = await Promise.race([writing, moment]);
    if (written !== bytes.length) return taken;
  }
}

testUnless(
  noSignals,
  "a signal ends a server with its status, quietly, when all has been sent",
  async () => {
    const taken = await kernelTakes();
    for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
      await using server = Program.script("chat_server", ["--host", "127.0.0.1", "--port", "0"]);
      const port = await server.port();
      using speaker = await Deno.connect({ port });
      const hearer = await Deno.connect({ port }); // it reads when all is over
      await server.says("stdout", /# of client: 2\n/);
      const line = new TextEncoder().encode("x".repeat(59_999) + "\n");
      const buffer = new Uint8Array(256 * 1024);
      const count = Math.ceil((taken + 500_000) / line.length); // half a megabyte waits in the server
      for (let i = 0; i < count; i++) {
        for (let said = 0; said < line.length;) said += await speaker.write(line.subarray(said));
        // The speaker hears it as well: then it has been handed to the hearer, too.
        for (let heard = 0; heard < line.length;) {
          heard += await speaker.read(buffer) ?? line.length;
        }
      }
      server.kill(signal);
      const all = await within(
        LIMIT,
        "the end of the stream",
        () => new Response(hearer.readable).text(),
      );
      assertEquals(all.replaceAll("\n", "").length, count * 59_999);
      const { code, stderr } = await server.ended();
      assertEquals(code, status);
      assertMatch(stderr, /^listening on .*\n$/);
    }
  },
);

testUnless(noSignals, "a second signal does not wait for what the first waits for", async () => {
  const args = ["flood", "100", "10000"]; // more than a console takes that nobody reads
  const options = { stdin: true, unread: true };
  await using program = Program.script("tests/support/console_program.ts", args, options);
  await program.says("stderr", /it goes on/);
  program.kill("SIGINT");
  const more = setInterval(() => program.kill("SIGTERM"), 200);
  const { code } = await within(LIMIT, "the end", () => program.status);
  clearInterval(more);
  assertEquals(code, 143);
});

Deno.test("a client whose server is gone ends with one line and status 1", async () => {
  for (const end of ["close", "reset"]) {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const args = ["--port", `${listener.addr.port}`];
    await using client = Program.script("chat_client", args, { stdin: true });
    const conn = await listener.accept();
    await client.says("stdout", /chat client start\n/);
    if (end === "reset") {
      await client.type("unread\n"); // a close with bytes unread is a reset
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    conn.close();
    const { code, stderr } = await client.ended();
    assertEquals(code, 1);
    assertMatch(stderr, /^chat_client: 127\.0\.0\.1:\d+ (closed|reset) the connection\n$/);
  }
});

Deno.test("what fails beside main is one line and a status, as what fails in main is", async () => {
  for (const where of ["promise", "timer"]) {
    const options = { stdin: true };
    const args = ["beside", where];
    await using program = Program.script("tests/support/console_program.ts", args, options);
    assertEquals(await program.ended(), { code: 1, stdout: "", stderr: "no such seat\n" });
  }
});

Deno.test("an older Deno is told in one line, before anything else goes wrong with it", async () => {
  for (
    const [version, status] of [["2.4.0", 1], ["1.46.3", 1], ["2.9.0", 0], ["3.0.0", 0]] as const
  ) {
    await using program = new Program("old", Deno.execPath(), [
      "eval",
      `Object.defineProperty(Deno, "version", { value: { deno: "${version}" } });
       const { run } = await import("./lib/script.ts");
       await run(async () => console.log("runs"));`,
    ]);
    const { code, stdout, stderr } = await program.ended();
    assertEquals([code, stdout], [status, status === 0 ? "runs\n" : ""], version);
    const told = `Deno ${version} is too old, 2.9 or newer is needed: "deno upgrade" brings it, ` +
      'or "npm install -g deno"\n';
    assertEquals(stderr, status === 0 ? "" : told);
  }
});
