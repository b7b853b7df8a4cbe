// What breaks in an original, from README's table, and which place of the code each row is about. Runs in
// the browser too.

import type { Side } from "./align.ts";
import { inKorean } from "./korean.ts";
import type { Readme } from "./readme.ts";
import type { Text } from "./text.ts";

/** A way in which an original breaks, and what its script does there. */
export interface Fault {
  /** What happens. */
  what: Text;
  script: Text;
}

/** The faults of the original of that script. */
export function faultsOf(readme: Readme, script: string): Fault[] {
  const isChat = /^(chat|my)_/.test(script);
  const rows = readme.table("original", "what happens", "its script").filter((row) => {
    const names = (row["original"] ?? "").split(/, */);
    return names.includes(script) || isChat && names.includes("every chat");
  });
  return rows.map((row) => ({
    what: inKorean(row["what happens"] ?? ""),
    script: inKorean(row["its script"] ?? ""),
  }));
}

/**
 * Where the code deals with a fault: how the English of what happens begins, and what stands at that place
 * in the script, or in the original. A fault that lib deals with has no place in a script.
 */
export const PLACES: readonly { what: string; script?: RegExp; python?: RegExp }[] = [
  { what: "the sentence and the mode", script: /SentenceFraming:|\.closeWrite\(/ },
  { what: "a client that closes", script: /=== null\b|\?\? "\/q"/ },
  { what: "one client at a time", script: /new Thread\(\w+, async/ },
  { what: "seat 7", script: /if \(!seats\)/ },
  { what: "the chosen film", script: /let curCinemaName/ },
  { what: "a comma in the password", script: /parseAccount\(value/ },
  { what: "passwords are kept", script: /UserTable\.open\(/ },
  { what: "a client that vanished", script: /room\.delClient\(this\)/ },
  { what: "the server goes away", script: /await this\.c?soc(ket)?\.recv\(/ },
  { what: "two messages sent at once", script: /\bframing: "/ },
  { what: "a client that does not read", script: /\bclient\.send\(msg\)|\bc\.sendMsg\(msg\)/ },
  { what: "no TCP_NODELAY", script: /new (MessageListener|ClientSocket)\(/ },
  { what: "anything that is not one whole JSON", script: /\bframing: "json"/ },
  { what: "when bind fails", script: /throw new Failure\(/, python: /\bfinally:/ },
  { what: "`recvfrom(1024)`", script: /\.recvfrom\(\)/ },
  { what: "an answer that can't be sent", script: /u\.sendto\(/ },
  { what: "no answer, or one", script: /\bdecode\(c/ },
  { what: "no route", script: /if \(await u\.sendto\(/ },
  { what: "a second one on the machine", script: /reuseAddress: true/ },
  { what: "each answer restarts", script: /const end = / },
];

/** The offsets in the code that have to do with each of the faults; -1 where there is none. */
export function placesOf(
  faults: readonly Fault[],
  side: Side,
  source: string,
): number[] {
  return faults.map(({ what }) => {
    const pattern = PLACES.find((place) => what.en.startsWith(place.what))?.[side];
    return pattern === undefined ? -1 : source.search(pattern);
  });
}
