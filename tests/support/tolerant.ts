// Programs that are right and do what a right program may do otherwise (tests/conformance/tolerant): the
// command of each, for the exercise that it solves.

import type { Exercise } from "../conformance/spec.ts";
import { EXERCISES } from "../conformance/specs/all.ts";
import { PYTHON } from "./python.ts";

/** The file and the arguments, where they are not the exercise's name and its port. */
const COMMANDS: Record<string, string[]> = {
  case_server: [],
  case_client: [],
  soc1_server: [],
  soc1_client: [],
  soc2_server: [],
  soc2_client: [],
  my_server: [],
  my_client: [],
  chat_server: [],
  chat_client: ["chat_client.py", "{host}", "{port}"],
  chat_server_no_echo: ["chat_server.py", "{port}", "no-echo"],
  chat_client_args: ["chat_client.py", "{host}", "{port}"],
  chat_client_nickname: ["chat_client.py", "{host}", "{port}", "nickname"],
  json_server: [],
  json_client: [],
  caller: ["caller.py", "{host}", "{port}"],
};

/** A program, and what it solves. */
export interface Tolerant {
  readonly exercise: Exercise;
  readonly command: readonly string[];
}

export const TOLERANT: readonly Tolerant[] = EXERCISES.filter(({ name }) => name in COMMANDS)
  .map((exercise) => {
    const [file = `${exercise.name}.py`, ...args] = COMMANDS[exercise.name]!; // filtered so
    const given = args.length > 0 ? args : ["{port}"];
    return { exercise, command: [PYTHON, `tests/conformance/tolerant/${file}`, ...given] };
  });
