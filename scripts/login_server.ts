#!/usr/bin/env -S deno run --allow-net
/**
 * 로그인
 *
 * The server, which the page leaves as a heading: takes an id and a password, each a line, and answers
 * whether they belong together. Later copies of the page print a client with a menu, for port 9999; it is
 * known by its first message (Login or Register), and served as that page's server would (serveMenu).
 * Try it: start this with `--user kim:1234`, then `deno run --allow-net scripts/login_client.ts` in a
 * second terminal.
 */
import { isAccount } from "../lib/account.ts";
import { askAccount, UserTable } from "../lib/accounts.ts";
import { print, report } from "../lib/console.ts";
import { LoginFraming } from "../lib/login_framing.ts";
import { parseFlags, run } from "../lib/script.ts";
import { BACKLOG, MessageListener, type MessageSocket } from "../lib/socket.ts";
import { Thread } from "../lib/threading.ts";
import { sleep } from "../lib/time.ts";

/** Seconds after which the second of two texts comes no more by itself: TCP has merged it with the first. */
const MERGED = 0.25;
/**
 * The same between two programs on one Linux, for the first try to register. Linux acknowledges the first
 * text at once there, so the second can't be later, and mostly comes with it. To whoever answers within
 * 40 ms it acknowledges late from then on, and the next two texts come apart.
 */
const MERGED_HERE = 0.025;
/** Seconds after which a client that has sent something waits for an answer, and no person types any more. */
const TYPED = 3;

/** How many ids are tried where one may end in more than one place: each costs a hash. */
const LIKELY = 3;

/** What a client with a menu sends: with nothing between its messages, so that TCP may merge them. */
class MenuClient {
  /** What is waited for already, or came along with something else. */
  readonly #ahead: Promise<string | null>[] = [];

  constructor(readonly socket: MessageSocket) {}

  #recv(): Promise<string | null> {
    return this.#ahead.shift() ?? this.socket.recv();
  }

  /** The one of these that it chooses, or null when it has gone. Anything else is ignored, as on the page. */
  async choice(...choices: string[]): Promise<string | null> {
    while (true) {
      const recv = await this.#recv();
      if (recv === null) return null;
      const choice = choices.find((each) => recv.startsWith(each));
      if (choice === undefined) continue;
      if (recv !== choice) this.#ahead.unshift(Promise.resolve(recv.slice(choice.length)));
      return choice;
    }
  }

  /** Two texts, or one that is both, where no more comes in that many seconds; null when it has gone. */
  async texts(seconds: number): Promise<[first: string, second?: string] | null> {
    const first = await this.#recv();
    if (first === null) return null;
    if (!await this.sends(seconds)) return [first];
    const second = await this.#recv();
    return second === null ? [first] : [first, second];
  }

  /** Whether it sends something, or goes, within that many seconds. */
  async sends(seconds: number): Promise<boolean> {
    const coming = this.#recv();
    this.#ahead.unshift(coming);
    return await Promise.race([coming, sleep(seconds)]) !== undefined;
  }
}

/** Without a password inputId is both: what it can mean is tried, or asked where that is not clear. */
async function checkLoginData(userTable: UserTable, inputId: string, inputPw?: string) { // id와 pw 확인
  const accounts = inputPw === undefined
    ? await userTable.split(inputId)
    : [{ id: inputId, password: inputPw }];
  for (const account of accounts.slice(0, LIKELY)) {
    const matches = await userTable.check(account);
    if (matches) return { loginMsg: "Success", id: account.id };
    if (accounts.length === 1) {
      return { loginMsg: matches === undefined ? "WrongId" : "WrongPw", id: account.id };
    }
  }
  return { loginMsg: accounts.length === 0 ? "WrongId" : "Login", id: "" };
}

async function register(userTable: UserTable, inputId: string, inputPw?: string) { // id와 pw 등록
  const account = { id: inputId, password: inputPw ?? "" };
  return isAccount(account) && await userTable.add(account) ? "Login" : "Register";
}

