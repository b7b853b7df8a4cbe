import { assertEquals, assertThrows } from "@std/assert";
import { FramingError } from "../../lib/errors.ts";
import { type FramingName, MESSAGE_LIMIT } from "../../lib/framing.ts";
import { Framed } from "../support/framed.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Bytes of one read; with `filled` they filled the read buffer, and more is waiting. */
type Read = { bytes: Uint8Array; filled: boolean };

function reads(...parts: (string | number[] | Uint8Array)[]): Read[] {
  return parts.map((part) => ({
    bytes: typeof part === "string" ? encoder.encode(part) : Uint8Array.from(part),
    filled: false,
  }));
}

function messagesOf(framing: Framed): string[] {
  const messages = [];
  for (let next; (next = framing.next()) !== undefined;) messages.push(next);
  return messages;
}

/** What a connection makes of these reads, where one comes right after the other, and then the end. */
function received(framing: Framed | FramingName, input: Read[]): string[] {
  return receivedAfter(false, framing, input);
}

/** The same, with a long silence between two of them. */
function receivedSlowly(framing: Framed | FramingName, input: Read[]): string[] {
  return receivedAfter(true, framing, input);
}

function receivedAfter(silence: boolean, framing: Framed | FramingName, input: Read[]): string[] {
  if (typeof framing === "string") framing = new Framed(framing);
  const messages = messagesOf(framing);
  for (const { bytes, filled } of input) {
    // A connection uses its read buffer again: whoever keeps a view of it is found out here.
    const buffer = bytes.slice();
    framing.push(buffer, filled);
    messages.push(...messagesOf(framing));
    buffer.fill(0x21);
    const waits = framing.name !== "line" && framing.timeout <= 50; // what comes next is later
    if (framing.timeout > 0 && !filled && (silence || waits)) {
      framing.flush(false);
      messages.push(...messagesOf(framing));
    }
  }
  framing.flush(true);
  messages.push(...messagesOf(framing));
  return messages;
}

/** Every way to cut the bytes into two parts, and into three. */
function* cuts(bytes: Uint8Array): Generator<Uint8Array[]> {
  for (let i = 1; i < bytes.length; i++) {
    yield [bytes.subarray(0, i), bytes.subarray(i)];
    for (let j = i + 1; j < bytes.length; j++) {
      yield [bytes.subarray(0, i), bytes.subarray(i, j), bytes.subarray(j)];
    }
  }
}

Deno.test("raw: a read is a message", () => {
  assertEquals(received("raw", reads("hello", "bye", " ")), ["hello", "bye", " "]);
  assertEquals(received("raw", reads("one\r\ntwo\n", "\r")), ["one\r\ntwo\n", "\r"]);
  assertEquals(received("raw", []), []);
});

Deno.test("raw: what filled the read buffer is one message with what follows at once", () => {
  const full = { bytes: new Uint8Array(1024).fill(0x61), filled: true };
  const rest = { bytes: encoder.encode("b"), filled: false };
  assertEquals(received("raw", [full, full, rest]), ["a".repeat(2048) + "b"]);
  // Nothing follows: exactly a buffer full.
  const framing = new Framed("raw");
  framing.push(full.bytes, true);
  assertEquals(framing.next(), undefined);
  assertEquals(framing.timeout > 0, true);
  framing.flush(false);
  assertEquals(framing.next(), "a".repeat(1024));
  assertEquals(framing.timeout, 0);
  assertEquals(received(framing, reads("next")), ["next"]);
});

Deno.test("raw: a message is cut at the limit, and nothing of it is lost", () => {
  for (const [length, filledBy] of [[2 * MESSAGE_LIMIT + 10, 4096], [MESSAGE_LIMIT + 1, 60000]]) {
    const text = "가".repeat(Math.ceil(length! / 3));
    const bytes = encoder.encode(text);
    const input = [];
    for (let at = 0; at < bytes.length; at += filledBy!) {
      const part = bytes.subarray(at, at + filledBy!);
      input.push({ bytes: part, filled: part.length === filledBy });
    }
    const messages = received("raw", input);
    assertEquals(messages.join("") === text, true);
    for (const message of messages) {
      assertEquals(encoder.encode(message).length <= MESSAGE_LIMIT, true);
    }
  }
});

