// What servers with --data were told stays, whatever ends them.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { isInstalled, noSignals, testUnless } from "../support/needs.ts";
import { Peer } from "../support/peer.ts";
import { Program } from "../support/program.ts";

const CINEMA = ["--role", "server", "--host", "127.0.0.1", "--port", "0", "--name", "CGV"];
const MEMBERSHIP = ["--role", "server", "--host", "127.0.0.1", "--port", "0"];
const FILMS = ["영화 A", "영화 B", "영화 C", "영화 D", "영화 E"];
const SEATS = [0, 1, 2, 3, 4];

/** A script that may use that file, and no other. */
function keeping(file: string, name: string, args: string[]): Program {
  const permissions = ["--allow-net", `--allow-read=${file}`, `--allow-write=${file}`];
  const run = ["run", "--no-prompt", ...permissions, `scripts/${name}.ts`, ...args];
  return new Program(name, Deno.execPath(), [...run, "--data", file]);
}

/** A file name in a folder that goes with the test. */
class TemporaryFile implements AsyncDisposable {
  readonly folder = Deno.makeTempDirSync();
  readonly path = `${this.folder}/test.db`;

  async [Symbol.asyncDispose]() {
    await Deno.remove(this.folder, { recursive: true });
  }
}

async function ask(peer: Peer, message: string): Promise<string> {
  peer.take();
  await peer.send(message);
  return (await peer.says(/^(SUCCESS|예약 성공|예약 실패 : .*|가입 .*|로그인 .*)$/))[0];
}

/** Books every seat there is, in turn: those that were still free. */
async function bookAll(port: number): Promise<string[]> {
  using peer = await greeted(port);
  const booked: string[] = [];
  for (const film of FILMS) {
    await ask(peer, `Q${film}`);
    for (const seat of SEATS) {
      if (await ask(peer, `R${seat}`) === "예약 성공") booked.push(`${film}:${seat}`);
    }
  }
  return booked;
}

/** A client that has been greeted. */
async function greeted(port: number): Promise<Peer> {
  const peer = await Peer.connect(port);
  await peer.says(/^CGV$/);
  return peer;
}

/** Tries to book every seat, beginning with the nth. Each that it gets is `told`. */
async function bookFrom(n: number, peer: Peer, told: (seat: string) => void) {
  for (let i = n; i < n + FILMS.length * SEATS.length; i++) {
    const film = FILMS[i % FILMS.length]!;
    const seat = Math.floor(i / FILMS.length) % SEATS.length;
    await ask(peer, `Q${film}`);
    if (await ask(peer, `R${seat}`) === "예약 성공") told(`${film}:${seat}`);
  }
}

const CLIENTS = 200;

for (let round = 0; round < 10; round++) {
  const killAfter = 1 + 2 * round;
  Deno.test(`SIGKILL after ${killAfter} of hundreds of bookings loses none and gives none twice`, async () => {
    await using file = new TemporaryFile();
    const told: string[] = [];
    {
      await using program = keeping(file.path, "cinema", CINEMA);
      const port = await program.port();
      await using stack = new AsyncDisposableStack();
      const clients = await Promise.all(Array.from({ length: CLIENTS }, () => greeted(port)));
      let killed = false;
      const bookings = clients.map((client, n) =>
        bookFrom(n, stack.use(client), (seat) => {
          if (told.push(seat) < killAfter || killed) return;
          killed = true;
          program.kill("SIGKILL");
        })
      );
      for (const outcome of await Promise.allSettled(bookings)) {
        if (outcome.status === "rejected" && !killed) throw outcome.reason;
      }
      assert(killed, "the server was killed in the middle of it");
    }
    assertEquals(new Set(told).size, told.length, "a seat was given twice");
    await using program = keeping(file.path, "cinema", CINEMA);
    const free = await bookAll(await program.port());
    assertEquals(told.filter((seat) => free.includes(seat)), [], "a seat that was given is free");
  });
}

