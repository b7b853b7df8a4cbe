// What a spec is: data that says what to type, send and expect, for any program that solves an
// exercise of the course. The functions below write its steps so that a spec reads from top to bottom;
// each returns plain data and does nothing. run_spec.ts performs it.

/**
 * `course`: what the original does when all goes well, on the wire, and what its user learns by its
 * console. `stream`: what TCP and UDP demand beyond that (merged and split segments, abrupt closes, bytes
 * that are not text, several clients at once). `wording`: what exactly the console says; another program
 * may say it otherwise, so this is told and counts for nothing.
 */
export type Grade = "course" | "stream" | "wording";

export const GRADES: readonly Grade[] = ["course", "stream", "wording"];

/** Text is sent and expected as UTF-8; bytes as they are. */
export type Content = string | Uint8Array;

/**
 * One thing to do or to wait for. A peer is an end of a connection, or a UDP socket, that the checker
 * holds; its name is free. In texts `{A.host}` and `{A.port}` stand for the address of peer A as the
 * program sees it, `{host}` and `{port}` for that of the server.
 */
export type Step =
  | { readonly do: "connect"; readonly peer: string }
  | { readonly do: "accept"; readonly peer: string }
  | { readonly do: "open"; readonly peer: string }
  | { readonly do: "send"; readonly peer: string; readonly pieces: readonly Content[] }
  | { readonly do: "receive"; readonly peer: string; readonly texts: readonly Content[] }
  | { readonly do: "hears"; readonly peer: string; readonly text: Content }
  | { readonly do: "receive JSON"; readonly peer: string; readonly value: unknown }
  | { readonly do: "answered"; readonly peer: string }
  | { readonly do: "may hear"; readonly peer: string; readonly texts: readonly Content[] }
  | { readonly do: "taken"; readonly peer: string }
  | { readonly do: "ended"; readonly peer: string }
  | { readonly do: "close"; readonly peer: string }
  | { readonly do: "half-close"; readonly peer: string }
  | { readonly do: "reset"; readonly peer: string }
  | { readonly do: "stall"; readonly peer: string }
  | { readonly do: "ignore"; readonly peer: string }
  | { readonly do: "type"; readonly lines: readonly string[] }
  | { readonly do: "end of input" }
  | { readonly do: "interrupt" }
  | { readonly do: "shows"; readonly texts: readonly string[]; readonly count: "all" | "one" }
  | { readonly do: "exits"; readonly status: number | undefined }
  | { readonly do: "rests" }
  | { readonly do: "idle" };

/** Connects to the program, at the first time for as long as it takes to come up. */
export const connect = (peer: string): Step => ({ do: "connect", peer });

/** Waits for the program to connect; the checker has listened since before it was started. */
export const accept = (peer: string): Step => ({ do: "accept", peer });

/** Opens a UDP socket on a port of its own. Where the checker plays the server, peer `server` is open already. */
export const open = (peer: string): Step => ({ do: "open", peer });

/**
 * Sends each piece as a segment of its own: the next goes out when the program has read the one before
 * (seen in /proc/net on Linux; elsewhere after 100 ms). Over UDP each piece is a datagram.
 */
export const send = (peer: string, ...pieces: Content[]): Step => ({ do: "send", peer, pieces });

/** The next bytes that the peer receives are these, in however many segments; over UDP, one datagram. */
export const receive = (peer: string, text: Content): Step => ({
  do: "receive",
  peer,
  texts: [text],
});

/** The same for several texts that may come in any order. */
export const receiveInAnyOrder = (peer: string, ...texts: Content[]): Step => ({
  do: "receive",
  peer,
  texts,
});

/** Among what the peer receives is this, whatever came before it. */
export const hears = (peer: string, text: Content): Step => ({ do: "hears", peer, text });

/**
 * The next that the peer receives is one JSON text, an object or array with this value: spaces and the
 * order of keys are free.
 */
export const receiveJson = (peer: string, value: unknown): Step => ({
  do: "receive JSON",
  peer,
  value,
});

/** The peer receives something, whatever it is. */
export const answered = (peer: string): Step => ({ do: "answered", peer });

