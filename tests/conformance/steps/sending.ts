// Steps in which a peer sends.

import { bytesUnderway } from "../../support/linux_proc.ts";
import { Peer } from "../../support/peer.ts";
import { UdpPeer } from "../../support/udp_peer.ts";
import { sleep } from "../../support/waiting.ts";
import { bytesOf, quoted } from "../bytes.ts";
import type { Situation } from "../situation.ts";
import type { Content } from "../spec.ts";

/** Between two looks at what the program has read, in milliseconds. */
const LOOK_GAP = 20;
/** Between two pieces where it can't be seen that the first was read, in milliseconds. */
const PIECE_GAP = 100;

/** Sends each piece when the one before was read; over UDP each is a datagram. */
export async function send(
  situation: Situation,
  name: string,
  pieces: readonly Content[],
): Promise<void> {
  const peer = situation.peer(name);
  for (const [i, piece] of pieces.entries()) {
    if (i > 0 && peer instanceof Peer) await taken(situation, name);
    const content = situation.fillContent(piece);
    situation.note(`${name} sent`, content);
    const bytes = bytesOf(content);
    situation.program?.allow(bytes.length);
    let sent = false;
    const sending = peer instanceof Peer
      // That it fails shows as the end of the connection.
      ? peer.send(bytes).catch(() => {})
      : peer.send(bytes, ...programAddress(situation));
    sending.then(() => {
      sent = true;
      situation.watch.notify();
    });
    await situation.wait({
      what: `what ${name} sends to be taken: ${quoted(bytes)}`,
      missing: `it does not read what ${name} sends`,
    }, () => sent || undefined);
  }
}

/** Over UDP: where the program is. A client's address is known when it has sent something. */
function programAddress({ exercise, address, peers }: Situation): [port: number, host: string] {
  if (exercise.role === "server") return [address.port, address.host];
  for (const peer of peers.values()) {
    if (peer instanceof UdpPeer && peer.sender) return [peer.sender.port, peer.sender.hostname];
  }
  throw new Error("a spec sends to a UDP client before it received something from it");
}

/** The program has read all that the peer sent. */
export async function taken(situation: Situation, name: string): Promise<void> {
  const { localPort, remotePort } = situation.tcp(name);
  if (situation.program === undefined || Deno.build.os !== "linux") return await sleep(PIECE_GAP);
  await situation.waitLooking(
    {
      what: `the program to read what ${name} sent`,
      missing: `it does not read what ${name} sent`,
    },
    LOOK_GAP,
    () => !bytesUnderway(localPort, remotePort) || undefined,
  );
}