Deno.test("accounts of membership outlast SIGTERM and SIGKILL, and serve login_server", async () => {
  await using file = new TemporaryFile();
  for (const [id, signal] of [["kim", "SIGTERM"], ["lee", "SIGKILL"]] as const) {
    await using program = keeping(file.path, "membership", MEMBERSHIP);
    using peer = await Peer.connect(await program.port());
    assertEquals(await ask(peer, `R${id},비밀:${id}`), "가입 성공");
    program.kill(signal);
    await program.ended();
  }
  await using membership = keeping(file.path, "membership", MEMBERSHIP);
  await using login = keeping(file.path, "login_server", ["--port", "0"]);
  using member = await Peer.connect(await membership.port());
  assertEquals(await ask(member, "Rkim,1"), "가입 실패 : 기 가입자");
  assertEquals(await ask(member, "Rpark,1"), "가입 성공");
  for (
    const [account, answer] of [["lee\n비밀:lee\n", "Login success\n"], [
      "park\n1\n",
      "Login success\n",
    ]]
  ) {
    using peer = await Peer.connect(await login.port());
    await peer.send(account!);
    assertEquals(await peer.ended(), answer);
  }
});

testUnless(noSignals, "SIGTERM leaves one file with everything in it", async () => {
  await using file = new TemporaryFile();
  await using program = keeping(file.path, "cinema", CINEMA);
  assertEquals((await bookAll(await program.port())).length, 25);
  program.kill();
  assertEquals((await program.ended()).code, 143);
  const entries = await Array.fromAsync(Deno.readDir(file.folder));
  assertEquals(entries.map(({ name }) => name), ["test.db"]);
  await using again = keeping(file.path, "cinema", CINEMA);
  assertEquals(await bookAll(await again.port()), []);
});

Deno.test("two servers with one file give no seat twice", async () => {
  await using file = new TemporaryFile();
  await using a = keeping(file.path, "cinema", CINEMA);
  await using b = keeping(file.path, "cinema", CINEMA);
  const ports = [await a.port(), await b.port()];
  const booked = await Promise.all([...ports, ...ports].map(bookAll));
  assertEquals(booked.flat().length, 25);
  assertEquals(new Set(booked.flat()).size, 25);
});

Deno.test("without the permissions --data says which to add", async () => {
  const file = Deno.build.os === "windows" ? '"some file.db"' : "'some file.db'"; // as its shell has it
  for (
    const [name, args] of [["cinema", CINEMA], ["membership", MEMBERSHIP], [
      "login_server",
      [],
    ]] as const
  ) {
    await using program = Program.script(name, [...args, "--data", "some file.db"]);
    const { code, stdout, stderr } = await program.ended();
    assertEquals([code, stdout], [1, ""]);
    assertEquals(
      stderr,
      `${name}: --data some file.db needs leave to use its file: start it with "deno run --allow-net ` +
        `--allow-read=${file} --allow-write=${file} scripts/${name}.ts"\n`,
    );
  }
});

Deno.test("a file that --data can't use ends the program with one line", async () => {
  await using file = new TemporaryFile();
  await Deno.writeTextFile(file.path, "a letter\n");
  await using program = keeping(file.path, "membership", MEMBERSHIP);
  const { code, stdout, stderr } = await program.ended();
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, /^membership: --data [^\n]+: not a file of these programs, left as it is\n$/);
  assertEquals(await Deno.readTextFile(file.path), "a letter\n");
});

