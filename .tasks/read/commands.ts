// The commands that run an exercise, in all pairings: Python or Deno at either end.

import type { Exercise, Script } from "./exercises.ts";
import { both, escapeHtml, type Text } from "./text.ts";

/** One end of an exercise: the script that is started there, and with what. */
interface End {
  script: string;
  /** What both the original and the script are given. */
  args?: string;
  /** What only the script is given. */
  flags?: string;
  /** What the original asks for and is answered. */
  answers?: string;
  /** Which end it is, where both have the same name. */
  role?: Text;
}

/** Which end is started first, and which then; `first` alone where it needs no other. */
interface Run {
  first: End;
  then?: End;
}

const at = "--host 127.0.0.1 --port 9999";
const SERVER: Text = { ko: "서버", en: "server" };
const CLIENT: Text = { ko: "클라이언트", en: "client" };

/** By the exercise's slug. Where an exercise has one end only, the other is one of a neighbour's. */
export const RUNS: Record<string, Run> = {
  "cinema": {
    first: {
      script: "cinema",
      flags: `--role server ${at} --name 메가박스`,
      answers: "server, 127.0.0.1, 9999, 메가박스",
      role: SERVER,
    },
    then: {
      script: "cinema",
      flags: `--role client ${at}`,
      answers: "client, 127.0.0.1, 9999",
      role: CLIENT,
    },
  },
  "membership": {
    first: {
      script: "membership",
      flags: `--role server ${at}`,
      answers: "server, 127.0.0.1, 9999",
      role: SERVER,
    },
    then: {
      script: "membership",
      flags: `--role client ${at}`,
      answers: "client, 127.0.0.1, 9999",
      role: CLIENT,
    },
  },
  "case": { first: { script: "case_server" }, then: { script: "case_client" } },
  "login": {
    first: { script: "login_server", flags: "--user jung:1234" },
    then: { script: "login_client" },
  },
  "soc1": { first: { script: "soc1_server" }, then: { script: "soc1_client" } },
  "soc2": { first: { script: "soc2_server" }, then: { script: "soc2_client" } },
  "my": { first: { script: "my_server" }, then: { script: "my_client" } },
  "chat": { first: { script: "chat_server" }, then: { script: "chat_client" } },
  "chat_server_no_echo": {
    first: { script: "chat_server_no_echo" },
    then: { script: "chat_client" },
  },
  "chat_client_args": {
    first: { script: "chat_server" },
    then: { script: "chat_client_args", args: "127.0.0.1 9999" },
  },
  "chat_client_nickname": {
    first: { script: "chat_server" },
    then: { script: "chat_client_nickname" },
  },
  "json": { first: { script: "json_server" }, then: { script: "json_client" } },
  "json_types": { first: { script: "json_types" } },
  "listener-notify": { first: { script: "listener" }, then: { script: "notify" } },
  "broadcaster-receiver": { first: { script: "receiver" }, then: { script: "broadcaster" } },
  "caller-callee": { first: { script: "callee" }, then: { script: "caller" } },
};

/** A command line, and what is to be typed into it. */
interface Command {
  line: string;
  answers: string | undefined;
}

/** The exercise's commands as HTML. `scripts` are those of all exercises. */
export function showCommands({ slug }: Exercise, scripts: readonly Script[]): string {
  const run = RUNS[slug];
  if (run === undefined) return "";
  const commands = (end: End | undefined, language: "python" | "deno"): Command | undefined => {
    const script = scripts.find(({ name }) => name === end?.script);
    if (end === undefined || script === undefined) return undefined;
    const words = (...given: (string | undefined)[]) => given.filter(Boolean).join(" ");
    if (language === "deno") {
      const line = words(`deno run --allow-net scripts/${script.name}.ts`, end.args, end.flags);
      return { line, answers: undefined };
    }
    if (script.originalFile === undefined) return undefined;
    return { line: words(`python3 ${script.originalFile}`, end.args), answers: end.answers };
  };
  const languages = ["python", "deno"] as const;
  const pairings = run.then === undefined
    ? languages.map((language) => [language, undefined] as const)
    : languages.flatMap((first) => languages.map((then) => [first, then] as const));
  const shown = pairings.map(([first, then]) => {
    const one = commands(run.first, first);
    const other = then && commands(run.then, then);
    if (one === undefined || then !== undefined && other === undefined) return "";
    const end = ({ script, role }: End, language: "python" | "deno") =>
      `${role ? both(role) : `<code>${script}</code>`} ${LANGUAGE[language]}`;
    const title = [end(run.first, first), run.then && then ? end(run.then, then) : ""]
      .filter(Boolean).join(" ⇄ ");
    return `<div class="pairing"><h3>${title}</h3>${
      showCommand(one, TERMINAL(1), then !== undefined)
    }` +
      `${other ? showCommand(other, TERMINAL(2), true) : ""}</div>`;
  });
  return `<div class="pairings">${shown.join("")}</div>`;
}

const LANGUAGE = { python: "Python", deno: "Deno" };
const TERMINAL = (number: number): Text => ({ ko: `터미널 ${number}`, en: `Terminal ${number}` });
const ANSWERS: Text = { ko: "물으면 답하기:", en: "When asked, answer:" };

function showCommand({ line, answers }: Command, terminal: Text, isNumbered: boolean): string {
  return `<div class="command">${
    isNumbered ? `<span class="terminal">${both(terminal)}</span>` : ""
  }` +
    `<code>${escapeHtml(line)}</code>${copyButton(line)}</div>` +
    (answers ? `<p class="answers">${both(ANSWERS)} <code>${escapeHtml(answers)}</code></p>` : "");
}

/** A button that copies a text. */
export function copyButton(text: string, what: Text = { ko: "복사", en: "Copy" }): string {
  const done = both({ ko: "복사했습니다", en: "Copied" });
  return `<button type="button" class="copy" data-copy="${escapeHtml(text)}">` +
    `<span class="before">${
      both(what)
    }</span><span class="after" role="status">${done}</span></button>`;
}
