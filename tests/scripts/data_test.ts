// What servers with --data were told stays, whatever ends them.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { noSignals, testUnless } from "../support/needs.ts";
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

Deno.test("a disk that takes no more costs the client its answer, and the server goes on", async () => {
  await using file = new TemporaryFile();
  await using program = keeping(file.path, "cinema", CINEMA);
  const port = await program.port();
  using peer = await greeted(port);
  await ask(peer, "Q영화 A");
  // Another program that holds the file is the one such failure that a test can make anywhere.
  const other = new DatabaseSync(file.path);
  other.exec("BEGIN IMMEDIATE");
  await peer.send("R0");
  await program.says("stderr", new RegExp(`${peer.address} dropped: database is locked\n`));
  other.exec("ROLLBACK");
  other.close();
  assertEquals((await bookAll(port)).length, 25);
});