/** What becomes of a file while a server has it, and what the server says then. */
const LOST: Record<string, [harm: (file: TemporaryFile) => Promise<void>, said: RegExp]> = {
  "removed": [({ path }) => Deno.remove(path), /was removed or replaced/],
  "moved away": [({ path }) => Deno.rename(path, `${path}.old`), /was removed or replaced/],
  "moved away, and another of that name made": [async ({ path }) => {
    await Deno.rename(path, `${path}.old`);
    await Deno.copyFile(`${path}.old`, path);
  }, /was removed or replaced/],
  "replaced by a copy that is moved over it": [async ({ path }) => {
    await Deno.copyFile(path, `${path}.copy`);
    await Deno.rename(`${path}.copy`, path);
  }, /was removed or replaced/],
  "replaced by a link to another": [async ({ path }) => {
    await Deno.rename(path, `${path}.old`);
    await Deno.copyFile(`${path}.old`, `${path}.copy`);
    await Deno.symlink(`${path}.copy`, path);
  }, /was removed or replaced/],
  "replaced by a folder": [async ({ path }) => {
    await Deno.remove(path);
    await Deno.mkdir(path);
  }, /was removed or replaced/],
  "gone with its folder": [async ({ folder }) => {
    await Deno.remove(folder, { recursive: true });
    await Deno.mkdir(folder); // for the end of the test
  }, /was removed or replaced/],
  "in a folder that is called otherwise": [async ({ folder, path }) => {
    await Deno.rename(folder, `${folder}.old`);
    await Deno.mkdir(folder);
    await Deno.copyFile(`${folder}.old/test.db`, path);
    await Deno.remove(`${folder}.old`, { recursive: true });
  }, /was removed or replaced/],
  "cut to nothing": [({ path }) => Deno.truncate(path), /no such table: entries/],
  "written over with something else": [
    ({ path }) => Deno.writeTextFile(path, "something else\n".repeat(1000)),
    /damaged, left as it is/,
  ],
};
/** There an open file can be neither removed nor replaced. */
const openFilesStay = Deno.build.os === "windows" ? "Windows keeps an open file" : undefined;

for (const [what, [harm, said]] of Object.entries(LOST)) {
  testUnless(openFilesStay, `nobody is told of a seat in a file that is ${what}`, async () => {
    await using file = new TemporaryFile();
    await using program = keeping(file.path, "cinema", CINEMA);
    const port = await program.port();
    using early = await greeted(port);
    using late = await greeted(port);
    assertEquals(await ask(early, "Q영화 A"), "SUCCESS");
    assertEquals(await ask(early, "R0"), "예약 성공");
    await harm(file);
    for (const peer of [early, late]) {
      assertEquals(await ask(peer, "Q영화 A"), "SUCCESS"); // which needs no file
      peer.take();
      await peer.send("R1");
      assertEquals(await peer.ended(), "");
      const line = await program.says("stderr", new RegExp(`${peer.address} dropped: (.*)\n`));
      assertMatch(line[1]!, new RegExp(`^--data ${file.path}:? ${said.source}`));
    }
    using next = await greeted(port);
    assertEquals(await ask(next, "Q영화 B"), "SUCCESS");
  });
}

testUnless(
  openFilesStay,
  "a second server with a new file of that name shares no seat",
  async () => {
    await using file = new TemporaryFile();
    await using a = keeping(file.path, "cinema", CINEMA);
    using peer = await greeted(await a.port());
    await ask(peer, "Q영화 A");
    assertEquals(await ask(peer, "R0"), "예약 성공");
    for (const name of ["", "-wal", "-shm", "-journal"]) {
      await Deno.remove(file.path + name).catch(() => {}); // mostly there is only one
    }
    await using b = keeping(file.path, "cinema", CINEMA);
    assertEquals((await bookAll(await b.port())).length, 25);
    await peer.send("R1");
    await a.says("stderr", /dropped: --data .* was removed or replaced/);
  },
);

testUnless(
  openFilesStay,
  "a file that is put back holds what it held, and takes more",
  async () => {
    await using file = new TemporaryFile();
    await using program = keeping(file.path, "cinema", CINEMA);
    const port = await program.port();
    using peer = await greeted(port);
    await ask(peer, "Q영화 A");
    assertEquals(await ask(peer, "R0"), "예약 성공");
    await Deno.rename(file.path, `${file.path}.old`);
    await peer.send("R1");
    await peer.ended();
    await Deno.rename(`${file.path}.old`, file.path);
    assertEquals((await bookAll(port)).length, 24);
  },
);

