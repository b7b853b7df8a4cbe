#!/usr/bin/env -S deno run --allow-net
/**
 * 더 알아보기 과제 4-4: 딕셔너리(dictionary) 데이터 전송
 *
 * What JSON and a dictionary can hold. Prints the page's examples: JSON texts as the values that Python
 * makes of them, and dictionaries with other keys than strings.
 * Try it: start this; it needs no other program.
 */
import { tuple } from "../lib/builtins.ts";
import { print } from "../lib/console.ts";
import { dumps, loads } from "../lib/json.ts";
import { parseFlags, run } from "../lib/script.ts";

export async function main(args = Deno.args) {
  await parseFlags(args, "json_types", {});

  // 문자열
  print(loads('{ "name" : "Jones" }'));
  // 숫자
  print(loads(`{ "number_1" : 210,
    "number_2" : 215,
    "number_3" : 21.05,
    "number_4" : 10.05
  }`));
  // 객체
  print(loads('{ "Influencer" : { "name" : "Jaxon" , "age" : "42"} }'));
  // 배열
  print(loads(`{ "Influencers" : [
    { "name" : "Jaxon",
      "age" : 42
    },
    { "name" : "Miller",
      "age" : 35
    }
  ]
  }`));

  // Dictionary 사용 예. A JavaScript object has only strings as keys; a Map takes any value.
  print(new Map([[1, 5], [2, 3]])); // int 사용
  print(new Map<unknown, number>([[tuple(1, 5), 5], [tuple(3, 3), 3]])); // tuple 사용
  print(new Map<unknown, number>([[3.6, 5], ["abc", 3]])); // float 사용
  const a = new Map<unknown, number>([[true, 5], ["abc", 3]]); // bool 사용
  print(a);

  const d = new Map<unknown, number>([["abc", 1], ["def", 2]]);
  print(d.get(0) ?? "KeyError: 0"); // Python raises an error; a Map gives undefined
  print(d.get("abc"));

  // JSON has strings as keys only: dumps writes the others as strings, as Python does.
  print(dumps(a));
}

if (import.meta.main) await run(main);
