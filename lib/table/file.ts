// The file of --data: tables in SQLite, which Deno has built in. A value is answered for only when the
// disk has it, in the file that the path still names: so nothing takes back what a client was told, not
// SIGKILL nor a power cut, and no second server that begins with a new file of that name gives it again.

import { DatabaseSync } from "node:sqlite";
import { type Closable, stillOpen } from "../ending.ts";
import { Failure, PermissionNeeded, quoted, SocketClosed } from "../errors.ts";
import { sleep } from "../time.ts";

/** What marks a file as ours (SQLite docs, "PRAGMA application_id"): "ksoc". */
const APPLICATION_ID = 0x6b736f63;
/** The layout of the tables; a file with a higher one was made by a newer program. */
const LAYOUT = 1;
/** How long another program may hold the file, in milliseconds, and seconds between two tries. */
const BUSY_LIMIT = 2000;
const BUSY_PAUSE = 0.02;

const DAMAGED = "damaged, left as it is";

/** SQLite's file header (SQLite docs, "Database File Format", 1.3): its length and what stands where. */
const HEADER_LENGTH = 100;
const HEADER_MAGIC = "SQLite format 3\0";
const USER_VERSION_AT = 60;
const APPLICATION_ID_AT = 68;

const files = new Map<string, TableFile>();

/**
 * The tables of a file, which is made where there is none. Throws a Failure, and leaves the file as it
 * was, where it may not be read and written, is not one of ours, or is damaged.
 */
export async function openTableFile(path: string): Promise<TableFile> {
  const open = files.get(path);
  if (open) return open;
  await checkPermissions(path);
  try {
    await checkHeader(path);
    const file = new TableFile(path);
    files.set(path, file);
    return file;
  } catch (error) {
    throw failure(path, error);
  }
}

/** An error of SQLite in words that say what to do. */
function failure(path: string, error: unknown): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error;
  let reason = error.message;
  if (/malformed|not a database/.test(reason)) reason = DAMAGED;
  if (/locked/.test(reason)) {
    const which = Deno.build.os === "windows" ? "" : `: "fuser ${quoted(path)}" says which`;
    reason = `another program holds it${which}`;
  }
  // The file itself was looked at before.
  if (/readonly|unable to open/.test(reason)) {
    reason =
      "its folder is not there, or can't be written, where SQLite needs a second file at times";
  }
  return new Failure(`--data ${path}: ${reason}`);
}

/** Which file it is that has that name now. */
async function fileAt(path: string): Promise<string> {
  try {
    const { dev, ino } = await Deno.stat(path);
    return `${dev}:${ino}`;
  } catch {
    return "none"; // whatever keeps it from being found
  }
}

/** Without leave to read and write the file Deno would ask for it: say instead how to give it. */
async function checkPermissions(path: string) {
  for (const name of ["read", "write"] as const) {
    const { state } = await Deno.permissions.query({ name, path });
    if (state !== "granted") {
      const flags = `--allow-read=${quoted(path)} --allow-write=${quoted(path)}`;
      throw new PermissionNeeded(`--data ${path}`, flags);
    }
  }
}

