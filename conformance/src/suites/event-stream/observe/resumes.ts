import type { Observation } from "./observation.ts";
import type { Stream, StreamEvent } from "./stream.ts";

/** One resume: after which id, what the witness saw behind it, and what came. */
export interface Resume {
  readonly id: string;
  readonly stream: Stream;
  /** The witness's events behind the id, when the reader was done. */
  readonly expected: readonly StreamEvent[];
  readonly actual: readonly StreamEvent[];
  /** How many of `expected` the witness had when the request was sent: a server that keeps nothing misses them. */
  readonly missed: number;
  /** How many of `expected` the witness had some time before the reader was done: those cannot be on their way. */
  readonly due: number;
}

/** The second reader: what it read before it was cut, and each resume. */
export interface Cuts {
  readonly first: Stream;
  readonly resumes: readonly Resume[];
  /** The number of the witness's events before the reader was opened, and when it was cut. */
  readonly from: number;
  readonly to: number;
}

/** How many ids are resumed from by default. */
const RESUMES = 4;

/** How many events the second reader reads, and how long it may wait for them and for what it missed. */
const FIRST_EVENTS = 8;
const FIRST_MS = 5_500;
const CATCH_UP_MS = 3_000;

/** How much later than the witness another reader may get an event. */
const ON_THE_WAY_MS = 1_500;

/** How long to wait until the witness has seen an event that a cut reader misses. */
const MISS_MS = 4_000;

/** Read, be cut, and resume, while the witness goes on. */
export async function readWithCuts(seen: Observation): Promise<Cuts | undefined> {
  const from = seen.feedOf(seen.witness).length;
  const first = seen.open();
  if (!first) return undefined;
  const atLeast = FIRST_EVENTS + Math.floor(seen.random() * 3);
  await seen.wait(
    () => first.exchange.ending !== undefined || seen.feedOf(first).length >= atLeast,
    FIRST_MS,
  );
  const to = seen.feedOf(seen.witness).length;
  first.exchange.abort();
  const resumes: Resume[] = [];
  const hasIds = first.withIds.length > 0 || seen.witness.withIds.length > 0;
  if (first.lastId !== "" && hasIds) resumes.push(await resumeAfter(seen, first.lastId));
  for (let n = 1; n < RESUMES && hasIds && !seen.witness.hasEnded; n += 1) {
    const feed = seen.feedOf(seen.witness);
    const id = feed[Math.floor(seen.random() * feed.length)]?.id;
    if (id !== undefined) resumes.push(await resumeAfter(seen, id));
  }
  const newest = seen.feedOf(seen.witness).at(-1)?.id;
  if (newest !== undefined && hasIds && !seen.witness.hasEnded)
    resumes.push(await resumeAfter(seen, newest, 0));
  return { first, resumes, from, to };
}

/** Resume after an id, once the witness has seen an event behind it, or after so many milliseconds. */
export async function resumeAfter(seen: Observation, id: string, missMs: number = MISS_MS): Promise<Resume> {
  const behind = (): readonly StreamEvent[] => eventsBehind(seen.feedOf(seen.witness), id) ?? [];
  await seen.wait(() => behind().length > 0 || seen.witness.exchange.ending !== undefined, missMs);
  const missed = behind().length;
  const stream = seen.open(id);
  if (!stream) throw new RangeError("a stream that was opened cannot be resumed");
  const caughtUp = (): boolean => behind().length > missed && seen.feedOf(stream).length >= behind().length;
  await seen.wait(() => stream.exchange.ending !== undefined || caughtUp(), CATCH_UP_MS);
  const expected = behind();
  const late = seen.witness.exchange.elapsedMs - ON_THE_WAY_MS;
  const due = expected.filter(({ atMs }) => atMs < late).length;
  const actual = [...seen.feedOf(stream)];
  stream.exchange.abort();
  return { id, stream, expected, actual, missed, due };
}

/** The events behind the last one with this id; undefined if none has it. */
export function eventsBehind(feed: readonly StreamEvent[], id: string): readonly StreamEvent[] | undefined {
  const at = feed.findLastIndex((event) => event.id === id);
  return at === -1 ? undefined : feed.slice(at + 1);
}