Deno.test("raw: a character cut anywhere arrives whole", () => {
  const text = "é한😀";
  const bytes = encoder.encode(text);
  for (const parts of cuts(bytes)) {
    const messages = received("raw", reads(...parts));
    assertEquals(messages.join(""), text, `cut into ${parts.map((part) => part.length)}`);
    assertEquals(messages.some((message) => message === "" || message.includes("\ufffd")), false);
  }
  assertEquals(received("raw", reads(...Array.from(bytes, (byte) => [byte]))), ["é", "한", "😀"]);
  // With what came before it: "Q영화 A" is one command, wherever it is cut inside a character.
  assertEquals(received("raw", reads([0x51, 0xec], [0x98, 0x81, 0x41])), ["Q영A"]);
  assertEquals(received("auto", reads([0x51, 0xec], [0x98, 0x81, 0x0a])), ["Q영"]);
});

Deno.test("raw and line: bytes that are not UTF-8 are refused as soon as that is certain", () => {
  const invalid = [
    [0xff],
    [0xc0],
    [0xc1],
    [0xf5],
    [0x80],
    [0x61, 0xbf],
    [0xe2, 0x28],
    [0xed, 0xa0, 0x80],
    [
      0xf4,
      0x90,
      0x80,
      0x80,
    ],
    [0xe0, 0x80, 0x80],
    [0x80, 0x80, 0x80, 0x80],
  ];
  for (const bytes of invalid) {
    const framing = new Framed("raw");
    assertThrows(
      () => {
        framing.push(Uint8Array.from(bytes), false);
        framing.next();
      },
      FramingError,
      "not UTF-8",
      `raw ${bytes}`,
    );
    // In a line, where something was lost, what is left is replaced, and the line counts.
    const neverInUtf8 = bytes.some((byte) => byte === 0xc0 || byte === 0xc1 || byte > 0xf4);
    const line = new Framed("line");
    const take = () => received(line, reads([...bytes, 10]));
    if (neverInUtf8) assertThrows(take, FramingError, "not UTF-8");
    else assertEquals([take().length, line.framing.damaged], [1, true]);
  }
});

Deno.test("raw and line: what is whole counts before what is wrong", () => {
  for (const name of ["raw", "line"] as const) {
    const framing = new Framed(name);
    framing.push(encoder.encode("fine\n"), false);
    assertEquals(framing.next()?.trimEnd(), "fine");
    assertEquals(framing.next(), undefined);
    framing.push(Uint8Array.of(0xe2), false);
    assertEquals(framing.next(), undefined);
    assertThrows(
      () => {
        framing.flush(true);
        framing.next();
      },
      FramingError,
      "UTF-8",
    );
  }
  // The end, where a full read buffer was waiting for more.
  const framing = new Framed("raw");
  framing.push(Uint8Array.of(0x68, 0x69, 0xe2), true);
  framing.flush(true);
  assertEquals(framing.next(), "hi");
  assertThrows(() => framing.next(), FramingError, "UTF-8");
});

Deno.test("a byte order mark is a character like any other, as in Python", () => {
  const mark = "\ufeffhi";
  assertEquals(received("raw", reads(mark)), [mark]);
  assertEquals(received("line", reads(mark + "\n")), [mark]);
  assertEquals(received("auto", reads(mark, mark + "\n")), [mark, mark]);
});

Deno.test("line: messages are the same wherever the stream is cut", () => {
  const stream = encoder.encode("hé\r\n\r\n\nlone\rcr\n한😀\r\nlast");
  const lines = ["hé", "", "", "lone\rcr", "한😀", "last"];
  assertEquals(received("line", reads(stream)), lines);
  assertEquals(received("line", reads(...Array.from(stream, (byte) => [byte]))), lines);
  for (const parts of cuts(stream)) {
    assertEquals(
      received("line", reads(...parts)),
      lines,
      `cut into ${parts.map((part) => part.length)}`,
    );
  }
});

Deno.test("line: what follows the last newline counts when the stream ends, nothing does not", () => {
  assertEquals(received("line", reads("one\n")), ["one"]);
  assertEquals(received("line", reads("one\n", "tw", "o")), ["one", "two"]);
  assertEquals(received("line", reads("one\ntwo\r")), ["one", "two"]);
  assertEquals(received("line", []), []);
});

