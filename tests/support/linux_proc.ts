// What Linux tells under /proc about processes and sockets. Elsewhere there is nothing to be read:
// then no process is found and every question about a socket is answered with undefined.

/** A process, from /proc/PID/stat (proc(5)). */
interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
  /** When it started, in clock ticks since the machine did: 100 a second on every Linux of today. */
  readonly started: number;
  readonly ended: boolean;
}

function read(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    // Not Linux, gone meanwhile, or somebody else's process: nothing to be known.
    return undefined;
  }
}

function* processes(): Generator<ProcessStat> {
  if (Deno.build.os !== "linux") return;
  for (const entry of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(entry.name)) continue;
    const stat = read(`/proc/${entry.name}/stat`);
    if (stat === undefined) continue;
    // The second field is the program's name in parentheses, and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    yield {
      pid: Number(entry.name),
      parent: Number(fields[1]),
      session: Number(fields[3]),
      started: Number(fields[19]),
      ended: fields[0] === "Z" || fields[0] === "X",
    };
  }
}

/** The time as `started` has it; 0 where it can't be known. */
export function ticksSinceBoot(): number {
  return Math.floor(100 * Number(read("/proc/uptime")?.split(" ")[0] ?? 0));
}

/**
 * The processes that came of a program, started at that time or later: those of its session, those that
 * carry `mark` in their environment (it stays when a daemon begins a session of its own), and the
 * children of these.
 */
export function descendants(leader: number, mark: string, since: number): ProcessStat[] {
  const alive = Array.from(processes()).filter((each) => !each.ended && each.started >= since);
  const found = new Map<number, ProcessStat>();
  for (const each of alive) {
    if (each.session === leader || read(`/proc/${each.pid}/environ`)?.includes(mark)) {
      found.set(each.pid, each);
    }
  }
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const each of alive) if (found.has(each.parent)) found.set(each.pid, each);
  }
  return Array.from(found.values());
}

/** Whether any thread of these processes runs at this moment, or would if a processor were free. */
export function anyRuns(processes: readonly ProcessStat[]): boolean {
  return processes.flatMap(threads).some((thread) => {
    const stat = read(`${thread}/stat`) ?? "";
    return stat.charAt(stat.lastIndexOf(")") + 2) === "R";
  });
}

/** The folders of a process's threads: `/proc/PID/task/TID`. */
function threads({ pid }: ProcessStat): string[] {
  try {
    return Array.from(
      Deno.readDirSync(`/proc/${pid}/task`),
      ({ name }) => `/proc/${pid}/task/${name}`,
    );
  } catch {
    return []; // it has ended meanwhile
  }
}

/**
 * For how long each thread of these processes has run or waited for a processor so far, in milliseconds
 * (/proc/PID/task/TID/schedstat: two times in nanoseconds, and how often it got one).
 */
export function scheduledTime(processes: readonly ProcessStat[]): Map<string, number> {
  return new Map(
    processes.flatMap(threads).map((thread) => {
      const [ran = 0, waited = 0] = (read(`${thread}/schedstat`) ?? "").split(" ").map(Number);
      return [thread, (ran + waited) / 1e6];
    }),
  );
}

/**
 * The lines of /proc/net/NAME and of its IPv6 sibling, split into fields. Each file is read when its first
 * line is asked for: the kernel needs 5 ms to write one, however few connections there are.
 */
function* sockets(name: "tcp" | "udp"): Generator<string[]> {
  for (const file of [name, `${name}6`]) {
    for (const line of (read(`/proc/net/${file}`) ?? "").split("\n")) {
      yield line.trim().split(/\s+/);
    }
  }
}

function portOf(address: string | undefined): number {
  return parseInt(address?.split(":")[1] ?? "", 16);
}

/**
 * How many bytes that went from one port to another of this machine have not been acknowledged, or have
 * and were not read yet; undefined where there is no such connection.
 */
export function bytesUnderway(fromPort: number, toPort: number): number | undefined {
  let unacknowledged: number | undefined;
  let unread: number | undefined;
  for (const fields of sockets("tcp")) {
    const [local, remote] = [portOf(fields[1]), portOf(fields[2])];
    const [sending, receiving] = fields[4]?.split(":") ?? [];
    if (local === fromPort && remote === toPort) unacknowledged = parseInt(sending!, 16);
    if (local === toPort && remote === fromPort) unread = parseInt(receiving!, 16);
    if (unacknowledged !== undefined && unread !== undefined) return unacknowledged + unread;
  }
  return unacknowledged ?? unread;
}

