import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Exchange } from "../../../engine/wire/exchange.ts";
import type { Mechanism } from "../dialect/dialect.ts";
import { Feed, type Sent } from "../feed.ts";
import type { Reader, Sender } from "../read/reader.ts";
import type { Target } from "../target.ts";

/** How readers that were there got what was published. */
export interface Steady {
  readonly readers: readonly Reader[];
  /** What was published, in order. The first message came to an empty feed. */
  readonly sent: readonly Sent[];
  /** How many of them the slowest reader had time for before it got anything. */
  readonly refusedBy: Exchange | undefined;
  /** Whether any of its readers got anything. */
  readonly delivers: boolean;
}

/** What was seen, or why nothing could be published. */
export interface Looked {
  readonly steady: ReadonlyMap<Mechanism, Steady>;
  readonly refused: string | undefined;
  /** Statuses by which the server shows that it does not offer a mechanism. */
  readonly missing: ReadonlyMap<Mechanism, number>;
}

/** Statuses of a server that does not offer a mechanism. */
const NOT_OFFERED: readonly number[] = [404, 405, 406, 415, 426, 501];

/** How long readers may take to begin, and messages to arrive. */
const BEGIN_MS = 2_500;
const ARRIVE_MS = 4_000;

/** How long to look for messages that come twice. */
const SETTLE_MS = 250;

/** Messages one after another. */
const MESSAGES = 10;

/** How often more is published for readers that got nothing yet. */
const PRIMERS = 5;
const PRIME_MS = 400;

/** Two readers of each mechanism follow an empty feed while messages are published, one after another. */
export async function lookAtSteady(
  target: Target,
  sender: Sender,
  mechanisms: readonly Mechanism[],
): Promise<Looked> {
  const feed = await Feed.open(target, sender, randomBytes(3).toString("hex"));
  const readers = new Map(mechanisms.map((mechanism) => [mechanism, readersOf(feed, target, mechanism)]));
  const all = [...readers.values()].flat();
  await feed.wait(() => all.every((reader) => reader.isReading || reader.refusal), BEGIN_MS);
  const first = await feed.send();
  if (first.refused === undefined) await prime(feed, all);
  if (first.refused === undefined) await feed.publish(MESSAGES);
  const hasAll = ({ got }: Reader): boolean => got.length >= feed.sent.length;
  await feed.wait(() => all.every((reader) => hasAll(reader) || reader.refusal), ARRIVE_MS);
  await delay(SETTLE_MS);
  await feed.leave();
  const missing = new Map<Mechanism, number>();
  const steady = new Map<Mechanism, Steady>();
  for (const [mechanism, some] of readers) {
    const refusedBy = some.find(({ refusal }) => refusal)?.refusal;
    const delivers = some.some(({ got }) => got.length > 0);
    const status = refusedBy?.status ?? 0;
    if (!delivers && NOT_OFFERED.includes(status)) missing.set(mechanism, status);
    else steady.set(mechanism, { readers: some, sent: feed.sent, refusedBy, delivers });
  }
  return { steady, missing, refused: first.refused };
}

function readersOf(feed: Feed, target: Target, mechanism: Mechanism): readonly Reader[] {
  const most = mechanism === "sse" ? (target.dialect.sse?.readers ?? 2) : 2;
  return Array.from({ length: Math.min(2, most) }, () => feed.reader(mechanism));
}

/** Publish now and then until every reader has something, or for long enough. */
async function prime(feed: Feed, readers: readonly Reader[]): Promise<void> {
  const isServed = (): boolean => readers.every(({ got, refusal }) => got.length > 0 || refusal);
  for (let n = 0; n < PRIMERS && !(await feed.wait(isServed, PRIME_MS)); n += 1) await feed.send();
}