async function changePw(userTable: UserTable, inputId: string, firstPw: string, secondPw?: string) { // pw 변경
  const middle = firstPw.length / 2;
  if (secondPw === undefined) {
    [firstPw, secondPw] = [firstPw.slice(0, middle), firstPw.slice(middle)];
  }
  const account = { id: inputId, password: firstPw };
  if (firstPw !== secondPw || !isAccount(account)) return "ChangePw";
  await userTable.change(account);
  return "Login";
}

/**
 * The server of later copies of the page. Its answer is what the client does next: Login, Register and
 * ChangePw ask for two texts, WrongId and WrongPw for a choice. Who gives a wrong password may change it.
 */
async function serveMenu(c: MessageSocket, userTable: UserTable, loginMsg: string | null) {
  const client = new MenuClient(c);
  const here = Deno.build.os === "linux" && /^(127\.|::1$)/.test(c.addr[0]);
  let inputId = "";
  let apart = false; // whether two texts come apart now, since it was asked at once to register again
  let mergedAt = -Infinity; // when that was because the two had come as one

  while (loginMsg !== null && loginMsg !== "Success") {
    if (loginMsg === "WrongId") {
      loginMsg = await client.choice("Login", "Register");
    } else if (loginMsg === "WrongPw") {
      loginMsg = await client.choice("Login", "ChangePw");
    } else {
      const before: string = loginMsg;
      const soon: boolean = here && before === "Register" && !apart;
      const texts = await client.texts(soon ? MERGED_HERE : MERGED);
      if (texts === null) return;
      const [first, second] = texts;
      if (apart && second === undefined && performance.now() - mergedAt < 2000 * MERGED) {
        report(`${c.peer}: the second text came late, and both are asked for already`);
        mergedAt = -Infinity;
        // Whoever types both anew takes longer. If nothing comes it was both, sent by a program.
        if (!await client.sends(TYPED)) c.send(before);
        continue;
      }
      if (before === "Login") {
        ({ loginMsg, id: inputId } = await checkLoginData(userTable, first, second));
      } else if (before === "Register") {
        loginMsg = await register(userTable, first, second);
      } else {
        loginMsg = await changePw(userTable, inputId, first, second);
        if (loginMsg === "Login") report(`${c.peer} has changed the password of ${inputId}`);
      }
      apart = loginMsg === "Register" && (soon || second !== undefined);
      if (second === undefined && loginMsg === before) {
        report(`${c.peer}: two texts came as one and can't be told apart: asked again`);
        if (apart) mergedAt = performance.now();
      }
      c.send(loginMsg);
    }
  }
}

export async function main(args = Deno.args) {
  const flags = await parseFlags(args, "login_server", {
    host: "127.0.0.1",
    port: 12000,
    framing: "auto",
    user: undefined,
    data: undefined,
  });
  const { host: serverName, port: serverPort } = flags; // 서버 ip 주소와 포트 번호
  const userTable = await UserTable.open(flags.data);
  // Without --user and --data nobody could log in: an account is asked for.
  const users = flags.user ?? (flags.data ? [] : [await askAccount()]);
  for (const user of users) {
    if (!await userTable.add(user)) report(`${user.id} has an account, which stays as it is`);
  }

  const listener = Deno.listen({ hostname: serverName, port: serverPort, tcpBacklog: BACKLOG });
  // LoginFraming tells the two kinds of clients apart.
  const serverSocket = new MessageListener(listener, { ...flags, first: LoginFraming });
  print("The server is ready to receive");

  while (true) {
    const [connectionSocket] = await serverSocket.accept(); // 클라이언트의 연결 요청을 기다린다
    new Thread(connectionSocket, async () => {
      // ID와 password 수신: line framing keeps the two apart, however TCP cuts or merges them
      const id = await connectionSocket.recv();
      if (id === "Login\n" || id === "Register\n") {
        await serveMenu(connectionSocket, userTable, id.trimEnd());
        return await connectionSocket.close();
      }
      const password = await connectionSocket.recv();

      if (id !== null && password !== null) { // null: the client has gone
        let result = "Unknown ID";
        const matches = await userTable.check({ id, password });
        if (matches === true) result = "Login success";
        else if (matches === false) result = "Wrong password";

        connectionSocket.send(result);
      }
      connectionSocket.close(); // 클라이언트 연결 소켓을 닫는다
    }).start();
  }
}

if (import.meta.main) await run(main);
