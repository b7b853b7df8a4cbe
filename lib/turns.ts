// Turns: which message is handled next, and which write begins next, where there are many connections.
//
// In one turn of its event loop Deno completes 128 reads and writes (tokio's budget for cooperative
// scheduling). What is more has to wait, and then what was begun last goes first: in a large room
// some would talk while others starve. So here messages are handled one after another, in the order
// in which they came, and no more writes begin in a turn than it can complete.

/** Writes that begin in a turn: less than 128, since some reads complete in it too. */
const WRITES = 120;
/** Messages that are handled before what they led to is written, in UTF-16 units and overhead. */
const MESSAGES = 256 * 1024;
const OVERHEAD = 64;
/** How long messages wait for those who have much to read before them, in milliseconds. */
const PATIENCE = 50;
/** Microtasks until a script has handled its message: each `await` on the way there takes one. */
const HANDLING = 6;

/** Writes that have begun in this turn. */
let begun = 0;
let writes: (() => void)[] = [];
const messages: { size: number; handle: () => void }[] = [];
let running = false;
/** Peers, and the console, for which much waits already, and how long they are waited for. */
const behind = new Set<unknown>();
let patienceEnds = 0;

/** Whether a write may begin in this turn; if so, it is counted. */
export function mayWrite(): boolean {
  if (begun >= WRITES) return false;
  begun++;
  return true;
}

/** Calls `write` when it may begin, after those that asked before. */
export function whenMayWrite(write: () => void): void {
  writes.push(write);
  if (!running) run();
}

/** Settles when a message of that length is the next to be handled. */
export function whenMayHandle(length: number): Promise<void> {
  return new Promise((handle) => {
    messages.push({ size: length + OVERHEAD, handle });
    if (!running) run();
  });
}

/**
 * Much waits for this reader, a peer or the console: it has a moment before more messages are handled, so
 * that nobody is called slow who had no time to read. Who is behind even then is not waited for again.
 */
export function fallsBehind(reader: unknown): void {
  behind.add(reader);
  patienceEnds = performance.now() + PATIENCE;
}

/** That reader has taken most of what waited for it, or is gone. */
export function catchesUp(reader: unknown): void {
  behind.delete(reader);
}

async function run() {
  running = true;
  begun = 0; // something has come: a new turn, but for a read that completed at once
  let ledTo = 0; // writes that the last message led to, and so probably the next
  await null; // whoever has news in the same moment comes along
  while (writes.length > 0 || messages.length > 0) {
    const due = writes;
    writes = [];
    for (const write of due) {
      if (begun >= WRITES) await nextTurn();
      begun++;
      write();
    }
    if (behind.size > 0) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      begun = 0;
      if (performance.now() > patienceEnds) behind.clear();
      continue;
    }
    if (begun + ledTo > WRITES) await nextTurn();
    let size = 0;
    while (messages.length > 0 && size < MESSAGES && begun + ledTo <= WRITES) {
      if (behind.size > 0) break;
      const message = messages.shift()!;
      size += message.size;
      const before = begun;
      message.handle();
      for (let i = 0; i < HANDLING; i++) await null;
      ledTo = begun - before;
    }
  }
  running = false;
}

async function nextTurn() {
  await new Promise((resolve) => setImmediate(resolve));
  begun = 0;
}