/** States in the fourth column of /proc/net/tcp (the kernel's include/net/tcp_states.h). */
const ESTABLISHED = "01";
const CLOSE_WAIT = "08";
const LISTEN = "0A";
/** FIN_WAIT2, TIME_WAIT, LAST_ACK and CLOSING: no program has these connections any more. */
const ENDED = ["05", "06", "09", "0B"];

/** Whether a program still has the socket of this line: one that was closed has no inode. */
function isHeld(fields: readonly string[]): boolean {
  return fields[9] !== undefined && fields[9] !== "0";
}

/**
 * Whether ended connections still hold a port of TCP, and nobody else, as they do for a minute where the program
 * at this port ended them first (TIME_WAIT). Without SO_REUSEADDR no program can listen there meanwhile. UDP
 * has none.
 */
export function isHeldByEnded(transport: "tcp" | "udp", port: number): boolean {
  if (transport === "udp") return false;
  const there = sockets("tcp").filter((fields) => portOf(fields[1]) === port).toArray();
  return there.some((fields) => ENDED.includes(fields[3]!) && !isHeld(fields)) &&
    !there.some((fields) => fields[3] === LISTEN);
}

/** Whether a program of this machine still has its end of a connection; undefined where that can't be seen. */
export function connectionIsHeld(localPort: number, remotePort: number): boolean | undefined {
  if (Deno.build.os !== "linux") return undefined;
  return sockets("tcp").some((fields) =>
    portOf(fields[1]) === localPort && portOf(fields[2]) === remotePort && isHeld(fields)
  );
}

/**
 * Whether one of the connections to this port waits for its program to accept it. One that the other end has
 * closed in the meantime still does.
 */
export function anyWaitsToBeAccepted(port: number): boolean {
  return sockets("tcp").some((fields) =>
    portOf(fields[1]) === port && [ESTABLISHED, CLOSE_WAIT].includes(fields[3]!) && !isHeld(fields)
  );
}

/** Where these processes listen, or over UDP have a socket: `127.0.0.1:9999`, `[::]:9999`. */
export function listening(pids: readonly number[], transport: "tcp" | "udp"): string[] {
  const theirs = new Set(pids.flatMap(inodes));
  const found = sockets(transport).filter((fields) =>
    theirs.has(fields[9]!) && (transport === "udp" || fields[3] === LISTEN)
  );
  return [...new Set(found.map((fields) => addressOf(fields[1]!)))];
}

/** The inodes of a process's sockets: its descriptors are links such as `socket:[12345]`. */
function inodes(pid: number): string[] {
  try {
    const links = Array.from(Deno.readDirSync(`/proc/${pid}/fd`), ({ name }) => {
      try {
        return Deno.readLinkSync(`/proc/${pid}/fd/${name}`);
      } catch {
        return ""; // closed meanwhile
      }
    });
    return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
  } catch {
    return []; // it has ended meanwhile
  }
}

/** An address of /proc/net: hex digits, in words of four bytes with the last byte first, and a port. */
function addressOf(text: string): string {
  const words = text.split(":")[0]!.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => [...Uint8Array.fromHex(word)].reverse());
  const port = portOf(text);
  if (bytes.length === 4) return `${bytes.join(".")}:${port}`;
  if (bytes.every((byte) => byte === 0)) return `[::]:${port}`;
  if (bytes.every((byte, i) => byte === (i === 15 ? 1 : 0))) return `[::1]:${port}`;
  return `[${Uint8Array.from(bytes).toHex().match(/.{4}/g)!.join(":")}]:${port}`;
}

/** Whether some program has a UDP socket on that port. */
export function udpPortIsOpen(port: number): boolean {
  return sockets("udp").some((fields) => portOf(fields[1]) === port);
}

/** Memory that a process holds now (resident set), and the most that it held, in bytes. */
export function memory(pid: number): { now: number; most: number } {
  const status = read(`/proc/${pid}/status`) ?? "";
  const of = (name: string) =>
    1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]);
  return { now: of("VmRSS"), most: of("VmHWM") };
}

/** The processor time that a process has used so far, all its threads together, in seconds. */
export function cpuSeconds(pid: number): number {
  const stat = read(`/proc/${pid}/stat`) ?? "";
  // utime and stime are the 12th and 13th field after the name, in the ticks of `started`.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
