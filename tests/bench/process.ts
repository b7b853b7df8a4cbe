// What a process uses, as Linux tells it under /proc (proc(5)).

/** Clock ticks in a second, the unit of /proc/PID/stat: 100 on every Linux that Deno runs on. */
const TICKS = 100;

/** The processor time that a process has used so far, all its threads together, in seconds. */
export function cpuSeconds(pid: number): number {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  // The name, in parentheses, may hold anything; utime and stime are the 12th and 13th field after it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** The memory that a process holds (resident set), in bytes. */
export function memory(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
