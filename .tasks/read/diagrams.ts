// Which of README's diagrams shows the protocol of which exercise.

import type { Exercise } from "./exercises.ts";
import type { Readme } from "./readme.ts";

/** The heading over the diagram, by the exercise's slug. json_types has no protocol. */
export const HEADINGS: Record<string, string> = {
  "cinema": "Page 000, report 1: cinema",
  "membership": "Page 000, report 2: membership",
  "case": "Page 001: upper and lower case",
  "login": "Page 001: login",
  "soc1": "Page 002: soc1, one connection",
  "soc2": "Page 002: soc2, echo",
  "my": "Page 003: my, chat room",
  "chat": "Page 004, 4 to 4-3: chat",
  "chat_server_no_echo": "Page 004, 4 to 4-3: chat",
  "chat_client_args": "Page 004, 4 to 4-3: chat",
  "chat_client_nickname": "Page 004, 4 to 4-3: chat",
  "json": "Page 004, 4-4: dictionaries as JSON",
  "listener-notify": "Page 004, 5: listener and notify",
  "broadcaster-receiver": "Page 004, 6: broadcaster and receiver",
  "caller-callee": "Page 004, 7: caller and callee",
};

/** The diagram of an exercise's protocol in Mermaid, if it has one. */
export function diagramOf({ slug }: Exercise, readme: Readme): string | undefined {
  return readme.diagrams().get(HEADINGS[slug] ?? "");
}
