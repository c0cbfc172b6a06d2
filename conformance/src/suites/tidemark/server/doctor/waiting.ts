import { type Finding, ok, trouble } from "../../../../engine/run/finding.ts";
import { type Channel, withQuery } from "../../../../engine/wire/channel.ts";
import type { Exchange } from "../../../../engine/wire/exchange.ts";
import { describe, readPage } from "../../read/page.ts";
import { EventStream } from "../../read/stream.ts";
import type { Publisher } from "./publish.ts";
import { proxyName } from "./reach.ts";
import type { Visit } from "./visit.ts";

/** How long the first block of a stream, or a message on it, may take. */
const BLOCK_MS = 4_000;

/** The `wait` of the long poll in seconds, and how much longer its answer may take. */
const WAIT_S = 2;
const WAIT_GRACE_MS = 4_000;

/** Open a stream, and check whether its blocks arrive as they are sent. */
export async function tryStream(
  visit: Visit,
  channel: Channel,
  publisher: Publisher | undefined,
): Promise<Finding> {
  const exchange = visit.send({ url: withQuery(channel.url, { after: "end", stream: 1 }) });
  const stream = new EventStream(exchange);
  await exchange.until(() => stream.blocks.length > 0, BLOCK_MS);
  try {
    if (exchange.status !== undefined && !stream.isStream)
      return trouble(
        `the server answers a stream with ${visit.redact(describe(exchange))}`,
        "the server does not offer the SSE that it claims, or something in between answers",
        "for details, run the suite with --run 'server/sse/*'",
      );
    const began = stream.blocks.length > 0;
    const hears = publisher === undefined ? undefined : await carries(stream, channel, publisher);
    if (!began && hears)
      return trouble(
        `the first block of a stream did not arrive within ${BLOCK_MS / 1000} s, but a message that was published then did`,
        "no proxy buffers: the server sends or flushes nothing before the first message",
        "start each stream immediately with $open (spec/sse.md#sse-stream-2, #sse-open-1)",
      );
    if (!began) return heldBack(visit, exchange, "the first block of a stream did not arrive");
    if (hears === false) return heldBack(visit, exchange, "a message did not arrive on an open stream");
    return ok("a stream's blocks arrive as they are sent");
  } finally {
    exchange.abort();
  }
}

/** Whether a message that is published now arrives on the stream. */
async function carries(stream: EventStream, channel: Channel, publisher: Publisher): Promise<boolean> {
  const before = stream.messages.length;
  await publisher.publish(channel, "doctor stream");
  return stream.exchange.until(() => stream.messages.length > before, BLOCK_MS);
}

/** Why blocks of a stream do not arrive. */
function heldBack(visit: Visit, exchange: Exchange, what: string): Finding {
  const coding = exchange.header("content-encoding");
  const told = `${what} within ${BLOCK_MS / 1000} s`;
  if (coding !== undefined)
    return trouble(
      told,
      `the stream is compressed (${coding}), and the compressor waits for more data`,
      "do not compress text/event-stream",
    );
  const name = proxyName(exchange);
  if (/nginx/i.test(name) || exchange.status === undefined)
    return trouble(
      told,
      `something in between buffers answers until they are complete${name === "" ? "" : visit.redact(name)}: most likely a proxy`,
      "turn off buffering for channels (in nginx: proxy_buffering off), and let X-Accel-Buffering through",
    );
  return trouble(
    told,
    `either the server does not flush, or a proxy buffers${visit.redact(name)}`,
    "flush after the head and after each block; to find out which it is, test the server without the proxy",
  );
}

/** Make a long poll, and check that it is held long enough and answered in time. */
export async function tryHeld(
  visit: Visit,
  channel: Channel,
  publisher: Publisher | undefined,
): Promise<Finding> {
  const page = readPage(await visit.get(channel.url, { after: "end" }));
  if (typeof page === "string")
    return trouble(
      `the server answers a poll for the end of the channel with ${page}`,
      "the server does not offer the polling that it claims",
      "for details, run the suite with --run 'server/polling/*'",
    );
  const held = visit.send({ url: withQuery(channel.url, { after: page.cursor, wait: WAIT_S }) });
  if (publisher) {
    await visit.get(channel.url, { after: "end" }); // its answer means that the long poll has arrived too
    await publisher.publish(channel, "doctor wait");
  }
  const begun = held.elapsedMs;
  await held.done(WAIT_S * 1000 + WAIT_GRACE_MS);
  const took = `${((held.endedAtMs ?? 0) / 1000).toFixed(1)} s`;
  if (held.status === undefined)
    return trouble(
      `a long poll with wait=${WAIT_S} was not answered in ${took}`,
      "something in between cuts the connection or holds back the answer",
      "in proxies, set the idle timeout above the longest wait",
    );
  const answer = readPage(held);
  if (typeof answer === "string")
    return trouble(
      `a long poll is answered with ${visit.redact(answer)}`,
      "something in between gives up on the request",
      "in proxies, set the idle timeout above the longest wait",
    );
  if (publisher && answer.messages.length === 0)
    return trouble(
      `a published message did not end a long poll (${took})`,
      "the server does not notice new messages while it holds a request, or only on another node",
      "for details, run the suite with --run 'server/long-polling/*'",
    );
  const early = !publisher && (held.endedAtMs ?? begun) < WAIT_S * 900;
  if (early)
    return trouble(
      `a long poll with wait=${WAIT_S} was answered without messages after ${took}`,
      "the server does not hold the request",
      "see LP-WAIT-3",
    );
  return ok(
    publisher
      ? `a long poll is answered with the published message (${took})`
      : `a long poll is held for its wait (${took})`,
  );
}
