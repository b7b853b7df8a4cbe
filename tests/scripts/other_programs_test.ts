// What programs of other languages and systems send: netcat's lines, text boxes, the CRLF of Windows and
// Java, the NULs of C, PuTTY's Telnet. Where the original does right by them, so do the scripts.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { isInstalled, testUnless } from "../support/needs.ts";
import { Peer } from "../support/peer.ts";
import { Program } from "../support/program.ts";
import { sleep } from "../support/waiting.ts";

const encoder = new TextEncoder();

/** What PuTTY begins with in Telnet mode. */
const NEGOTIATION = Uint8Array.of(
  ...[255, 251, 31, 255, 251, 32, 255, 251, 24, 255, 251, 39, 255, 253, 3, 255, 251, 3],
);

async function chat(...args: string[]): Promise<[server: Program, port: number]> {
  const server = Program.script("chat_server", ["--port", "0", ...args]);
  return [server, await server.port()];
}

/** A member, once the server has it: that is the order of the list. */
async function member(server: Program, port: number, count: number): Promise<Peer> {
  const peer = await Peer.connect(port);
  await server.says("stdout", new RegExp(`# of client: ${count}\n`));
  return peer;
}

for (const [what, ending] of [["netcat", "\n"], ["Windows", "\r\n"], ["a raw client", ""]]) {
  Deno.test(`who has not spoken is sent what ${what} sends, as it came`, async () => {
    const [server, port] = await chat();
    await using _server = server;
    using speaker = await member(server, port, 1);
    using listener = await member(server, port, 2);
    let heard = "";
    for (const text of ["hi", "how are you", "안녕"]) {
      await speaker.send(text + ending);
      heard += text + ending;
      await listener.says(new RegExp(`^${heard}$`));
      await speaker.says(new RegExp(`^${heard}$`));
    }
  });
}

Deno.test("a raw client that sends a text of several lines is heard on, and its bye ends it", async () => {
  const [server, port] = await chat();
  await using _server = server;
  using box = await member(server, port, 1);
  using other = await member(server, port, 2);
  await other.send("I am raw");
  await box.says(/^I am raw$/);
  await other.says(/^I am raw$/);
  for (const text of ["first\nsecond", "one more\n", "bye for now"]) {
    other.take();
    await box.send(text);
    await other.says(new RegExp(`^${text.trimEnd()}$`));
  }
  await box.send("bye");
  await box.ended();
  await server.says("stdout", /disconnected\.\.\.\n$/);
});

Deno.test("each is answered as it ends its own lines", async () => {
  const [server, port] = await chat();
  await using _server = server;
  using unix = await member(server, port, 1);
  using windows = await member(server, port, 2);
  using raw = await member(server, port, 3);
  await unix.send("a\n");
  await windows.says(/^a\n$/);
  await windows.send("b\r\n");
  await unix.says(/^a\nb\n$/);
  await raw.says(/^a\nb\r\n$/); // it has not spoken yet
  await raw.send("c");
  await unix.says(/^a\nb\nc\n$/);
  await windows.says(/^a\nb\r\nc\r\n$/);
  await raw.says(/^a\nb\r\nc$/);
});

Deno.test("what C programs send behind a text is not sent on, and no message is lost by it", async () => {
  const [server, port] = await chat();
  await using _server = server;
  using c = await member(server, port, 1);
  using other = await member(server, port, 2);
  await other.send("\0ready\0");
  await c.says(/^ready$/);
  await other.says(/^ready$/);
  other.take();
  const buffer = (text: string) => text + "\0".repeat(80 - text.length);
  let heard = "";
  for (const text of [buffer("first\n"), buffer("second\n"), "third\n\0", buffer("fourth")]) {
    await c.send(text);
    heard += text.replace(/[\0\n]/g, "");
    await other.says(new RegExp(`^${heard}$`));
  }
  await c.send("bye\0");
  await c.ended();
});

Deno.test("my_server and case_server take the NULs of C programs, too", async () => {
  await using server = Program.script("my_server", ["--port", "0"]);
  using kim = await Peer.connect(await server.port());
  await kim.send("kim\0");
  await kim.says(/^kim님이 입장하셨습니다\.$/);
  await kim.send("hi\0\0\0");
  await kim.says(/kim: hi$/);
  await using converter = Program.script("case_server", ["--port", "0"]);
  using peer = await Peer.connect(await converter.port());
  await peer.send("hi\0");
  await peer.send("1\0");
  assertEquals(await peer.ended(), "HI");
});

