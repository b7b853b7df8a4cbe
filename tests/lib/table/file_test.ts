import { assert, assertEquals, assertRejects } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { stillOpen } from "../../../lib/ending.ts";
import { Failure, SocketClosed } from "../../../lib/errors.ts";
import { openTable } from "../../../lib/table.ts";
import { openTableFile } from "../../../lib/table/file.ts";

/** A folder that goes with the test. */
class Folder implements AsyncDisposable {
  readonly path = Deno.makeTempDirSync();
  readonly file = `${this.path}/test.db`;

  /** Everything in the folder, byte for byte. */
  async content(): Promise<Record<string, Uint8Array>> {
    const files: Record<string, Uint8Array> = {};
    for await (const { name, isFile } of Deno.readDir(this.path)) {
      if (isFile) files[name] = await Deno.readFile(`${this.path}/${name}`);
    }
    return files;
  }

  async [Symbol.asyncDispose]() {
    await Promise.all(Array.from(stillOpen, (each) => each.close()));
    try {
      await Deno.remove(this.path, { recursive: true });
    } catch (error) {
      // A damaged file is left open until the program ends, and Windows removes no open file.
      const left = error instanceof Error && /\(os error 32\)/.test(error.message);
      if (Deno.build.os !== "windows" || !left) throw error;
    }
  }
}

/** A file with a hundred entries, closed as it is when a program ends. */
async function write(file: string) {
  const table = await openTable("test", file);
  for (let i = 0; i < 100; i++) assert(await table.add(`key ${i}`, "value ".repeat(20)));
  await (await openTableFile(file)).close();
}

Deno.test("a key is taken once, in memory and in a file", async () => {
  await using folder = new Folder();
  for (const table of [await openTable("test"), await openTable("test", folder.file)]) {
    assertEquals(await table.get("kim"), undefined);
    assertEquals(await table.add("kim", "1"), true);
    assertEquals(await table.add("kim", "2"), false);
    assertEquals(await table.get("kim"), "1");
    for (const key of ["", "__proto__", "한글", "a\0b", "a", "' OR 1"]) {
      assertEquals([await table.add(key, "2"), await table.add(key, "3")], [true, false]);
      assertEquals(await table.get(key), "2");
    }
  }
});

Deno.test("a key can be given another value, in memory and in a file", async () => {
  await using folder = new Folder();
  for (const table of [await openTable("test"), await openTable("test", folder.file)]) {
    assertEquals(await table.add("kim", "1"), true);
    await table.set("kim", "2");
    await table.set("lee", "3");
    assertEquals([await table.get("kim"), await table.get("lee")], ["2", "3"]);
  }
});

Deno.test("the tables of a file are apart, and the same for all who open them", async () => {
  await using folder = new Folder();
  const [a, b] = [await openTable("a", folder.file), await openTable("b", folder.file)];
  assert(await a.add("key", "of a"));
  assert(await b.add("key", "of b"));
  const again = await openTable("a", folder.file);
  assertEquals([await again.get("key"), await again.add("key", "x")], ["of a", false]);
});

Deno.test("a file that was closed is one file, and holds what was added", async () => {
  await using folder = new Folder();
  await write(folder.file);
  assertEquals(Object.keys(await folder.content()), ["test.db"]);
  const table = await openTable("test", folder.file);
  for (let i = 0; i < 100; i++) assertEquals(await table.add(`key ${i}`, "again"), false);
});

Deno.test("two programs may have a file open at the same time", async () => {
  await using folder = new Folder();
  await write(folder.file);
  const other = new DatabaseSync(folder.file);
  const table = await openTable("test", folder.file);
  assert(await table.add("here", "1"));
  other.exec("INSERT INTO entries VALUES ('test', 'there', '2')");
  assertEquals([await table.get("there"), await table.add("there", "3")], ["2", false]);
  other.close();
});

Deno.test("after the file is closed its tables are, too", async () => {
  await using folder = new Folder();
  const table = await openTable("test", folder.file);
  await (await openTableFile(folder.file)).close();
  await assertRejects(() => table.get("key"), SocketClosed);
  await assertRejects(() => table.add("key", "1"), SocketClosed);
});

