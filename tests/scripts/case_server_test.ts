import { assertEquals, assertStringIncludes } from "@std/assert";
import { noOriginals, startOriginal } from "../support/originals.ts";
import { Peer, PeerListener } from "../support/peer.ts";
import { Program } from "../support/program.ts";
import { sideBySide } from "../support/side_by_side.ts";

function server(...args: string[]): Program {
  return Program.script("case_server", ["--port", "0", ...args]);
}

/** What the server answers to these writes, which TCP may merge. */
async function answer(port: number, segments: string[], half = false): Promise<string> {
  using peer = await Peer.connect(port);
  for (const segment of segments) {
    await peer.send(segment);
  }
  if (half) await peer.halfClose();
  return await peer.ended();
}

Deno.test("case_server answers right however sentence and mode are cut or merged", async () => {
  await using program = server();
  const port = await program.port();
  const cases: [segments: string[], answer: string][] = [
    [["hi", "1"], "HI"],
    [["hi1"], "HI"],
    [["h", "i1"], "HI"],
    [["h", "i", "1"], "HI"],
    [["HI", "2"], "hi"],
    [["HI2"], "hi"],
    [["hi1", "1"], "HI1"],
    [["hi11"], "HI1"],
    [["HI 12"], "hi 1"],
    [["H", "I", " ", "1", "2"], "hi 1"],
    [["ß 한글", "1"], "SS 한글"],
    [["ΟΔΥΣΣΕΥΣ2"], "οδυσσευς"],
    [["a".repeat(5000) + "1"], "A".repeat(5000)],
    [["hi\n1\n"], "HI\n"],
    [["HI 1\r\n", "2\r\n"], "hi 1\r\n"],
    [["1"], ""],
  ];
  const answers = await Promise.all(cases.map(([segments]) => answer(port, segments)));
  assertEquals(answers, cases.map(([, expected]) => expected));
});

Deno.test("case_server takes the end of the stream for the end of the mode", async () => {
  await using program = server();
  const port = await program.port();
  assertEquals(await answer(port, ["hi1"], true), "HI");
  assertEquals(await answer(port, ["hi", "3"], true), "Error");
  assertEquals(await answer(port, ["hi"], true), "Error");
  assertEquals(await answer(port, [], true), "Error");
});

Deno.test("case_server with --framing line takes two lines, and answers with one", async () => {
  await using program = server("--framing", "line");
  const port = await program.port();
  assertEquals(await answer(port, ["h", "i1\n2", "\n"]), "hi1\n");
});

Deno.test("a client that is silent, or sends what is no text, costs case_server nothing", async () => {
  await using program = server();
  const port = await program.port();
  using silent = await Peer.connect(port);
  using half = await Peer.connect(port);
  await half.send("half a sentence");
  using garbage = await Peer.connect(port);
  await garbage.send(new Uint8Array([0xff, 0xfe, 0x31]));
  assertEquals(await garbage.ended(), "");
  await program.says(
    "stderr",
    new RegExp(`^${garbage.address} sent bytes that are not UTF-8$`, "m"),
  );
  using endless = await Peer.connect(port);
  await endless.send("a".repeat(70_000));
  await program.says("stderr", new RegExp(`^${endless.address} sent a message longer than`, "m"));
  assertEquals(await answer(port, ["hi", "1"]), "HI");
  await half.send("2");
  assertEquals(await half.ended(), "half a sentence");
  assertEquals(silent.end, undefined);
  assertEquals(program.stdout, "The server is ready to receive\n");
});

Deno.test("case_client sends sentence, mode and the end of the stream", async () => {
  using listener = await PeerListener.listen();
  await using client = Program.script("case_client", ["--port", `${listener.port}`], {
    stdin: true,
  });
  using peer = await listener.accept();
  await client.type("Hi 1\n");
  await client.type("2\n");
  assertEquals(await peer.ended(), "Hi 12");
  await peer.send("hi 1");
  peer.close();
  const { code, stdout, stderr } = await client.ended();
  assertEquals([code, stderr], [0, ""]);
  assertEquals(
    stdout,
    "Input sentence : 1. To upper case\n2. To Lower case\nInput number : Form Server : hi 1\n",
  );
});

Deno.test("case_client asks again for a mode that would be taken for a part of the sentence", async () => {
  using listener = await PeerListener.listen();
  await using client = Program.script("case_client", ["--port", `${listener.port}`], {
    stdin: true,
  });
  using peer = await listener.accept();
  await client.type("Hi 2\n\n12\n3\n");
  assertEquals(await peer.ended(), "Hi 23");
  peer.close();
  const { code, stderr } = await client.ended();
  const accepted = "can't be used: type 1 for upper case or 2 for lower case\n";
  assertEquals([code, stderr], [0, `"" ${accepted}"12" ${accepted}`]);
});

Deno.test("case_client prints nothing after its label where no answer comes, as the original", async () => {
  using listener = await PeerListener.listen();
  await using client = Program.script("case_client", ["--port", `${listener.port}`], {
    stdin: true,
  });
  const peer = await listener.accept();
  await client.type("hi\n");
  await peer.ended();
  peer.close();
  const { code, stdout } = await client.ended();
  assertEquals([code, stdout], [0, "Input sentence : Form Server : \n"]);
});

Deno.test("case_client ends with a line where its input ends", async () => {
  await using program = server();
  await using client = Program.script("case_client", ["--port", `${await program.port()}`]);
  const { code, stderr } = await client.ended();
  assertEquals(code, 1);
  assertStringIncludes(stderr, "case_client: end of input");
});

const RUNS = 20;

Deno.test({
  name: `Python's case_client is answered in each of ${RUNS} runs` +
    (noOriginals ? ` (skipped: ${noOriginals})` : ""),
  ignore: noOriginals !== undefined,
  async fn() {
    await using program = server();
    const port = `${await program.port()}`;
    await sideBySide(Array(RUNS).fill(port), async (port) => {
      await using client = startOriginal("case_client.py", { "12000": port });
      await client.type("hi\n");
      assertEquals((await client.ended()).stdout, "Input sentence : Form Server : HI\n");
    });
  },
});
