// Every error that has a meaning of its own here, and `explain`, which says in one line for people what
// any error is. It only looks at the error and at what it is told: nothing is read, nothing is written.

/** The command line was wrong: one line, exit status 2. */
export class UsageError extends Error {}

/** It can't be done, for a reason that the message tells, and its `cause`, if any: exit status 1. */
export class Failure extends Error {}

/** `what` needs a permission that the program was started without: these flags of Deno would give it. */
export class PermissionNeeded extends Error {
  constructor(readonly what: string, readonly flags: string) {
    super(`${what} needs ${flags}`);
  }
}

/** The peer ended, reset or broke the connection; the message names it and says how. */
export class ConnectionClosed extends Error {}

/** This program has closed the socket itself. Python's `OSError: Bad file descriptor`. */
export class SocketClosed extends Error {
  constructor() {
    super("the socket is closed");
  }
}

/** What a peer sent can't be read as messages: too long, not JSON, cut off. The message says what it did. */
export class FramingError extends Error {}

/** The bytes are not text in UTF-8 (RFC 3629). */
export class NotUtf8 extends FramingError {
  constructor() {
    super("sent bytes that are not UTF-8");
  }
}

/** Standard input can't be read as lines of text: the message says why. */
export class InputError extends Error {}

/** End of input: stdin was closed where an answer was needed. Python's EOFError. */
export class EndOfInput extends InputError {
  constructor() {
    super("end of input, where an answer was expected");
  }
}

/** What `explain` is told beside the error: the address that was in use, and how the program is started. */
export interface Circumstances {
  address?: string | undefined;
  command?: string | undefined;
}

/**
 * What an error is, in one line for people. An address is blamed only where one is given, and only for
 * what can go wrong with an address.
 */
export function explain(error: unknown, circumstances: Circumstances = {}): string {
  const { address, command } = circumstances;
  const startWith = (flags: string) =>
    `start it with "${command?.replace("--allow-net", `--allow-net ${flags}`)}"`;
  if (!(error instanceof Error)) return String(error);
  if (error instanceof Failure && error.cause !== undefined) {
    return error.message + explain(error.cause, circumstances);
  }
  if (error instanceof PermissionNeeded) {
    const how = Deno.build.standalone
      ? "build it with `deno task compile --data FOLDER`, and keep the file in that folder"
      : startWith(error.flags);
    return `${error.what} needs leave to use its file: ${how}`;
  }
  // Deno leaves out what is behind a flag: the message of V8 names what is missing.
  if (Deno.listenDatagram === undefined && /listenDatagram/.test(error.message)) {
    return `UDP needs --unstable-net: ${startWith("--unstable-net")}`;
  }
  if (error instanceof Deno.errors.NotCapable && command !== undefined) {
    return `${error.message}: start it with "${command}"`;
  }
  return address === undefined ? error.message : networkError(error, address) ?? error.message;
}

/**
 * What went wrong with the address; undefined where the error is no such thing. The texts of the system are
 * in its own language: what tells is Deno's class, the code that Deno adds, or a number of Windows.
 */
function networkError(error: Error, address: string): string | undefined {
  switch ("code" in error ? error.code : undefined) {
    case "EADDRINUSE":
      return `${address} is in use: stop the other program, or choose another port with --port`;
    case "EADDRNOTAVAIL":
      return `${address} is not an address of this machine`;
    case "ECONNREFUSED":
      return `${address} refused: is the server running there?`;
    case "ETIMEDOUT":
      return `${address} does not answer`;
    case "ENETUNREACH":
    case "EHOSTUNREACH":
      return `${address}: no route to it`;
    case "EMSGSIZE":
      return `${address}: a datagram can't be as long as that`;
    case "EACCES":
      return `${address}: permission denied (${NO_PERMISSION})`;
  }
  if (error instanceof Deno.errors.TimedOut) return `${address} does not answer`;
  const { message } = error;
  if (/failed to lookup|no addresses|empty host|invalid host|os error 1100[1-4]\)/i.test(message)) {
    return `${address}: unknown host`;
  }
  if (/invalid port/i.test(message)) {
    return `${address}: a server's port is a number from 1 to 65535`;
  }
}

const NO_PERMISSION = Deno.build.os === "windows"
  ? "Windows keeps the port for itself, `netsh interface ipv4 show excludedportrange protocol=tcp` lists " +
    "them, or another program holds it; choose one with --port"
  : "ports below 1024 are for root; choose one with --port";

/** A file name as the shell of this system takes it. */
export function quoted(path: string): string {
  if (Deno.build.os === "windows") return /^[\w.\\/:-]+$/.test(path) ? path : `"${path}"`;
  return /^[\w./:-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
