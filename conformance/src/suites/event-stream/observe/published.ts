import type { Exchange } from "../../../engine/wire/exchange.ts";
import { isExact } from "./judge-resume.ts";
import type { Observation } from "./observation.ts";
import { isEmptyPayload, payloadsFor } from "./payloads.ts";
import { type OnTheWay, Publisher, type Sent } from "./publisher.ts";
import { type Resume, resumeAfter } from "./resumes.ts";
import type { Stream } from "./stream.ts";

/** What was published, and what came of it. */
export interface Published {
  /** What came of an empty payload; undefined if it cannot be published, or not be told from other events. */
  readonly empty: { readonly events: number; readonly exchange: Exchange | undefined } | undefined;
  readonly sent: readonly Sent[];
  /** Publishes that followed each other: each was answered before the next. */
  readonly inOrder: readonly Sent[];
  /** Publishes at the same time, in no order. */
  readonly together: readonly Sent[];
  /** A second reader that was open meanwhile; undefined if the stream has only one. */
  readonly beside: Stream | undefined;
  readonly resumes: readonly Resume[];
}

/** How long the second reader's head may take, and how much later than the witness it may get an event. */
const BESIDE_MS = 1_500;

/** How often more is published while readers resume: some of it comes just as a history ends. */
const TICK_MS = 40;

/** Messages one after another, and messages at once. */
const IN_ORDER = 12;
const BURST = 20;

/** After so many resumes that are not exact, more of them show nothing new. */
const ENOUGH_FAULTS = 3;

/** How many ids are resumed from; all of them with `--thorough`. */
const RESUMES = 8;

/** Publish everything that tests need, once. */
export function publishedIn(seen: Observation): Promise<Published> {
  return seen.inTurn("published", () => publishAll(seen));
}

/** Publish every payload, then a burst beside a second reader; then resume while more is published. */
async function publishAll(seen: Observation): Promise<Published> {
  const publisher = new Publisher(seen);
  const sent: OnTheWay[] = [];
  for (const payload of payloadsFor(publisher.run)) sent.push(await publisher.send(payload));
  const empty = await sendEmpty(seen, publisher);
  await publisher.arrivalOf(marksOf(sent), seen.witness);
  const beside = await openBeside(seen); // not before: readers could take each other's events
  const inOrder: OnTheWay[] = [];
  for (let n = 0; n < IN_ORDER; n += 1) inOrder.push(await publisher.send(publisher.message()));
  const together = await Promise.all(
    Array.from({ length: BURST }, () => publisher.send(publisher.message())),
  );
  const burst = marksOf([...inOrder, ...together]);
  await publisher.arrivalOf(burst, seen.witness);
  if (beside) await publisher.arrivalOf(burst, beside, BESIDE_MS);
  beside?.exchange.abort();
  const resumes = await resumeWhilePublishing(seen, publisher, [...inOrder, ...together]);
  const withEvents = (one: OnTheWay): Sent => ({ ...one, events: publisher.eventsOf(one.mark) });
  return {
    empty: empty(),
    sent: sent.map(withEvents),
    inOrder: inOrder.map(withEvents),
    together: together.map(withEvents),
    beside,
    resumes,
  };
}

function marksOf(sent: readonly OnTheWay[]): string[] {
  return sent.filter(({ refused }) => refused === undefined).map(({ mark }) => mark);
}

/** Open a second reader, and wait for its head. */
async function openBeside(seen: Observation): Promise<Stream | undefined> {
  if (seen.target.settings.method !== "GET") return undefined;
  const stream = seen.open();
  await stream?.until(() => stream.exchange.status !== undefined, BESIDE_MS);
  return stream;
}

/** Publish an empty payload. Resolves to a function that counts its events. */
async function sendEmpty(seen: Observation, publisher: Publisher): Promise<() => Published["empty"]> {
  if (seen.target.settings.payload !== "text") return () => undefined;
  const { events } = seen.witness;
  const from = events.length;
  const { refused, exchange } = await publisher.send({ what: "nothing", mark: "", text: "" });
  if (refused !== undefined) return () => undefined;
  return () => {
    if (events.slice(0, from).some(isEmptyPayload)) return undefined; // the feed has such events anyway
    const count = events.slice(from).filter(isEmptyPayload).length;
    const isWrapped = !events.some(({ data }) => data.startsWith(`tm${publisher.run}`));
    return isWrapped && count !== 1 ? undefined : { events: count, exchange };
  };
}

/** Resume from ids of the burst, each while more messages are published. */
async function resumeWhilePublishing(
  seen: Observation,
  publisher: Publisher,
  burst: readonly OnTheWay[],
): Promise<Resume[]> {
  if (seen.witness.withIds.length === 0) return [];
  const most = seen.target.settings.thorough ? burst.length : RESUMES;
  const step = Math.max(1, Math.floor(burst.length / most));
  const stop = publisher.tick(TICK_MS);
  const resumes: Resume[] = [];
  for (const { mark } of burst.filter((_, index) => index % step === 0)) {
    const id = publisher.eventsOf(mark)[0]?.id;
    if (id === undefined || id === "") continue;
    resumes.push(await resumeAfter(seen, id));
    if (resumes.filter((one) => !isExact(seen, one).ok).length >= ENOUGH_FAULTS) break;
  }
  await stop();
  return resumes;
}
