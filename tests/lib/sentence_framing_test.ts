import { assertEquals, assertThrows } from "@std/assert";
import { FramingError } from "../../lib/errors.ts";
import { MESSAGE_LIMIT } from "../../lib/framing.ts";
import { SentenceFraming } from "../../lib/sentence_framing.ts";
import { Framed } from "../support/framed.ts";

const SENTENCES = ["hi", "hi1", "HI 2", "21", "route 12", "한글", "한글1", "ß", "x".repeat(3000)];
const MODES = ["1", "2"];

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The messages that can be told without waiting, when the segments arrive one by one. */
function atOnce(framing: Framed, segments: (string | Uint8Array)[]): string[] {
  const messages: string[] = [];
  for (const segment of segments) {
    framing.push(typeof segment === "string" ? bytesOf(segment) : segment, false);
    take(framing, messages);
  }
  return messages;
}

function take(framing: Framed, messages: string[]) {
  for (let message; (message = framing.next()) !== undefined;) messages.push(message);
}

/** The messages after a silence, which must have been asked for, or at the end of the stream. */
function afterSilence(framing: Framed, segments: (string | Uint8Array)[], ended = false) {
  const messages = atOnce(framing, segments);
  if (messages.length === 0) {
    if (!ended) assertEquals(framing.timeout > 0, true, "waits for nothing");
    framing.flush(ended);
    take(framing, messages);
  }
  return messages;
}

Deno.test("the plain case waits for nothing: a segment, and then one that is the mode", () => {
  for (const name of ["auto"] as const) {
    for (const sentence of SENTENCES) {
      for (const mode of MODES) {
        const framing = new Framed(name, new SentenceFraming());
        assertEquals(atOnce(framing, [sentence, mode]), [sentence, mode]);
        assertEquals(framing.timeout, 0);
      }
    }
  }
});

Deno.test("sentence and mode are told apart however the stream is cut in two", () => {
  for (const sentence of SENTENCES) {
    for (const mode of MODES) {
      const stream = bytesOf(sentence + mode);
      for (let at = 0; at < stream.length; at++) {
        const segments = [stream.subarray(0, at), stream.subarray(at)].filter((s) => s.length > 0);
        assertEquals(
          afterSilence(new Framed("auto", new SentenceFraming()), segments),
          [sentence, mode],
          `cut at ${at}`,
        );
        const messages = afterSilence(new Framed("auto", new SentenceFraming()), segments, true);
        assertEquals(messages, [sentence, mode], `cut at ${at}, ended`);
      }
    }
  }
});

Deno.test("sentence and mode are told apart when each byte comes alone", () => {
  for (const sentence of SENTENCES) {
    for (const mode of MODES) {
      const segments = Array.from(bytesOf(sentence + mode), (byte) => new Uint8Array([byte]));
      assertEquals(afterSilence(new Framed("auto", new SentenceFraming()), segments), [
        sentence,
        mode,
      ]);
    }
  }
});

Deno.test("a sentence that fills read buffers is one segment", () => {
  const framing = new Framed("auto", new SentenceFraming());
  framing.push(bytesOf("a".repeat(1023) + "1"), true);
  framing.push(bytesOf("2"), false);
  assertEquals(framing.next(), undefined); // the mode, or the sentence's last letter: time will tell
  framing.push(bytesOf("1"), false);
  assertEquals([framing.next(), framing.next()], ["a".repeat(1023) + "12", "1"]);
});

Deno.test("silence: short after 1 or 2, long after pieces without a mode, longest after a sentence", () => {
  const timeoutAfter = (...segments: string[]) => {
    const framing = new Framed("auto", new SentenceFraming());
    atOnce(framing, segments);
    return framing.timeout;
  };
  assertEquals(timeoutAfter(), 0);
  assertEquals(timeoutAfter("hi1"), 1500);
  assertEquals(timeoutAfter("h", "i1"), 1500);
  assertEquals(timeoutAfter("h", "i"), 1500);
  assertEquals(timeoutAfter("hi", "3"), 1500);
  assertEquals(timeoutAfter("hi"), 60_000);
  // What the original's client sends when somebody types 9 as the mode.
  assertEquals(timeoutAfter("Hi9"), 1500);
  // The sentence's own digit, most likely: its mode is still to come.
  for (const pieces of [["room 1"], ["room 9"], ["room ", "1"], ["room", " 2"]]) {
    const waits = pieces.at(-1) === "1" ? 0 : 10_000; // after "room " the 1 is the mode
    assertEquals(timeoutAfter(...pieces), waits, `${pieces}`);
  }
});

Deno.test("what C programs send behind a text, NULs, is no part of sentence and mode", () => {
  for (const segments of [["hi\0", "1\0"], ["hi" + "\0".repeat(78), "1" + "\0".repeat(79)]]) {
    assertEquals(atOnce(new Framed("auto", new SentenceFraming()), segments), ["hi", "1"]);
  }
  assertEquals(afterSilence(new Framed("auto", new SentenceFraming()), ["hi\x001\0"]), ["hi", "1"]);
});

Deno.test("raw: what a recv brings is a message, in this exercise too", () => {
  assertEquals(atOnce(new Framed("raw", new SentenceFraming()), ["room 1", "1"]), ["room 1", "1"]);
  assertEquals(atOnce(new Framed("raw", new SentenceFraming()), ["hi1"]), ["hi1"]);
});

Deno.test("where no valid mode came, the second message is empty", () => {
  assertEquals(afterSilence(new Framed("auto", new SentenceFraming()), ["hi", "3"]), ["hi3", ""]);
  assertEquals(afterSilence(new Framed("auto", new SentenceFraming()), ["hi"]), ["hi", ""]);
  assertEquals(afterSilence(new Framed("auto", new SentenceFraming()), ["hi"], true), ["hi", ""]);
  assertEquals(afterSilence(new Framed("auto", new SentenceFraming()), ["1"]), ["", "1"]);
  assertEquals(afterSilence(new Framed("auto", new SentenceFraming()), [], true), []);
});

Deno.test("auto: with a newline the messages are lines, whatever came before it", () => {
  for (
    const segments of [["hi1\n2\n"], ["h", "i1\n", "2\n"], ["hi1", "\n2", "\n"], ["hi1\r\n2\r\n"]]
  ) {
    assertEquals(atOnce(new Framed("auto", new SentenceFraming()), segments), ["hi1", "2"]);
  }
});

Deno.test("what is not UTF-8, or longer than the limit, is refused", () => {
  const invalid = new Uint8Array([0xff, 0x31]);
  assertThrows(
    () => afterSilence(new Framed("auto", new SentenceFraming()), [invalid]),
    FramingError,
    "not UTF-8",
  );
  const framing = new Framed("auto", new SentenceFraming());
  framing.push(new Uint8Array(MESSAGE_LIMIT).fill(0x61), true);
  framing.push(bytesOf("a"), false);
  assertThrows(() => framing.next(), FramingError, "longer than 65536");
});