/** Looks at a file before SQLite does, which would write into it. */
async function checkHeader(path: string) {
  const info = await Deno.stat(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (!info) return;
  if (!info.isFile) throw new Failure(`--data ${path}: is not a file`);
  // Root may write it all the same; but who took the right away meant it.
  if (info.mode !== null && (info.mode & 0o222) === 0) {
    throw new Failure(`--data ${path}: read-only`);
  }
  if (info.size === 0) return; // SQLite takes an empty file for a new one
  using file = await Deno.open(path, { read: true, write: true });
  const header = new Uint8Array(HEADER_LENGTH);
  const length = await file.read(header) ?? 0;
  const numbers = new DataView(header.buffer);
  const ours = length === HEADER_LENGTH &&
    new TextDecoder().decode(header.subarray(0, HEADER_MAGIC.length)) === HEADER_MAGIC &&
    numbers.getUint32(APPLICATION_ID_AT) === APPLICATION_ID;
  if (!ours) throw new Failure(`--data ${path}: not a file of these programs, left as it is`);
  if (numbers.getUint32(USER_VERSION_AT) > LAYOUT) {
    throw new Failure(`--data ${path}: made by a newer version of these programs`);
  }
}

/** An SQLite database with all tables of a file. */
export class TableFile implements Closable {
  readonly #database: DatabaseSync;
  /** Which file it was at the beginning. */
  readonly #file: Promise<string>;

  /** Throws where SQLite can't use the file. */
  constructor(readonly path: string) {
    this.#database = new DatabaseSync(path, { timeout: BUSY_LIMIT });
    try {
      this.#check();
      // No WAL: what is written stands in the one file, and not in a second one that can be lost. EXTRA
      // keeps it there in a power cut. To write the layout again shows whether anything can be written.
      this.#database.exec(`
        PRAGMA journal_mode = DELETE;
        PRAGMA synchronous = EXTRA;
        PRAGMA user_version = ${LAYOUT};
        PRAGMA busy_timeout = 0`);
    } catch (error) {
      this.#leave();
      throw error;
    }
    this.#file = fileAt(path);
    stillOpen.add(this);
  }

  /** The table of that name. Its values are texts without NUL, at which Deno's SQLite would cut them. */
  table(name: string) {
    const select = this.#database.prepare("SELECT value FROM entries WHERE name = ? AND key = ?");
    // One statement is one transaction: it is on disk when `run` returns.
    const insert = this.#database.prepare(
      "INSERT INTO entries VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    );
    const replace = this.#database.prepare("REPLACE INTO entries VALUES (?, ?, ?)");
    return {
      get: (key: string) =>
        this.#use(() => {
          const value = select.get(name, key)?.value;
          return typeof value === "string" ? value : undefined;
        }),
      add: (key: string, value: string) =>
        this.#use(() => insert.run(name, key, value).changes === 1),
      set: (key: string, value: string) =>
        this.#use(() => {
          replace.run(name, key, value);
        }),
    };
  }

  /** What `work` gives, once no other program holds the file. Others are served meanwhile. */
  async #use<Result>(work: () => Result): Promise<Result> {
    const end = performance.now() + BUSY_LIMIT;
    while (true) {
      await this.#checkPlace();
      if (!this.#database.isOpen) throw new SocketClosed();
      try {
        const result = work();
        await this.#checkPlace();
        return result;
      } catch (error) {
        await this.#checkPlace(); // where it has gone, SQLite gives another reason
        const busy = error instanceof Error && /locked/.test(error.message);
        if (!busy || performance.now() > end) throw failure(this.path, error);
      }
      await sleep(BUSY_PAUSE);
    }
  }

  /** Throws where the path does not name this file any more: what is written now would be lost. */
  async #checkPlace() {
    if (await this.#file === await fileAt(this.path)) return;
    throw new Failure(
      `--data ${this.path} was removed or replaced: put it back where it was, or start this server again`,
    );
  }

  /** Closes the file. */
  close(): Promise<void> {
    stillOpen.delete(this);
    files.delete(this.path);
    if (this.#database.isOpen) this.#database.close();
    return Promise.resolve();
  }

  /** Sees to it that the file holds what it should: a new one gets its table, an old one is only read. */
  #check() {
    const result = this.#database.prepare("PRAGMA quick_check(1)").get();
    if (result?.quick_check !== "ok") throw new Error(DAMAGED);
    const { user_version: layout } = this.#database.prepare("PRAGMA user_version").get() ?? {};
    if (layout === 0) {
      // In one transaction: the header says whose file it is from the start.
      this.#database.exec(`
        BEGIN EXCLUSIVE;
        PRAGMA application_id = ${APPLICATION_ID};
        PRAGMA user_version = ${LAYOUT};
        CREATE TABLE IF NOT EXISTS entries (
          name TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name, key)
        ) STRICT, WITHOUT ROWID;
        COMMIT`);
    }
    this.#database.prepare("SELECT name, key, value FROM entries"); // throws where they are not there
  }

  /** Closes a file that can't be used, unless that would write into it what an older version's WAL holds. */
  #leave() {
    try {
      const wal = this.#database.prepare("PRAGMA wal_checkpoint(NOOP)").get();
      if (wal?.log === wal?.checkpointed) this.#database.close();
    } catch {
      // So damaged that SQLite can't tell: it stays open until the program ends, which is now.
    }
  }
}