testUnless(openFilesStay, "nobody signs up or logs in with a file that was removed", async () => {
  await using file = new TemporaryFile();
  await using membership = keeping(file.path, "membership", MEMBERSHIP);
  await using login = keeping(file.path, "login_server", ["--port", "0"]);
  const [port, loginPort] = [await membership.port(), await login.port()];
  using kim = await Peer.connect(port);
  using lee = await Peer.connect(port);
  assertEquals(await ask(kim, "Rkim,1"), "가입 성공");
  await Deno.remove(file.path);
  using peer = await Peer.connect(loginPort);
  for (const [each, message] of [[kim, "Lkim,1"], [lee, "Rlee,1"], [peer, "kim\n1\n"]] as const) {
    each.take();
    await each.send(message);
    assertEquals(await each.ended(), "");
  }
  await login.says("stderr", /dropped: --data .* was removed or replaced/);
});

/** A program that holds the file until it is closed. (A full disk is what a test can't make anywhere.) */
function holding(file: TemporaryFile, begin: string): Disposable {
  const database = new DatabaseSync(file.path);
  database.exec(begin);
  return { [Symbol.dispose]: () => database.close() };
}

for (const begin of ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"]) {
  Deno.test(`a program that holds the file costs a client its answer, and nobody else: ${begin}`, async () => {
    await using file = new TemporaryFile();
    await using program = keeping(file.path, "cinema", CINEMA);
    const port = await program.port();
    using peer = await greeted(port);
    await ask(peer, "Q영화 A");
    peer.take();
    {
      using _other = holding(file, begin);
      await peer.send("R0");
      await program.says("stdout", /:0 예약을 확인합니다/);
      // Who needs no file is served before that client has its answer.
      using next = await greeted(port);
      for (const film of FILMS) assertEquals(await ask(next, `Q${film}`), "SUCCESS");
      assertEquals([peer.text, program.stderr.includes("dropped")], ["", false]);
      const line = await program.says("stderr", new RegExp(`${peer.address} dropped: (.*)\n`));
      const which = Deno.build.os === "windows" ? "" : `: "fuser ${file.path}" says which`;
      assertEquals(line[1], `--data ${file.path}: another program holds it${which}`);
      assertEquals(await peer.ended(), "");
    }
    assertEquals((await bookAll(port)).length, 25);
  });
}

Deno.test("a client gets its seat when the file is free again", async () => {
  await using file = new TemporaryFile();
  await using program = keeping(file.path, "cinema", CINEMA);
  using peer = await greeted(await program.port());
  await ask(peer, "Q영화 A");
  peer.take();
  {
    using _other = holding(file, "BEGIN IMMEDIATE");
    await peer.send("R0");
    await program.says("stdout", /:0 예약을 확인합니다/);
  }
  await peer.says(/^예약 성공$/);
});

/** Root may write everywhere, unless it gives that up; setpriv is Linux's. */
const noSetpriv = await isInstalled("setpriv", "--version") ? undefined : "there is no setpriv";

for (const [what, before] of [["a new file", false], ["a file", true]] as const) {
  testUnless(
    noSetpriv,
    `--data says where it is the folder of ${what} that can't be written`,
    async () => {
      await using file = new TemporaryFile();
      if (before) {
        await using program = keeping(file.path, "cinema", CINEMA);
        assertEquals((await bookAll(await program.port())).length, 25);
        program.kill();
        await program.ended();
      }
      await Deno.chmod(file.folder, 0o555);
      const all = "-dac_override,-dac_read_search";
      const deno = [Deno.execPath(), "run", "--no-prompt", "--allow-net", "--allow-read"];
      const drop = Deno.uid() === 0 ? [`--bounding-set=${all}`] : [];
      await using program = new Program("cinema", "setpriv", [
        ...[...drop, ...deno, "--allow-write", "scripts/cinema.ts", ...CINEMA, "--data", file.path],
      ]);
      const { code, stderr } = await program.ended();
      await Deno.chmod(file.folder, 0o755);
      assertEquals(code, 1);
      assertMatch(
        stderr,
        /^cinema: --data \S+: its folder is not there, or can't be written[^\n]*\n$/,
      );
    },
  );
}