Deno.test("an empty file counts as a new one", async () => {
  await using folder = new Folder();
  await Deno.writeFile(folder.file, new Uint8Array());
  assert(await (await openTable("test", folder.file)).add("key", "1"));
});

Deno.test("a file of an older version, with a WAL beside it, becomes one file", async () => {
  await using folder = new Folder();
  await write(folder.file);
  const older = new DatabaseSync(folder.file);
  older.exec("PRAGMA journal_mode = WAL; INSERT INTO entries VALUES ('test', 'old', '1')");
  await using after = new Folder(); // as SIGKILL leaves it
  for (const [name, bytes] of Object.entries(await folder.content())) {
    await Deno.writeFile(`${after.path}/${name}`, bytes);
  }
  older.close();
  const table = await openTable("test", after.file);
  assertEquals([await table.get("old"), await table.add("new", "2")], ["1", true]);
  assertEquals(Object.keys(await after.content()), ["test.db"]);
});

Deno.test("a journal that is removed takes nothing with it", async () => {
  await using folder = new Folder();
  const table = await openTable("test", folder.file);
  for (let i = 0; i < 10; i++) {
    assert(await table.add(`key ${i}`, "1"));
    for (const name of Object.keys(await folder.content())) {
      if (name !== "test.db") await Deno.remove(`${folder.path}/${name}`);
    }
  }
  const now = new DatabaseSync(folder.file, { readOnly: true });
  assertEquals(now.prepare("SELECT count(*) AS count FROM entries").get()?.count, 10);
  now.close();
});

/** How a file can be no file of ours, and what is said then. */
const REFUSED: Record<string, [reason: string, make: (file: string) => void | Promise<void>]> = {
  "a text": ["not a file of these programs", (file) => Deno.writeTextFile(file, "hello\n")],
  "a long text": [
    "not a file of these programs",
    (file) => Deno.writeTextFile(file, "SQLite format 3\0".repeat(1000)),
  ],
  "another program's database": ["not a file of these programs", (file) => {
    const database = new DatabaseSync(file);
    database.exec("CREATE TABLE entries (name, key, value)");
    database.close();
  }],
  "a newer program's file": ["made by a newer version", async (file) => {
    await write(file);
    const database = new DatabaseSync(file);
    database.exec("PRAGMA user_version = 2");
    database.close();
  }],
  "a file with other tables": ["no such column", async (file) => {
    await write(file);
    const database = new DatabaseSync(file);
    database.exec("DROP TABLE entries; CREATE TABLE entries (something)");
    database.close();
  }],
  "a file cut short": ["damaged", async (file) => {
    await write(file);
    await Deno.truncate(file, 6000);
  }],
  "a file written over": ["damaged", async (file) => {
    await write(file);
    const bytes = await Deno.readFile(file);
    bytes.fill(0x5a, 9000, 12_000);
    await Deno.writeFile(file, bytes);
  }],
  "a file that may not be written": ["read-only", async (file) => {
    await write(file);
    await Deno.chmod(file, 0o444);
  }],
  "a folder": ["is not a file", (file) => Deno.mkdir(file)],
};

for (const [what, [reason, make]] of Object.entries(REFUSED)) {
  Deno.test(`${what} is refused with one line, and left as it was`, async () => {
    await using folder = new Folder();
    await make(folder.file);
    const before = await folder.content();
    const error = await assertRejects(() => openTable("test", folder.file), Failure, reason);
    assert(error.message.startsWith(`--data ${folder.file}: `), error.message);
    assert(!error.message.includes("\n"), error.message);
    const after = await folder.content();
    for (const name of Object.keys(before)) assertEquals(after[name], before[name]);
  });
}

Deno.test("a file in a folder that is not there is refused", async () => {
  await using folder = new Folder();
  await assertRejects(() => openTable("test", `${folder.path}/none/test.db`), Failure, "--data");
});
