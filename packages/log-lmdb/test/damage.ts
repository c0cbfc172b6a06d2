import { Buffer } from "node:buffer";
import { readMetas } from "../src/check/meta-page.ts";
import { PageFile } from "../src/check/page-file.ts";
import { messageKeyOf } from "../src/check/raw-record.ts";
import { BIG, parseBigValue } from "../src/check/tree-page.ts";
import { TreeWalk } from "../src/check/tree-walk.ts";

/** A range of bytes in a file; `to` is exclusive. */
export type Range = readonly [from: number, to: number];

/** A seeded generator of numbers from 0 to below 1. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A damaged file, and the ranges that differ from the original. */
export interface Damaged {
  readonly what: string;
  readonly bytes: Buffer;
  readonly ranges: readonly Range[];
}

const PAGE = 4_096;

/** Damage a copy of a file at random, in one of the ways in which disks and people damage files. */
export function damage(whole: Buffer, random: () => number): Damaged {
  const bytes = Buffer.from(whole);
  const below = (count: number): number => Math.floor(random() * count);
  const kind = ["flip", "flip", "truncate", "zero page", "garbage page", "zero run", "first pages", "swap"][
    below(8)
  ];
  if (kind === "truncate") {
    const length = below(bytes.length);
    return { what: `cut to ${length}`, bytes: bytes.subarray(0, length), ranges: [[length, bytes.length]] };
  }
  if (kind === "flip" || kind === "first pages") {
    const places = Array.from({ length: 1 + below(30) }, () =>
      below(kind === "flip" ? bytes.length : 2 * PAGE),
    );
    for (const at of places) bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
    return { what: `${kind} ${places}`, bytes, ranges: places.map((at): Range => [at, at + 1]) };
  }
  if (kind === "swap") {
    const [a, b] = [below(bytes.length / PAGE) * PAGE, below(bytes.length / PAGE) * PAGE];
    whole.copy(bytes, a, b, b + PAGE);
    whole.copy(bytes, b, a, a + PAGE);
    return {
      what: `swap ${a} ${b}`,
      bytes,
      ranges:
        a === b
          ? []
          : [
              [a, a + PAGE],
              [b, b + PAGE],
            ],
    };
  }
  const isRun = kind === "zero run";
  const from = isRun ? below(bytes.length) : below(bytes.length / PAGE) * PAGE;
  const to = Math.min(bytes.length, from + (isRun ? below(5 * PAGE) : PAGE));
  for (let at = from; at < to; at++) bytes[at] = kind === "garbage page" ? below(256) : 0;
  return { what: `${kind} ${from} to ${to}`, bytes, ranges: [[from, to]] };
}

/**
 * The location of each message in an intact file, by `incarnation.seq`: its node, and the pages of a long
 * value.
 */
export function placesOf(path: string): Map<string, Range[]> {
  const file = new PageFile(path);
  const [meta] = readMetas(file);
  const places = new Map<string, Range[]>();
  const walk = new TreeWalk(file, meta, {
    damaged: (page, table, fault) => {
      throw new Error(`${page} ${table} ${fault}`);
    },
    record: (table, node, page) => {
      if (table !== "messages" || messageKeyOf(node.key)[1] === 0) return;
      const at = page * PAGE + node.key.byteOffset - file.page(page).byteOffset - 8;
      const ranges: Range[] = [[at, at + 8 + node.key.length + node.data.length]];
      const big = node.flags === BIG ? parseBigValue(node, meta) : undefined;
      if (typeof big === "object") ranges.push([big.page * PAGE, big.page * PAGE + 24 + node.size]);
      places.set(messageKeyOf(node.key).join("."), ranges);
    },
  });
  for (const _ of walk.walk());
  file.close();
  return places;
}

/** Whether no range of one list overlaps a range of the other. */
export function areApart(some: readonly Range[], others: readonly Range[]): boolean {
  return some.every(([from, to]) => others.every(([start, end]) => end <= from || start >= to));
}
