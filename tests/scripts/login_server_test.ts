import { assert, assertEquals, AssertionError, assertMatch } from "@std/assert";
import { Peer } from "../support/peer.ts";
import { Program } from "../support/program.ts";
import { PYTHON, testWithPython } from "../support/python.ts";
import { sleep } from "../support/waiting.ts";

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
  for (
    const [segments, ending] of [
      [["k", "im\n12", "34", "\n"], "\n"],
      [["kim\r\n1234\r\n"], "\r\n"],
    ] as const
  ) {
    using peer = await Peer.connect(port);
    for (const segment of segments) await peer.send(segment);
    assertEquals(await peer.ended(), `Login success${ending}`);
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

/** A client with a menu, as later copies of the page describe it, at which somebody types. */
class Menu implements AsyncDisposable {
  readonly #client: Program;
  #heard = 0;
  #again = false; // whether it was asked again, as far as it knows

  constructor(port: number) {
    this.#client = new Program("menu_login_client.py", PYTHON, [
      "tests/support/menu_login_client.py",
      `${port}`,
    ], { stdin: true, env: { PYTHONUTF8: "1" } });
  }

  /** Chooses from the menu, and waits until that is sent. */
  async choose(choice: 1 | 2) {
    await this.#client.type(`${choice}\n`);
  }

  /**
   * Types two texts until the answer is that one. Nothing tells when the server has read the first, so that
   * TCP may merge the two, and they are asked for again; never many times in a row.
   */
  async texts(first: string, second: string, answer: string, tries = 5): Promise<void> {
    if (this.#again) await sleep(600); // the server counts on it that nobody types two texts faster
    await this.#client.type(`${first}\n${second}\n`);
    this.#heard++;
    const pattern = new RegExp(`^(?:[^<]*<){${this.#heard}}(\\w*)>`);
    const given = (await this.#client.says("stdout", pattern))[1]!;
    this.#again = given === "Register";
    if (given === answer) return;
    assert(/^(Login|Register|ChangePw)$/.test(given) && tries > 1, `${given}, not ${answer}`);
    await this.texts(first, second, answer, tries - 1);
  }

  /** How it has ended. */
  async ended(): Promise<number> {
    return (await this.#client.ended()).code;
  }

  async [Symbol.asyncDispose]() {
    await this.#client[Symbol.asyncDispose]();
  }
}

testWithPython("the page's later client: logs in, registers, changes the password", async () => {
  await using program = server(...USERS);
  const port = await program.port();
  {
    await using menu = new Menu(port);
    await menu.choose(1);
    await menu.texts("kim", "1234", "Success");
    assertEquals(await menu.ended(), 0);
  }
  {
    await using menu = new Menu(port);
    await menu.choose(2);
    await menu.texts("박", "비밀", "Login");
    await menu.texts("nobody", "비밀", "WrongId");
    await menu.choose(1);
    await menu.texts("nobody", "again", "WrongId");
    await menu.choose(2);
    await menu.texts("kim", "mine now", "Register"); // taken
    await menu.texts("choi", "1", "Login");
    await menu.texts("박", "other", "WrongPw");
    await menu.choose(1);
    await menu.texts("박", "another", "WrongPw");
    await menu.choose(2);
    await menu.texts("새것", "다른것", "ChangePw");
    await menu.texts("새것", "새것", "Login");
    await menu.texts("박", "새것", "Success");
    assertEquals(await menu.ended(), 0);
  }
  await program.says("stderr", /127.0.0.1:\d+ has changed the password of 박\n/);
  const answered = (answer: string) => `Input ID : Input password : Form Server : ${answer}\n`;
  assertEquals(await login(port, "박", "비밀"), answered("Wrong password"));
  assertEquals(await login(port, "박", "새것"), answered("Login success"));
  assertEquals(await login(port, "choi", "1"), answered("Login success"));
  assertEquals(await login(port, "kim", "1234"), answered("Login success"));
});

/**
 * What two texts mean is told by time alone: where a busy machine has sent the second late, the server is right
 * to ask again, and all of it is tried again.
 */
function testOfTwo(name: string, work: (program: Program, peer: Peer) => Promise<void>) {
  Deno.test(name, async () => {
    for (let tries = 5;; tries--) {
      await using program = server(...USERS, "--trace");
      using peer = await Peer.connect(await program.port());
      try {
        return await work(program, peer);
      } catch (error) {
        if (tries === 1 || !(error instanceof AssertionError)) throw error;
      }
    }
  });
}

/** Sends two texts to a server with --trace, the second when the first has been read: the answer. */
async function sendTwo(program: Program, peer: Peer, first: string, second: string) {
  const recv = `recv +<- ${peer.address}`;
  const read = program.stderr.match(new RegExp(recv, "g"))?.length ?? 0;
  peer.take();
  await peer.send(first);
  await program.says("stderr", new RegExp(`(?:[^]*?${recv}){${read + 1}}`));
  await peer.send(second);
  const answer = (await peer.says(/^\w+$/))[0];
  peer.take();
  return answer;
}

/** What a client with a menu sends in one segment after another, and what it is answered. */
const MERGED: Record<string, [sent: string, answer: string][]> = {
  "id and password in one": [["Login", ""], ["kim1234", "Success"]],
  "all in one": [["Loginlee" + "a:b", "Success"]],
  "a command in pieces": [["Lo", ""], ["gin", ""], ["kim1234", "Success"]],
  "an id that nobody has": [["Loginnobody", "WrongId"], ["Login", ""], ["kim1234", "Success"]],
  "a wrong password": [["Loginkim12345", "WrongPw"], ["Login", ""], ["kim1234", "Success"]],
  "all that changing a password takes": [["Loginkimno", "WrongPw"], ["ChangePwaabb", "ChangePw"], [
    "now1now1",
    "Login",
  ], ["kimnow1", "Success"]],
};

for (const [what, exchange] of Object.entries(MERGED)) {
  Deno.test(`login: two texts that came as one: ${what}`, async () => {
    await using program = server(...USERS);
    using peer = await Peer.connect(await program.port());
    for (const [sent, answer] of exchange) {
      await peer.send(sent);
      if (answer) await peer.says(new RegExp(`^${answer}$`));
      peer.take();
    }
    if (exchange.at(-1)![1] === "Success") assertEquals(await peer.ended(), "");
  });
}

testOfTwo(
  "login: who registers is asked again where nobody can tell two texts apart",
  async (program, peer) => {
    await peer.send("Registerchoi1");
    await peer.says(/^Register$/);
    await program.says("stderr", new RegExp(`${peer.address}: two texts came as one`));
    assertEquals(await sendTwo(program, peer, "choi", "1"), "Login");
    assertEquals(await sendTwo(program, peer, "choi", "1"), "Success");
  },
);

testOfTwo("login: a second text that comes late is nobody's id", async (program, peer) => {
  await peer.send("Registerchoi");
  await peer.says(/^Register$/);
  await peer.send("1");
  await program.says("stderr", new RegExp(`${peer.address}: the second text came late`));
  assertEquals(await sendTwo(program, peer, "choi", "1"), "Login");
  assertEquals(await sendTwo(program, peer, "1", "choi"), "WrongId");
});

Deno.test("login: a program that sends both at once again is asked again, and not left alone", async () => {
  await using program = server(...USERS);
  using peer = await Peer.connect(await program.port());
  await peer.send("Registerchoi1");
  await peer.says(/^Register$/);
  await peer.send("choi1");
  await peer.says(/^RegisterRegister$/);
  await peer.send("choi1");
  await peer.says(/^(Register){3}$/);
});

Deno.test("login: an id that another begins with is told by the password, or asked for again", async () => {
  await using program = server("--user", "kim:22", "--user", "kim2:33");
  const port = await program.port();
  for (const id of ["kim22", "kim233"]) {
    using peer = await Peer.connect(port);
    await peer.send("Loginkim23");
    await peer.says(/^Login$/);
    peer.take();
    await peer.send(id);
    await peer.says(/^Success$/);
  }
});

Deno.test("login: an id that is one of the page's commands is an id in lines", async () => {
  await using program = server("--user", "Login:1", "--user", "Register:2");
  const port = await program.port();
  for (const [account, ending] of [["Login\n1\n", "\n"], ["Register\r\n2\r\n", "\r\n"]]) {
    using peer = await Peer.connect(port);
    await peer.send(account!);
    assertEquals(await peer.ended(), `Login success${ending}`);
  }
});

testOfTwo(
  "login: an empty or too long id or password is asked for again",
  async (program, peer) => {
    await peer.send(`Register${"i".repeat(101)}`);
    await peer.says(/^Register$/);
    peer.take();
    assertEquals(await sendTwo(program, peer, "i".repeat(101), "1"), "Register");
    assertEquals(await sendTwo(program, peer, "i".repeat(100), "1"), "Login");
  },
);