Deno.test("line: a message may have 65,536 bytes beside its end, and not one more", () => {
  const longest = "x".repeat(MESSAGE_LIMIT);
  for (const end of ["\n", "\r\n"]) {
    assertEquals(received("line", reads(longest + end)), [longest]);
    assertEquals(received("line", reads(longest, end)), [longest]);
    assertEquals(received("line", reads("x", longest.slice(1), end)), [longest]);
    assertThrows(() => received("line", reads(longest + "x" + end)), FramingError, "longer than");
    assertThrows(() => received("line", reads(longest, "x" + end)), FramingError, "longer than");
  }
  assertEquals(received("line", reads(longest)), [longest]); // ended by the end
  assertThrows(() => received("line", reads(longest, "x")), FramingError, "longer than");
  // It does not wait for the newline to find out.
  const framing = new Framed("line");
  framing.push(encoder.encode(longest), true);
  assertEquals(framing.next(), undefined);
  framing.push(encoder.encode("xx"), true);
  assertThrows(() => framing.next(), FramingError, "longer than");
});

Deno.test("line: messages before one that is too long count", () => {
  const framing = new Framed("line");
  framing.push(encoder.encode("one\ntwo\n" + "x".repeat(MESSAGE_LIMIT + 2)), false);
  assertEquals([framing.next(), framing.next()], ["one", "two"]);
  assertThrows(() => framing.next(), FramingError, "longer than");
});

Deno.test("auto: raw until the first newline, line from then on", () => {
  assertEquals(received("auto", reads("raw", "raw too")), ["raw", "raw too"]);
  assertEquals(received("auto", reads("one\ntw", "o\r\n", "three")), ["one", "two", "three"]);
  // A message that a newline follows later: the newline is an empty line then.
  assertEquals(received("auto", reads("raw", "\n", "line\n")), ["raw", "", "line"]);

  const framing = new Framed("auto");
  assertEquals([framing.name, framing.mayMerge], ["raw", false]);
  assertEquals(decoder.decode(framing.encode("hi")), "hi");
  framing.push(encoder.encode("a\n"), false);
  assertEquals([framing.name, framing.mayMerge], ["line", true]);
  assertEquals(decoder.decode(framing.encode("hi")), "hi\n");
});

Deno.test("auto: a text with a newline inside is one message of a raw peer, who is heard on", () => {
  const text = reads("first\nsecond", "bye");
  assertEquals(receivedSlowly("auto", text), ["first\nsecond", "bye"]);
  assertEquals(receivedSlowly("auto", reads("\nhi", "a\n\nb", "c")), ["\nhi", "a\n\nb", "c"]);
  // A line that was cut comes on at once.
  assertEquals(received("auto", reads("first\nsecond", "\nbye\n")), ["first", "second", "bye"]);
});

Deno.test("auto: what has no newline at its end is not held for ever, and goes raw from there", () => {
  assertEquals(receivedSlowly("auto", reads("hi\n", "bye")), ["hi", "bye"]);
  const framing = new Framed("auto");
  framing.push(encoder.encode("hi\nrest"), false);
  framing.flush(false); // nothing more came: a raw message
  framing.push(encoder.encode("hi\n"), false);
  framing.push(encoder.encode("rest"), false);
  assertEquals([framing.name, framing.timeout], ["line", 1000]);
  framing.flush(false);
  assertEquals([framing.name, framing.timeout], ["raw", 0]);
  assertEquals(messagesOf(framing), ["hi\nrest", "hi", "rest"]);
  assertEquals(decoder.decode(framing.encode("x")), "x");
});

Deno.test("auto: a peer of lines that has ended its side is still answered in lines", () => {
  for (const rest of ["", "two"]) {
    const framing = new Framed("auto");
    framing.push(encoder.encode(`one\r\n${rest}`), false);
    framing.flush(true);
    assertEquals(framing.name, "line");
    assertEquals(decoder.decode(framing.encode("hi")), "hi\r\n");
  }
});

Deno.test("auto: who types a character at a time, as some telnets send it, is given time", () => {
  const framing = new Framed("auto");
  framing.push(encoder.encode("first\r\n"), false);
  for (const character of "한글 b") {
    framing.push(encoder.encode(character), false);
    assertEquals(framing.timeout, 30_000);
  }
  framing.push(encoder.encode("\r\n"), false);
  assertEquals([framing.timeout, messagesOf(framing)], [0, ["first", "한글 b"]]);
  framing.push(encoder.encode("bye"), false); // that was not typed
  assertEquals(framing.timeout, 1000);
});

