// Steps in which a peer receives.

import { equal } from "@std/assert";
import type { Peer } from "../../support/peer.ts";
import { UdpPeer } from "../../support/udp_peer.ts";
import {
  bytesOf,
  fits,
  indexOf,
  joined,
  jsonEnd,
  parseJson,
  permutations,
  quoted,
} from "../bytes.ts";
import { causeOf } from "../causes.ts";
import { Failed } from "../result.ts";
import type { Situation } from "../situation.ts";
import type { Content } from "../spec.ts";

/** The next bytes are these texts, in any order. */
export async function receive(
  situation: Situation,
  name: string,
  texts: readonly Content[],
): Promise<void> {
  const peer = situation.peer(name);
  const contents = texts.map((text) => situation.fillContent(text));
  if (peer instanceof UdpPeer) return await receiveDatagrams(situation, name, peer, contents);
  const ways = permutations(contents.map(bytesOf)).map(joined);
  const length = ways[0]!.length;
  const shown = () => [
    ...contents.map((content) => ({ what: `expected at ${name}`, content })),
    { what: `received by ${name}`, content: peer.unread.slice(0, length) },
  ];
  const cause = () =>
    ways.map((way) => causeOf(peer.unread, way)).find((cause) => cause !== undefined);
  const event = {
    what: `${name} to receive ${contents.map((each) => quoted(bytesOf(each))).join(" and ")}`,
    missing: () => `${name} received ${peer.unread.length > 0 ? "only a part of it" : "nothing"}`,
    shown,
    cause,
  };
  await situation.wait(event, () => {
    const rest = withoutMaybes(situation, name, peer);
    if (!ways.some((way) => fits(peer.unread, way))) {
      if (rest === "a part of one" && !peer.end) return undefined;
      throw new Failed(`${name} received something else than expected`, shown(), {
        cause: cause(),
      });
    }
    if (peer.unread.length >= length) return true;
    if (peer.end) {
      throw new Failed(`the connection of ${name} was ${peer.end} before all had come`, shown(), {
        cause: cause(),
      });
    }
  });
  peer.take(length);
}

/**
 * Takes off what came the texts that the peer may hear and need not (`mayHear`), and says what is left:
 * nothing, the beginning of one more of them, or something else.
 */
export function withoutMaybes(
  { maybe }: Situation,
  name: string,
  peer: Peer,
): "nothing" | "a part of one" | "too much" {
  const texts = maybe.get(name) ?? [];
  while (peer.unread.length > 0) {
    const found = texts.findIndex((text) => fits(peer.unread, bytesOf(text)));
    if (found < 0) return "too much";
    const { length } = bytesOf(texts[found]!);
    if (peer.unread.length < length) return "a part of one";
    peer.take(length);
    texts.splice(found, 1);
  }
  return "nothing";
}

async function receiveDatagrams(
  situation: Situation,
  name: string,
  peer: UdpPeer,
  contents: Content[],
): Promise<void> {
  for (const content of contents) {
    const bytes = bytesOf(content);
    const expected = { what: `expected at ${name}`, content };
    // A client that has sent nothing at all has not come up; a server was seen to be.
    const down = situation.exercise.role === "client" && peer.sender === undefined;
    const event = {
      what: `${name} to receive ${quoted(bytes)}`,
      missing: `${name} received nothing`,
      shown: () => [expected],
      down,
    };
    await situation.wait(event, () => {
      const next = peer.unread.shift();
      if (next === undefined) {
        situation.checkRunning(`before ${name} had received its message`, down);
        return undefined;
      }
      if (next.bytes.length === bytes.length && fits(next.bytes, bytes)) return true;
      throw new Failed(
        `${name} received something else than expected`,
        [expected, { what: `received by ${name}`, content: next.bytes }],
        { cause: causeOf(next.bytes, bytes) },
      );
    });
  }
}

/** Among what comes is this. */
export async function hears(situation: Situation, name: string, text: Content): Promise<void> {
  const peer = situation.tcp(name);
  const content = situation.fillContent(text);
  const wanted = bytesOf(content);
  const shown = () => [
    { what: `expected at ${name}`, content },
    { what: `received by ${name}`, content: peer.unread.slice() },
  ];
  const event = {
    what: `${name} to receive ${quoted(wanted)}`,
    missing: `${name} did not receive it`,
    shown,
  };
  const end = await situation.wait(event, () => {
    const at = indexOf(peer.unread, wanted);
    if (at >= 0) return at + wanted.length;
    if (peer.end) {
      throw new Failed(`the connection of ${name} was ${peer.end} before it came`, shown());
    }
  });
  peer.take(end);
}

/** The next that comes is JSON of this value. */
export async function receiveJson(
  situation: Situation,
  name: string,
  value: unknown,
): Promise<void> {
  const peer = situation.tcp(name);
  const expected = JSON.stringify(value);
  const shown = () => [
    { what: `expected at ${name}, as JSON`, content: expected },
    { what: `received by ${name}`, content: peer.unread.slice() },
  ];
  const event = {
    what: `${name} to receive ${quoted(bytesOf(expected))}`,
    missing: `${name} did not receive it`,
    shown,
  };
  const end = await situation.wait(event, () => {
    const end = jsonEnd(peer.unread);
    if (end === undefined && peer.end) {
      throw new Failed(`the connection of ${name} was ${peer.end} before it came`, shown());
    }
    if (end !== undefined && !equal(parseJson(peer.unread.subarray(0, end)), value)) {
      throw new Failed(`${name} received something else than expected`, shown());
    }
    return end;
  });
  peer.take(end);
}

/** Something comes, whatever it is. */
export async function answered(situation: Situation, name: string): Promise<void> {
  const peer = situation.tcp(name);
  const event = { what: `an answer to ${name}`, missing: `${name} received nothing` };
  const count = await situation.wait(event, () => {
    if (peer.unread.length > 0) return peer.unread.length;
    if (peer.end) throw new Failed(`the connection of ${name} was ${peer.end} without an answer`);
  });
  peer.take(count);
}