/**
 * From now on the peer may be sent each of these texts once, at any time, and need not be: a right
 * program may do either.
 */
export const mayHear = (peer: string, ...texts: Content[]): Step => ({
  do: "may hear",
  peer,
  texts,
});

/** The program has read all that the peer sent, as between two pieces of `send`. */
export const taken = (peer: string): Step => ({ do: "taken", peer });

/** The program ends this connection, in whatever way. */
export const ended = (peer: string): Step => ({ do: "ended", peer });

/** Closes the peer's end. */
export const close = (peer: string): Step => ({ do: "close", peer });

/** Ends the peer's sending side and goes on receiving: `shutdown(SHUT_WR)`. */
export const halfClose = (peer: string): Step => ({ do: "half-close", peer });

/** Breaks the connection off with a TCP reset, as a program that crashed does. */
export const reset = (peer: string): Step => ({ do: "reset", peer });

/** The peer reads nothing from now on, and what it was sent does not count. */
export const stall = (peer: string): Step => ({ do: "stall", peer });

/** The peer reads on, and what it is sent from now on does not count. */
export const ignore = (peer: string): Step => ({ do: "ignore", peer });

/** Types lines at the program's console. They may wait there until the program asks. */
export const type = (...lines: string[]): Step => ({ do: "type", lines });

/** Ends the program's input: Ctrl+D. */
export const endOfInput = (): Step => ({ do: "end of input" });

/** Ctrl+C: SIGINT to the program and all in its process group. */
export const interrupt = (): Step => ({ do: "interrupt" });

/**
 * The program's stdout goes on, somewhere after what was matched before, with this text. A word that is
 * spelled wrongly on the course's slides may be spelled either way (see texts.ts).
 */
export const shows = (text: string): Step => ({ do: "shows", texts: [text], count: "all" });

/** The same for several texts that may come in any order. */
export const showsInAnyOrder = (...texts: string[]): Step => ({ do: "shows", texts, count: "all" });

/** The same for any of these texts. */
export const showsOneOf = (...texts: string[]): Step => ({ do: "shows", texts, count: "one" });

/** The program ends by itself; with this exit status, where one is given. */
export const exits = (status?: number): Step => ({ do: "exits", status });

/**
 * The program has done what it had to, also what nobody can see, such as to put a new client on its list
 * or to take one off: no connection waits for it to accept, and none of its threads has run for a while, nor
 * wanted to (seen on Linux; elsewhere half a second must do).
 */
export const rests = (): Step => ({ do: "rests" });

/** The program does not run for nothing (seen on Linux only). */
export const idle = (): Step => ({ do: "idle" });

/** One thing that a program either does or does not. */
export interface Spec {
  /** Short, and begins with its grade: `stream.reset`. */
  readonly id: `${Grade}.${string}`;
  /** What is right, in a few words. */
  readonly title: string;
  /** What usually causes a failure: a sentence or two for the student. */
  readonly cause: string;
  readonly steps: readonly Step[];
  /** Arguments instead of the exercise's own. */
  readonly args?: readonly string[];
}

export function gradeOf(spec: Spec): Grade {
  return GRADES.find((grade) => spec.id.startsWith(`${grade}.`))!; // so ids begin
}

/** An exercise of the course: how to meet a program that solves it, and its specs. */
export interface Exercise {
  /** As on the checker's command line: `chat_server`. */
  readonly name: string;
  /** Our script, without `.ts`. One script can hold both sides of an exercise. */
  readonly script: string;
  /** The course's title, and the page. */
  readonly title: string;
  /** What the program is; the checker plays the other side. */
  readonly role: "server" | "client";
  readonly transport: "tcp" | "udp";
  /** The course's port; undefined where the program asks for one. */
  readonly port: number | undefined;
  /** Where a client finds its server; 127.0.0.1 unless told. */
  readonly host?: string;
  /** Arguments that belong to the exercise. They follow the command, unless that names them itself. */
  readonly args?: readonly string[];
  /** What to answer to the prompts at the start of every spec. */
  readonly answers?: readonly string[];
  /** What a UDP server prints when it is up. (A TCP server is up when it takes connections.) */
  readonly up?: string;
  readonly specs: readonly Spec[];
}
