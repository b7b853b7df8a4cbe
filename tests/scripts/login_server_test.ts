import { assertEquals, assertMatch } from "@std/assert";
import { Peer } from "../support/peer.ts";
import { Program } from "../support/program.ts";

const USERS = ["--user", "kim:1234", "--user", "lee:a:b"];

function server(...args: string[]): Program {
  return Program.script("login_server", ["--port", "0", ...args]);
}

/** What login_client prints when this is typed. */
async function login(port: number, ...lines: string[]): Promise<string> {
  await using client = Program.script("login_client", ["--port", `${port}`], { stdin: true });
  for (const line of lines) await client.type(`${line}\n`);
  const { code, stdout, stderr } = await client.ended();
  assertEquals([code, stderr], [0, ""]);
  return stdout;
}

Deno.test("login: success, a wrong password, an unknown id", async () => {
  await using program = server(...USERS);
  const port = await program.port();
  const prompts = "Input ID : Input password : Form Server : ";
  assertEquals(await login(port, "kim", "1234"), `${prompts}Login success\n`);
  assertEquals(await login(port, "lee", "a:b"), `${prompts}Login success\n`);
  assertEquals(await login(port, "kim", "12345"), `${prompts}Wrong password\n`);
  assertEquals(await login(port, "", ""), `${prompts}Unknown ID\n`);
  assertEquals(program.stdout, "The server is ready to receive\n");
});

Deno.test("login: id and password are told apart however TCP cuts and merges them", async () => {
  await using program = server(...USERS);
  const port = await program.port();
  for (const segments of [["k", "im\n12", "34", "\n"], ["kim\r\n1234\r\n"]]) {
    using peer = await Peer.connect(port);
    for (const segment of segments) await peer.send(segment);
    assertEquals(await peer.ended(), "Login success\n");
  }
});

Deno.test("login: many at once, and one that says nothing", async () => {
  await using program = server(...USERS);
  const port = await program.port();
  using silent = await Peer.connect(port);
  const answers = Array.from({ length: 4 }, async (_, i) => {
    using peer = await Peer.connect(port);
    await peer.send(i % 2 ? "kim\n1234\n" : "kim\nno\n");
    return await peer.ended();
  });
  const [wrong, right] = ["Wrong password\n", "Login success\n"];
  assertEquals(await Promise.all(answers), [wrong, right, wrong, right]);
  assertEquals(silent.end, undefined);
});

Deno.test("login_server asks for an account where none is given, until it is whole", async () => {
  await using program = Program.script("login_server", ["--port", "0"], { stdin: true });
  await program.type("kim\n\nkim\n1234\n");
  const port = await program.port();
  assertEquals(
    await login(port, "kim", "1234"),
    "Input ID : Input password : Form Server : Login success\n",
  );
  assertMatch(
    program.stdout,
    /^(Input ID : Input password : ){2}The server is ready to receive\n$/,
  );
  assertMatch(program.stderr, /^an ID without a colon and a password are needed[^\n]*\n/);
});

Deno.test("login_server keeps the first account of an id, and says so", async () => {
  await using program = server("--user", "kim:1234", "--user", "kim:5678");
  const port = await program.port();
  assertMatch(program.stderr, /^kim has an account, which stays as it is\n/);
  assertEquals(
    await login(port, "kim", "1234"),
    "Input ID : Input password : Form Server : Login success\n",
  );
});

Deno.test("login_server refuses accounts without id or password, and end of input", async () => {
  for (const user of ["kim", ":1", "kim:", ""]) {
    await using program = server(`--user=${user}`);
    const { code, stderr } = await program.ended();
    assertEquals(code, 2);
    assertMatch(
      stderr,
      /^login_server: --user takes ID:PASSWORD, neither of them empty, 100 and 1000 [^\n]*\n$/,
    );
  }
  await using program = server();
  const { code, stderr } = await program.ended();
  assertEquals([code, stderr], [1, "login_server: end of input, where an answer was expected\n"]);
});
