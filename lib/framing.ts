// Framing: where one message ends and the next begins. TCP is a stream of bytes and keeps no
// boundaries (RFC 9293, 3.7); a Framing finds whole text messages in it, and says what ends those sent.
// `raw` does as the originals do, `line` and `json` do what TCP demands, `auto` meets both.

import { AutoFraming } from "./framing/auto.ts";
import { JsonFraming } from "./framing/json_text.ts";
import { LineFraming } from "./framing/line.ts";
import type { FirstFraming, Framing, FramingName } from "./framing/message.ts";
import { RawFraming } from "./framing/raw.ts";

export { decode, FRAMINGS, MESSAGE_LIMIT, PendingBytes, tooLong } from "./framing/message.ts";
export type { Ending, FirstFraming, Framing, FramingName } from "./framing/message.ts";
export { LineFraming } from "./framing/line.ts";
export { RawFraming } from "./framing/raw.ts";
export { IAC, TelnetCommands } from "./framing/telnet.ts";

/**
 * A new framing of that name, for one connection. An exercise may have its own for auto to begin with,
 * where its messages can be told apart by more than time; raw is what a recv brings, always.
 */
export function framingOf(name: FramingName, first: FirstFraming = new RawFraming()): Framing {
  switch (name) {
    case "raw":
      return new RawFraming();
    case "line":
      return new LineFraming(true);
    case "json":
      return new JsonFraming();
    case "auto":
      return new AutoFraming(first);
  }
}