Deno.test("case_server: a client that asks for the mode after it has sent a sentence is right", async () => {
  for (const framing of ["auto", "raw"]) {
    await using server = Program.script("case_server", [
      "--port",
      "0",
      "--framing",
      framing,
      "--trace",
    ]);
    const port = await server.port();
    for (const [sentence, mode, answer] of [["room 1", "1", "ROOM 1"], ["B 2", "2", "b 2"]]) {
      using peer = await Peer.connect(port);
      await peer.send(sentence!);
      // A second is what it takes to type: longer than any wait for a lost segment.
      await server.says("stderr", new RegExp(`${peer.address}  ${sentence!.length} bytes`));
      await sleep(1000);
      await peer.send(mode!);
      assertEquals(await peer.ended(), answer, framing);
    }
  }
});

Deno.test("a byte order mark at the start of a connection is no text", async () => {
  const [server, port] = await chat();
  await using _server = server;
  using windows = await member(server, port, 1);
  using other = await member(server, port, 2);
  await windows.send("\ufeff"); // .NET sends it alone
  await windows.send("hi\r\n");
  await other.says(/^hi\r\n$/);
  await using json = Program.script("json_server", ["--port", "0"]);
  using peer = await Peer.connect(await json.port());
  await peer.send('\ufeff{"name": "kim"}');
  await json.says("stdout", /kim/);
  assert(!json.stderr.includes("BOM"), json.stderr);
});

Deno.test("a line that has lost bytes on its way is shown with marks, and its sender told of once", async () => {
  const [server, port] = await chat();
  await using _server = server;
  using telnet = await member(server, port, 1);
  using other = await member(server, port, 2);
  const line = encoder.encode("안녕 hi\r\n");
  for (let i = 0; i < 2; i++) await telnet.send(line.filter((_, at) => at !== 1));
  await other.says(/^(\ufffd+녕 hi\r\n){2}$/);
  await telnet.send("bye\r\n");
  await telnet.ended();
  server.kill("SIGTERM");
  const { stderr } = await server.ended();
  const lines = stderr.split("\n").filter((each) => each.includes(telnet.address));
  assertEquals(lines, [`${telnet.address} sent bytes that are not UTF-8: each is shown as \ufffd`]);
});

Deno.test("Telnet: negotiation is no text, wherever it comes, and its lines are lines", async () => {
  const [server, port] = await chat("--trace");
  await using _server = server;
  using putty = await member(server, port, 1);
  using other = await member(server, port, 2);
  for (const byte of NEGOTIATION) await putty.send(Uint8Array.of(byte));
  await putty.send("안녕\r\n");
  await other.says(/^안녕\r\n$/);
  await putty.says(/^안녕\r\n$/);
  await putty.send(Uint8Array.of(...encoder.encode("h"), 255, 241, ...encoder.encode("i\r"), 0));
  await other.says(/^안녕\r\nhi\r\n$/);
  await server.says("stderr", /Telnet, not answered: WILL 31/);
  await putty.send(Uint8Array.of(255, 255, 104, 13, 10)); // an escaped 255 is no UTF-8
  await putty.ended();
  await server.says("stderr", new RegExp(`^${putty.address} sent bytes that are not UTF-8$`, "m"));
});

testUnless(
  await isInstalled("plink", "-V") ? undefined : "needs plink",
  "plink -telnet, PuTTY's Telnet at the command line, is a member of the room",
  async () => {
    const [server, port] = await chat();
    await using _server = server;
    using other = await member(server, port, 1);
    await using plink = new Program("plink", "plink", ["-telnet", "-P", `${port}`, "127.0.0.1"], {
      stdin: true,
    });
    await server.says("stdout", /# of client: 2\n/);
    await plink.type("안녕 hello\n");
    await other.says(/안녕 hello\r?\n$/);
    await other.send("hi there\n");
    await plink.says("stdout", /hi there/);
    assertStringIncludes(server.stdout, "# of client: 2");
    assertMatch(server.stderr, /^listening on [^\n]*\n$/);
  },
);
