// What one client does must not cost another anything: the same specs for every server that answers
// each client for itself.

import { close, connect, idle, reset, send, type Spec, stall, type Step } from "../spec.ts";
import { INVALID_UTF8 } from "./texts.ts";

/** `serves` are the steps in which a peer connects and is served. */
export function otherClientsSpecs(serves: (peer: string) => Step[]): Spec[] {
  return [
    {
      id: "stream.silent",
      title: "a client that says nothing holds up nobody",
      cause:
        "recv waits for the client that came first, and accept is not called meanwhile: give each client a thread.",
      steps: [connect("A"), stall("A"), ...serves("B")],
    },
    {
      id: "stream.close",
      title: "a client that goes without a word is let go",
      cause:
        "An empty recv means that the client has closed. Without a check for it the loop goes round for ever, or what parses the message raises.",
      steps: [connect("A"), close("A"), ...serves("B"), idle()],
    },
    {
      id: "stream.reset",
      title: "a client that is reset costs nobody else anything",
      cause:
        "recv or send raised ConnectionResetError, and nothing caught it: one client's error must end that client's connection only.",
      steps: [connect("A"), reset("A"), ...serves("B")],
    },
    {
      id: "stream.invalid",
      title: "bytes that are not UTF-8 cost nobody else anything",
      cause: "decode raised UnicodeDecodeError, and nothing caught it.",
      steps: [connect("A"), stall("A"), send("A", INVALID_UTF8), close("A"), ...serves("B")],
    },
  ];
}
