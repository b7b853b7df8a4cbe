// What members of a chat room say to one another, each member a chat_client of its own.

import type { Program } from "./program.ts";

/**
 * Each member says that text in turn, and all hear it before the next one speaks: a recv may return two
 * messages at once. Gives what each of them has printed since it was started.
 */
export async function talk(members: readonly Program[], text: string): Promise<string> {
  let heard = "chat client start\n";
  for (const [index, speaker] of members.entries()) {
    await speaker.type(`${index}: ${text}\n`);
    heard += `receive :  ${index}: ${text}\n`;
    for (const each of members) await each.says("stdout", new RegExp(`^${heard}$`));
  }
  return heard;
}
