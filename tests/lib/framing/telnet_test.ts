import { assertEquals } from "@std/assert";
import { TelnetCommands } from "../../../lib/framing.ts";

const encoder = new TextEncoder();

/** What PuTTY begins with: offers of 31, 32, 24 and 39, requests for 3, an offer of 3. */
const PUTTY = [255, 251, 31, 255, 251, 32, 255, 251, 24, 255, 251, 39, 255, 253, 3, 255, 251, 3];

/** What is left of the pieces, and whether the peer was found to speak Telnet. */
function left(...pieces: (string | number[])[]): [text: number[], seen: boolean] {
  const telnet = new TelnetCommands(true);
  const text = pieces.flatMap((piece) => {
    const bytes = typeof piece === "string" ? encoder.encode(piece) : Uint8Array.from(piece);
    return [...telnet.takeOut(bytes, [])];
  });
  return [text, telnet.seen];
}

Deno.test("commands are taken out wherever they come, cut or not", () => {
  const hello = [...encoder.encode("안녕\r\n")];
  const stream = [...PUTTY, ...hello, 255, 241, 255, 250, 24, 0, 120, 255, 255, 255, 240, ...hello];
  const text = [...hello, ...hello];
  assertEquals(left(stream), [text, true]);
  assertEquals(left(...stream.map((byte) => [byte])), [text, true]);
  for (let at = 1; at < stream.length; at++) {
    assertEquals(left(stream.slice(0, at), stream.slice(at)), [text, true], `cut at ${at}`);
  }
  assertEquals(left("hi", [255, 252, 1, 255, 254, 1], "!")[0], [...encoder.encode("hi!")]);
});

Deno.test("a line may end with CR NUL", () => {
  assertEquals(left(PUTTY, "one\r", [0], "two\r\n")[0], [...encoder.encode("one\r\ntwo\r\n")]);
  assertEquals(left("one\r", [0]), [[...encoder.encode("one\r"), 0], false]);
});

Deno.test("what is no Telnet stays, to be refused as not UTF-8", () => {
  // A byte order mark of UTF-16, an escaped 255, and bytes that are no command.
  for (const bytes of [[255, 254, 104, 0], [255, 255], [255, 1], [255, 239, 104], [104, 255]]) {
    const [text, seen] = left(bytes);
    assertEquals([text.includes(255), seen], [true, false], `${bytes}`);
  }
});

Deno.test("the commands are told in words", () => {
  const found: string[] = [];
  new TelnetCommands(true).takeOut(
    Uint8Array.from([255, 251, 31, 255, 246, 255, 250, 1, 255, 240]),
    found,
  );
  assertEquals(found, ["WILL 31", "command 246", "subnegotiation"]);
});
