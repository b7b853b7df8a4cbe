// What console_test.ts watches from outside: small uses of the console, chosen by name.

import { input, inputInt, print, report } from "../../lib/console.ts";
import { run } from "../../lib/script.ts";

const programs: Record<string, () => Promise<number | void>> = {
  /** Prints each line of input as Python's repr shows it. */
  async lines() {
    while (true) {
      const line = await input("", "the end");
      print([line]);
      if (line === "the end") return;
    }
  },

  async prompts() {
    print("before");
    const name = await input("name : ");
    print("between");
    const count = await inputInt("count : ");
    print(name, count);
  },

  /** Prints without a pause what it is given to print in all. */
  async flood() {
    const [lines = 0, length = 0] = Deno.args.slice(1).map(Number);
    for (let i = 1; i <= lines; i++) print(String(i).padEnd(length, "."));
    report("it goes on");
    report(`it uses ${Deno.memoryUsage().rss >> 20} MB`);
    await input("", "");
  },

  /** One line after another, each when asked for. */
  async ticks() {
    for (let i = 1; await input("", "end") !== "end"; i++) {
      print("tick", i);
      report(`tock ${i}`);
    }
  },

  /** Fails in a promise that nobody awaits, or in a timer. */
  async beside() {
    const fail = () => {
      throw new RangeError("no such seat");
    };
    if (Deno.args[1] === "timer") setTimeout(fail);
    else Promise.resolve().then(fail);
    await input();
  },

  async characters() {
    print("tab\tnewline\nescape\x1b[2J bell\x07 delete\x7f return\r c1\x9b한");
    report("one\nline \x1b[2J");
    await Promise.resolve();
    return 3;
  },
};

if (import.meta.main) await run(async () => await programs[Deno.args[0] ?? ""]?.());
