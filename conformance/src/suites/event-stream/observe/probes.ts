import type { Exchange } from "../../../engine/wire/exchange.ts";
import { header } from "../../../engine/wire/headers.ts";
import type { Observation } from "./observation.ts";
import type { Stream } from "./stream.ts";

/** An origin that no server can know; `.example` is reserved. */
export const ORIGIN = "https://conformance.example";

/** How long `HEAD` and `OPTIONS` may take. */
const ANSWER_MS = 5_000;

/** How long the reader that accepts content codings reads. */
const CODED_MS = 4_000;
const CODED_EVENTS = 4;

/** The most bytes of a coded response: it is decoded from its beginning each time. */
const CODED_BYTES = 4 * 1_048_576;

/** `HEAD` on the stream's URL. */
export function askHead(seen: Observation): Promise<Exchange> {
  return seen.once("head", () =>
    seen
      .send({ method: "HEAD", url: seen.target.url, headers: [["Accept", "text/event-stream"]] })
      .done(ANSWER_MS),
  );
}

/** What a reader from another origin, which accepts content codings, gets. */
export interface CodedRead {
  readonly stream: Stream;
  /** How many events the witness saw while the reader was open, and until a moment before its end. */
  readonly witnessed: number;
}

/** Read as a browser on another origin does. */
export function readCoded(seen: Observation): Promise<CodedRead | undefined> {
  return seen.inTurn("coded", async () => {
    let witnessed = 0;
    const stream = seen.open(undefined, [
      ["Accept-Encoding", "gzip, deflate, br"],
      ["Origin", ORIGIN],
    ]);
    if (!stream) return undefined;
    const isOver = (): boolean => stream.exchange.ending !== undefined;
    await seen.wait(() => isOver() || stream.exchange.status !== undefined, ANSWER_MS);
    const coded = stream.exchange.header("content-encoding") !== undefined;
    if (coded) {
      const before = seen.feedOf(seen.witness).length;
      const enough = (): boolean =>
        stream.exchange.receivedBytes > CODED_BYTES ||
        seen.feedOf(seen.witness).length - before >= CODED_EVENTS;
      await seen.wait(() => isOver() || enough(), CODED_MS);
      witnessed = seen.feedOf(seen.witness).length - before;
      await seen.wait(() => isOver() || seen.feedOf(stream).length >= witnessed, GRACE_MS);
    }
    stream.exchange.abort();
    return { stream, witnessed };
  });
}

/** The preflight that a `fetch` client of another origin sends to resume; undefined if no other origin is allowed. */
export async function askPreflight(seen: Observation): Promise<Exchange | undefined> {
  const read = await readCoded(seen);
  if (!read || header(read.stream.exchange.headers, "access-control-allow-origin") === undefined)
    return undefined;
  return seen.once("preflight", () =>
    seen
      .send(
        {
          method: "OPTIONS",
          url: seen.target.url,
          headers: [
            ["Origin", ORIGIN],
            ["Access-Control-Request-Method", seen.target.settings.method],
            ["Access-Control-Request-Headers", "last-event-id"],
          ],
        },
        { bare: true },
      )
      .done(ANSWER_MS),
  );
}

/** A reader with an id that the server never sent. */
export interface UnknownId {
  readonly id: string;
  readonly stream: Stream;
  /** The witness's events before the request, and how many came after it. */
  readonly before: number;
  readonly after: number;
}

/** How long a stream may stay without events while the witness gets some; and how many show that. */
const DEAF_MS = 7_000;
const DEAF_EVENTS = 2;

/** Ask to resume after an id that the server never sent. */
export function askUnknown(seen: Observation): Promise<UnknownId | undefined> {
  return seen.inTurn("unknown", async () => {
    const known = seen.witness.withIds.at(-1)?.id;
    if (known === undefined) return undefined;
    const id = unknownLike(known);
    const stream = seen.open(id);
    if (!stream) return undefined;
    await seen.wait(
      () => stream.exchange.status !== undefined || stream.exchange.ending !== undefined,
      DEAF_MS,
    );
    const before = seen.feedOf(seen.witness).length;
    const after = (): number => seen.feedOf(seen.witness).length - before;
    const isOver = (): boolean => stream.exchange.ending !== undefined || seen.witness.hasEnded;
    await seen.wait(() => isOver() || stream.events.length > 0 || after() >= DEAF_EVENTS, DEAF_MS);
    // What the witness got may still be on its way to this reader.
    await seen.wait(() => isOver() || stream.events.length > 0, GRACE_MS);
    stream.exchange.abort();
    return { id, stream, before, after: after() };
  });
}

/** An id that is not of the form of any feed's ids. */
export const FOREIGN_ID = "~not-an-id~";

/** What the server answers to an id of another form, if its own are numbers: code that parses those may throw. */
export function askForeign(seen: Observation): Promise<Exchange | undefined> {
  return seen.inTurn("foreign", async () => {
    const known = seen.witness.withIds.at(-1)?.id ?? "";
    const exchange = /^\d+$/.test(known) ? seen.open(FOREIGN_ID)?.exchange : undefined;
    if (!exchange) return undefined;
    await seen.wait(() => exchange.status !== undefined || exchange.ending !== undefined, ANSWER_MS);
    exchange.abort();
    return exchange;
  });
}

/** How much later than the witness a reader may get an event. */
const GRACE_MS = 1_500;

/** An id of the same kind that cannot have been sent. */
function unknownLike(id: string): string {
  if (/^\d+$/.test(id)) return "9".repeat(Math.min(15, Math.max(id.length + 2, 12)));
  return `${id.replace(/[A-Za-z0-9]/g, "0").slice(0, 100)}-never-sent`;
}

/** Ask again after the stream has ended, as an `EventSource` does by itself. */
export function askAgain(seen: Observation): Promise<Stream | undefined> {
  return seen.inTurn("again", async () => {
    const stream = seen.open(seen.witness.lastId);
    if (!stream) return undefined;
    await seen.wait(() => stream.exchange.ending !== undefined || stream.events.length > 2, CODED_MS);
    stream.exchange.abort();
    return stream;
  });
}
