// Finds what is tied (ties.ts) in an original and its script, and which place is the partner of which.
// Runs in the browser too.

import type { Row, Side } from "./align.ts";
import type { Code, Part } from "./code.ts";
import type { Mention } from "./docs.ts";
import { type Tie, TIES } from "./ties.ts";

/** A place in the code that has a partner on the other side, or a doc comment, or both. */
export interface Place extends Part {
  side: Side;
  /** The number of its row. */
  row: number;
  /** The ties that it is in, each with the places on the other side, if there are some. */
  ties: { tie: Tie; partners: Place[] }[];
  /** The name under which lib documents it. */
  doc: string | undefined;
}

/** Further apart than this many rows, two places have nothing to do with each other. */
const FAR = 10;

/** All places of both programs, in order; `python` is undefined where there is no original. */
export function findPlaces(
  rows: readonly Row[],
  script: Code,
  mentions: readonly Mention[],
  python?: Code,
): Place[] {
  const found = new Map<string, Place>();
  const place = (side: Side, { start, end }: Part): Place => {
    const key = `${side} ${start}`;
    const row = rows.findIndex((row) =>
      row[side].some((piece) => piece.start <= start && start < piece.end)
    );
    if (!found.has(key)) found.set(key, { side, start, end, row, ties: [], doc: undefined });
    return found.get(key)!;
  };
  for (const tie of TIES) {
    const left = python && tie.python ? tied(python, tie.python) : [];
    const right = tie.script ? tied(script, tie.script) : [];
    const places = {
      python: left.map((part) => place("python", part)),
      script: right.map((part) => place("script", part)),
    };
    const partners = couple(places.python, places.script);
    for (const each of [...places.python, ...places.script]) {
      const others = partners.get(each) ?? [];
      const isTied = others.length > 0 || tie.alone !== undefined ||
        python === undefined && tie.python !== undefined;
      if (isTied) each.ties.push({ tie, partners: others });
    }
  }
  for (const mention of mentions) {
    const inside = found.values().some((each) =>
      each.side === "script" && each.start < mention.start && mention.start < each.end
    );
    if (!inside) place("script", mention).doc = mention.doc;
  }
  return found.values().filter(({ ties, doc }) => ties.length > 0 || doc !== undefined)
    .toArray().sort((a, b) => a.row - b.row || a.start - b.start);
}

/** What a pattern's group matches in the code. */
function tied({ bare }: Code, pattern: RegExp): Part[] {
  return Array.from(bare.matchAll(pattern), ({ indices }) => {
    const [start, end] = indices!.slice(1).find((group) => group !== undefined)!;
    return { start, end };
  });
}

/** Each place with the nearest on the other side, or with those whose nearest it is. */
function couple(left: readonly Place[], right: readonly Place[]): Map<Place, Place[]> {
  const partners = new Map<Place, Set<Place>>();
  const join = (a: Place, b: Place) => {
    for (const [one, other] of [[a, b], [b, a]] as const) {
      partners.set(one, (partners.get(one) ?? new Set()).add(other));
    }
  };
  for (const each of left) {
    const partner = nearest(each, left, right);
    if (partner) join(each, partner);
  }
  for (const each of right) {
    const partner = nearest(each, right, left);
    if (partner && !partners.has(each)) join(each, partner);
  }
  return new Map(partners.entries().map(([each, others]) => [each, [...others]]));
}

/** The nearest one on the other side; in a row with several, the first goes with the first. */
function nearest(place: Place, own: readonly Place[], others: readonly Place[]) {
  const rank = (each: Place, all: readonly Place[]) =>
    all.filter(({ row, start }) => row === each.row && start < each.start).length;
  const distance = (other: Place) =>
    Math.abs(other.row - place.row) +
    Math.abs(rank(other, others) - rank(place, own)) / 100; // never as much as a row
  const near = others.filter(({ row }) => Math.abs(row - place.row) <= FAR);
  return near.toSorted((a, b) => distance(a) - distance(b))[0];
}
