// Telnet (RFC 854), as PuTTY speaks it unless it is told "Raw": commands between the bytes of the text, each
// after a byte that UTF-8 never has. They are taken out and not answered: a client whose offers nobody
// answers goes on without them.

/** "Interpret as command": begins each command. */
export const IAC = 255;
const DONT = 254, WILL = 251, SUBNEGOTIATION = 250, SUBNEGOTIATION_END = 240;
const CARRIAGE_RETURN = 13, NEWLINE = 10;
const NEGOTIATION = ["WILL", "WONT", "DO", "DONT"];

/** Takes the commands out of what one peer sends. */
export class TelnetCommands {
  /** Whether the peer speaks Telnet: it has sent a whole command. */
  seen = false;
  #state: "text" | "command" | "option" | "subnegotiation" | "subnegotiation command" = "text";
  #verb = 0;
  #lastByte = 0;
  #begins: boolean;

  /** `begins`: the peer has sent nothing before. */
  constructor(begins: boolean) {
    this.#begins = begins;
  }
  /**
   * The bytes without commands, which are added to `found` in words. A line may end with CR NUL, too
   * (RFC 1123, 3.3.1). Where what follows an IAC is no command, the IAC stays: it is not UTF-8, and whoever
   * decodes it says so.
   */
  takeOut(bytes: Uint8Array, found: string[]): Uint8Array<ArrayBuffer> {
    const text = new Uint8Array(bytes.length + 1); // an IAC may have come with the bytes before
    let length = 0;
    for (const byte of bytes) {
      switch (this.#state) {
        case "text":
          if (byte === IAC) this.#state = "command";
          else {
            const endsLine = this.seen && byte === 0 && this.#lastByte === CARRIAGE_RETURN;
            text[length++] = endsLine ? NEWLINE : byte;
            this.#lastByte = byte;
          }
          break;
        case "command":
          this.#verb = byte;
          // DONT is an answer, and does not come first: it is a byte of the mark of UTF-16 then.
          if (byte >= WILL && (byte < DONT || byte === DONT && this.seen)) {
            this.#state = "option";
          } else if (byte === SUBNEGOTIATION) {
            this.#state = "subnegotiation";
          } else if (byte > SUBNEGOTIATION_END && byte < SUBNEGOTIATION) {
            this.#command(`command ${byte}`, found); // "are you there", a break, and so on
          } else {
            text[length++] = IAC;
            if (byte !== IAC) text[length++] = byte;
            this.#state = "text";
          }
          break;
        case "option":
          this.#command(`${NEGOTIATION[this.#verb - WILL]} ${byte}`, found);
          break;
        case "subnegotiation":
          if (byte === IAC) this.#state = "subnegotiation command";
          break;
        case "subnegotiation command":
          if (byte === SUBNEGOTIATION_END) this.#command("subnegotiation", found);
          else this.#state = "subnegotiation";
      }
    }
    // Telnet begins with a command. Elsewhere a byte that may be half of the first one is none.
    if (this.#state === "command" && !this.seen && !(this.#begins && bytes.length === 1)) {
      text[length++] = IAC;
      this.#state = "text";
    }
    this.#begins = false;
    return text.subarray(0, length);
  }

  #command(words: string, found: string[]) {
    this.seen = true;
    this.#state = "text";
    found.push(words);
  }
}
