// The login exercise's messages: lines, or, from the client that later copies of the page print, texts with
// nothing between them. Which of the two it is, the first of them says.

import { decode, MESSAGE_LIMIT, PendingBytes, RawFraming, tooLong } from "./framing.ts";

/** What the page's client begins with. */
const COMMANDS = ["Login", "Register"].map((command) => new TextEncoder().encode(command));

/**
 * Raw, once the first bytes are one of the page's commands and no newline has come. That first message ends
 * in a newline here, as no line does, so that nobody's id is taken for it.
 */
export class LoginFraming extends RawFraming {
  #first: PendingBytes | undefined = new PendingBytes();

  override push(bytes: Uint8Array, bufferFull: boolean, messages: string[]): number {
    if (!this.#first) return super.push(bytes, bufferFull, messages);
    this.#first.add(bytes);
    if (this.#first.length > MESSAGE_LIMIT) throw tooLong();
    const all = this.takePending();
    const command = COMMANDS.find((each) => each.every((byte, i) => byte === all[i]));
    if (!command) {
      this.#first.add(all.slice());
      return bytes.length;
    }
    this.#first = undefined;
    messages.push(`${decode(command)}\n`);
    if (all.length > command.length) super.push(all.subarray(command.length), bufferFull, messages);
    return bytes.length;
  }

  override flush(atEnd: boolean, messages: string[]): void {
    if (this.#first?.length) messages.push(decode(this.#first.take()));
    super.flush(atEnd, messages);
  }

  override get pending(): number {
    return this.#first?.length ?? super.pending;
  }

  override takePending(): Uint8Array {
    return this.#first?.take() ?? super.takePending();
  }
}