Deno.test("auto: a peer that has not spoken is sent what the sender sent, with its newline", () => {
  for (const ending of ["", "\n", "\r\n"] as const) {
    const framing = new Framed("auto");
    assertEquals(decoder.decode(framing.encode("hi", ending)), `hi${ending}`);
    framing.push(encoder.encode("raw"), false);
    assertEquals(decoder.decode(framing.encode("hi", ending)), "hi");
    framing.push(encoder.encode("line\n"), false);
    assertEquals(decoder.decode(framing.encode("hi", ending)), "hi\n");
  }
});

Deno.test("line and auto: a peer is answered as it ends its own lines", () => {
  for (const name of ["line", "auto"] as const) {
    const framing = new Framed(name);
    for (const ending of ["\r\n", "\n", "\r\n"]) {
      framing.push(encoder.encode(`one${ending}`), false);
      assertEquals(decoder.decode(framing.encode("hi")), `hi${ending}`);
    }
    framing.push(encoder.encode("two"), false);
    framing.flush(true);
    assertEquals(messagesOf(framing), ["one", "one", "one", "two"]);
  }
});

Deno.test("NULs behind a text are padding, wherever the stream is cut", () => {
  const buffer = (text: string) => text + "\0".repeat(80 - text.length); // as C programs send it
  for (const name of ["auto", "line"] as const) {
    const stream = encoder.encode(buffer("first\n") + "second\n\0" + buffer("third\n"));
    for (const size of [1, 7, 80, 1000]) {
      const parts = [];
      for (let at = 0; at < stream.length; at += size) parts.push(stream.subarray(at, at + size));
      if (name === "auto" && size === 1) continue; // raw peers have no bytes alone
      assertEquals(received(name, reads(...parts)), ["first", "second", "third"], `${size}`);
    }
  }
  for (const name of ["raw", "auto"] as const) {
    assertEquals(received(name, reads("hi\0", buffer("hello"), "\0\0")), ["hi", "hello"]);
    assertEquals(received(name, reads("hi\0" + buffer("hello") + "bye\0")), ["hi", "hello", "bye"]);
    assertEquals(received(name, reads("\0".repeat(500))), []);
  }
  assertEquals(received("json", reads('{"a": 1}\0', "\0[2]\0\0")), ['{"a": 1}', "[2]"]);
});

Deno.test("auto: turns to line in the middle of a character, and of a message", () => {
  const bytes = encoder.encode("한\n글\n");
  for (const parts of cuts(bytes)) {
    assertEquals(received("auto", reads(...parts)).filter((line) => line !== ""), ["한", "글"]);
  }
  const full = { bytes: new Uint8Array(1024).fill(0x61), filled: true };
  const rest = { bytes: encoder.encode("b\nc"), filled: false };
  assertEquals(received("auto", [full, rest]), ["a".repeat(1024) + "b", "c"]);
});

Deno.test("auto: the limit on a line holds for what was held as raw, too", () => {
  const full = (length: number) => ({ bytes: new Uint8Array(length).fill(0x61), filled: true });
  const framing = new Framed("auto");
  framing.push(full(MESSAGE_LIMIT - 1).bytes, true);
  assertEquals(framing.next(), undefined);
  assertThrows(
    () => {
      framing.push(encoder.encode("bcd\n"), false);
      framing.next();
    },
    FramingError,
    "longer than",
  );
});

Deno.test("json: texts are found wherever the stream is cut", () => {
  const texts = ['{"a": ["]", "\\"}"]}', "[]", '"한"', "12", "null", "{}"];
  const stream = encoder.encode(texts.join(" ") + "\r\n");
  assertEquals(received("json", reads(stream)), texts);
  for (const parts of cuts(stream)) {
    const framing = new Framed("json");
    const messages = [];
    for (const part of parts) {
      framing.push(part, false);
      messages.push(...messagesOf(framing));
    }
    assertEquals(messages, texts);
  }
  assertThrows(() => received("json", reads('{"a"')), FramingError, "middle of a JSON text");
});

