// What a script needs to know beside its flags: arguments that mean the same, and questions for what was
// not given.

import { input, report } from "../console.ts";
import { FLAGS, type FlagValues, parseValue } from "./flags.ts";
import { noteAddress } from "./running.ts";

/**
 * The value of an argument that means the same as a flag; `shown` is what the user knows it by. Throws a
 * UsageError.
 */
export async function argument<Name extends keyof FlagValues>(
  name: Name,
  text: string,
  shown: string,
): Promise<FlagValues[Name]> {
  const values = { [name]: parseValue(name, text, shown) };
  await noteAddress(values);
  return values[name]!;
}

/**
 * The value of a flag that was not given, asked for at the console. What the flag would not take is
 * told on stderr, and asked for again. `atEnd` is what the end of input counts as; without it, it is an
 * error.
 */
export async function ask<Name extends keyof FlagValues>(
  name: Name,
  prompt: string,
  atEnd?: string,
): Promise<FlagValues[Name]> {
  while (true) {
    const answer = await input(prompt, atEnd);
    const value = FLAGS[name].parse(answer) ?? FLAGS[name].parse(answer.trim());
    if (value !== undefined) {
      const values = { [name]: value };
      await noteAddress(values);
      return values[name]!;
    }
    report(`"${answer}" can't be used: type ${FLAGS[name].accepts}`);
  }
}
