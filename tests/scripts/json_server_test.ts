import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Peer, PeerListener } from "../support/peer.ts";
import { Program } from "../support/program.ts";

function server(...args: string[]): Program {
  return Program.script("json_server", ["--port", "0", "--host", "127.0.0.1", ...args]);
}

/** Sends a text and waits for the answer, which is expected as it stands. */
async function exchange(peer: Peer, text: string, expected: string) {
  peer.take();
  await peer.send(text);
  await peer.says(new RegExp(`^${RegExp.escape(expected)}$`));
}

Deno.test("json_server answers each JSON text, wherever TCP cuts and merges them", async () => {
  await using program = server();
  using peer = await Peer.connect(await program.port());
  await exchange(peer, '{"name": "jung", "count": 0}', '{"name": "jung", "count": 0}');
  await exchange(peer, '{"a":1}\n[2.0,\t"}"]{"b":', '{"a": 1}[2.0, "}"]');
  await exchange(peer, '"한글\\""}', '{"b": "\\ud55c\\uae00\\""}');
  for (const byte of new TextEncoder().encode('{"2":1e2,"1":["é')) {
    await peer.send(new Uint8Array([byte]));
  }
  await exchange(peer, '"]}', '{"2": 100.0, "1": ["\\u00e9"]}');
  await exchange(peer, "12", "12"); // whole when nothing follows for a while
  await program.says("stdout", /^r_data : 12\n/m);
  assertMatch(
    program.stdout,
    new RegExp(
      "^Got connection from \\('127\\.0\\.0\\.1', \\d+\\)\n" +
        "r_data : {'name': 'jung', 'count': 0}\nr_data : {'a': 1}\nr_data : \\[2\\.0, '}'\\]\n" +
        "r_data : {'b': '한글\"'}\nr_data : {'2': 100\\.0, '1': \\['é'\\]}\nr_data : 12\n$",
    ),
  );
});

Deno.test("json_server ends a connection after ten texts", async () => {
  await using program = server();
  using peer = await Peer.connect(await program.port());
  await peer.send("[]".repeat(12));
  assertEquals(await peer.ended(), "[]".repeat(10));
  await program.says("stdout", /client at \('127\.0\.0\.1', \d+\) disconnected\.\.\.\n/);
});

Deno.test("json_server says that a client has gone before its tenth text", async () => {
  await using program = server();
  using peer = await Peer.connect(await program.port());
  await exchange(peer, "[1]", "[1]");
  peer.close();
  await program.says("stdout", /client at \('127\.0\.0\.1', \d+\) disconnected\.\.\.\n/);
});

Deno.test("what is not JSON costs json_server that connection alone", async () => {
  await using program = server();
  const port = await program.port();
  using silent = await Peer.connect(port);
  using good = await Peer.connect(port);
  await exchange(good, '{"a": 1}', '{"a": 1}');
  const bad: [sent: string | Uint8Array, said: string][] = [
    ['{"a" 1}', "dropped: not JSON: Expecting ':' delimiter: line 1 column 6 (char 5)"],
    ["hello", "dropped: not JSON: Expecting value: line 1 column 1 (char 0)"],
    ["[1,]", "dropped: not JSON: Expecting value: line 1 column 4 (char 3)"],
    ["]", "dropped: not JSON: Expecting value: line 1 column 1 (char 0)"],
    ["[".repeat(5000), "sent JSON nested deeper than 500"],
    ['{"a":'.repeat(5000), "sent JSON nested deeper than 500"],
    [`"${"a".repeat(70_000)}"`, "sent a message longer than 65536 bytes"],
    [new Uint8Array([0x22, 0xff, 0x22]), "sent bytes that are not UTF-8"],
    ["1".repeat(5000) + " ", "dropped: not JSON: Exceeds the limit (4300 digits)"],
  ];
  for (const [sent, said] of bad) {
    using peer = await Peer.connect(port);
    await peer.send(sent);
    await program.says("stderr", new RegExp(`^${RegExp.escape(`${peer.address} ${said}`)}`, "m"));
    await peer.ended();
  }
  using half = await Peer.connect(port);
  await half.send('{"a": ');
  await half.halfClose();
  await program.says(
    "stderr",
    new RegExp(`^${half.address} ended in the middle of a JSON text$`, "m"),
  );
  const deep = "[".repeat(500) + "]".repeat(500);
  await exchange(good, deep, deep);
  await exchange(silent, '{"a": 1}', '{"a": 1}');
});

Deno.test("what was answered before an invalid text arrives", async () => {
  await using program = server();
  using peer = await Peer.connect(await program.port());
  await peer.send("[1][2]nonsense ");
  assertEquals(await peer.ended(), "[1][2]");
});

Deno.test("json_client counts as often as told, and prints the answers as Python's dicts", async () => {
  await using program = server();
  const args = ["--port", `${await program.port()}`, "--count", "2", "--interval", "0"];
  await using client = Program.script("json_client", args);
  const { code, stdout, stderr } = await client.ended();
  assertEquals([code, stderr], [0, ""]);
  assertEquals(
    stdout,
    `send message:  b'{"name": "jung", "count": 0}'\nFrom Server:  {'name': 'jung', 'count': 0}\n` +
      `send message:  b'{"name": "jung", "count": 1}'\nFrom Server:  {'name': 'jung', 'count': 1}\n`,
  );
});

Deno.test("json_client says in one line what is wrong with an answer, or that there is none", async () => {
  for (
    const [answer, said] of [["{'a': 1}", "not JSON: Expecting property name"], ["", "closed"]]
  ) {
    using listener = await PeerListener.listen();
    await using client = Program.script("json_client", ["--port", `${listener.port}`]);
    const peer = await listener.accept();
    await peer.says(/0}$/);
    await peer.send(answer!);
    peer.close();
    const { code, stderr } = await client.ended();
    assertEquals(code, 1);
    assertMatch(stderr, /^json_client: [^\n]+\n$/);
    assertStringIncludes(stderr, said!);
  }
});

Deno.test("json_types prints the page's examples as Python prints them", async () => {
  await using program = Program.script("json_types");
  const { code, stdout, stderr } = await program.ended();
  assertEquals([code, stderr], [0, ""]);
  assertEquals(stdout.split("\n"), [
    "{'name': 'Jones'}",
    "{'number_1': 210, 'number_2': 215, 'number_3': 21.05, 'number_4': 10.05}",
    "{'Influencer': {'name': 'Jaxon', 'age': '42'}}",
    "{'Influencers': [{'name': 'Jaxon', 'age': 42}, {'name': 'Miller', 'age': 35}]}",
    "{1: 5, 2: 3}",
    "{(1, 5): 5, (3, 3): 3}",
    "{3.6: 5, 'abc': 3}",
    "{True: 5, 'abc': 3}",
    "KeyError: 0",
    "1",
    '{"true": 5, "abc": 3}',
    "",
  ]);
});