Deno.test("json: a number or a word is whole after a silence, and only those wait for one", () => {
  const framing = new Framed("json");
  for (const [bytes, timeout] of [["", 0], ["[1", 0], ["]", 0], ['"a', 0], ['"', 0], ["12", 50]]) {
    framing.push(encoder.encode(`${bytes}`), false);
    messagesOf(framing);
    assertEquals(framing.timeout, timeout, `after ${bytes}`);
  }
  framing.push(encoder.encode("3"), false);
  assertEquals([framing.next(), framing.timeout], [undefined, 50]);
  framing.flush(false);
  assertEquals([framing.next(), framing.next(), framing.timeout], ["123", undefined, 0]);
  assertEquals(received("json", reads("true", "false")), ["true", "false"]);
  assertEquals(received("json", reads('1"a"2[3]null{}4')), [
    "1",
    '"a"',
    "2",
    "[3]",
    "null",
    "{}",
    "4",
  ]);
});

Deno.test("json: what no text can begin with goes to the parser as it stands", () => {
  assertEquals(received("json", reads("]},:hello[1}")), ["]", "}", ",", ":", "hello", "[1}"]);
  assertEquals(received("json", reads("\ufeff{}", "GET / HTTP/1.1\r\n")), [
    "\ufeff",
    "{}",
    "GET",
    "/",
    "HTTP/1.1",
  ]);
  assertThrows(() => received("json", reads([0x22, 0xff, 0x22])), FramingError, "not UTF-8");
});

Deno.test("json: a text may be nested 500 deep and have 65,536 bytes, and not one more", () => {
  const deep = '[{"a":'.repeat(250) + "1" + "}]".repeat(250);
  assertEquals(received("json", reads(deep)), [deep]);
  assertThrows(() => received("json", reads("[" + deep + "]")), FramingError, "deeper than 500");
  const long = `"${"a".repeat(MESSAGE_LIMIT - 2)}"`;
  assertEquals(received("json", reads(long, "[]")), [long, "[]"]);
  assertEquals(received("json", reads(" ".repeat(MESSAGE_LIMIT), "1")), ["1"]);
  for (const opening of ['"', "[", '["', "1"]) {
    assertThrows(() => received("json", reads(opening + "1".repeat(MESSAGE_LIMIT))), FramingError);
    const pieces = Array.from(
      { length: 66 },
      () => ({ bytes: new Uint8Array(1000).fill(0x31), filled: true }),
    );
    assertThrows(() => received("json", [...reads(opening), ...pieces]), FramingError, "longer");
  }
});

Deno.test("json: 300 generated streams, cut anywhere, are the texts that they were made of", () => {
  let state = 20261120;
  /** A whole number below `limit`: a linear congruential generator, so that a failure can be repeated. */
  const random = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * limit);
  };
  const pick = <T>(...choices: T[]): T => choices[random(choices.length)]!;
  const value = (depth: number): unknown =>
    random(3) > 0 && depth < 5
      ? pick<unknown>(
        Array.from({ length: random(4) }, () => value(depth + 1)),
        Object.fromEntries(Array.from({ length: random(4) }, () => [string(), value(depth + 1)])),
      )
      : pick<unknown>(null, true, -12.5e-7, random(1e6), string());
  const string = () =>
    Array.from({ length: random(6) }, () => pick(...'a"\\/[]{}:, 한😀\n\u007f')).join("");
  for (let stream = 0; stream < 300; stream++) {
    const texts = Array.from(
      { length: random(6) },
      () => JSON.stringify(value(0), null, pick(0, 1)),
    );
    const bytes = encoder.encode(texts.map((text) => text + pick(" ", "\n", "\r\n\t")).join(""));
    const framing = new Framed("json");
    const messages: string[] = [];
    for (let at = 0; at < bytes.length;) {
      const length = 1 + random(pick(2, 10, 100));
      framing.push(bytes.slice(at, at + length), false);
      messages.push(...messagesOf(framing));
      at += length;
    }
    framing.flush(true);
    assertEquals([...messages, ...messagesOf(framing)], texts);
  }
});

Deno.test("encode: bytes of the message, and in line framing a newline", () => {
  for (
    const [name, wire] of [["raw", "é"], ["line", "é\n"], ["json", "é"], ["auto", "é"]] as const
  ) {
    const framing = new Framed(name);
    assertEquals(decoder.decode(framing.encode("é")), wire);
    assertEquals(decoder.decode(framing.encode("")), wire.slice(1)); // another text in between
    assertEquals(decoder.decode(framing.encode("é")), wire);
  }
});
