import { describe, readPage } from "../read/page.ts";
import { EventStream } from "../read/stream.ts";
import { type Channel, withQuery } from "../run/target.ts";
import type { Exchange } from "../wire/exchange.ts";
import { type Finding, ok, trouble } from "./finding.ts";
import type { Publisher } from "./publish.ts";
import { proxyName } from "./reach.ts";
import type { Visit } from "./visit.ts";

/** How long the first block of a stream, or a message on it, may take. */
const BLOCK_MS = 4_000;

/** Seconds that a held request is asked for, and what it may take beyond. */
const WAIT_S = 2;
const WAIT_GRACE_MS = 4_000;

/** Open a stream, and see whether its blocks come as they are sent. */
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
        `a stream is answered ${visit.redact(describe(exchange))}`,
        "the server, or something in between, answers otherwise than it claims",
        "run --run 'server/sse/*' to see more",
      );
    const began = stream.blocks.length > 0;
    const hears = publisher === undefined ? undefined : await carries(stream, channel, publisher);
    if (!began && hears)
      return trouble(
        `the first block of a stream did not come within ${BLOCK_MS / 1000} s, but a message that was published then did`,
        "nothing buffers: the server sends nothing, or does not flush it, before there is a message",
        "begin each stream at once with $open (spec/sse.md#sse-stream-2, #sse-open-1)",
      );
    if (!began) return heldBack(visit, exchange, "the first block of a stream did not come");
    if (hears === false) return heldBack(visit, exchange, "a message did not come on an open stream");
    return ok("a stream's blocks come as they are sent");
  } finally {
    exchange.abort();
  }
}

/** Whether a message that is published now comes on the stream. */
async function carries(stream: EventStream, channel: Channel, publisher: Publisher): Promise<boolean> {
  const before = stream.messages.length;
  await publisher.publish(channel, "doctor stream");
  return stream.exchange.until(() => stream.messages.length > before, BLOCK_MS);
}

/** Something holds a stream back. A stream that ends is delivered at last, which tells a buffer from a server that says nothing. */
function heldBack(visit: Visit, exchange: Exchange, what: string): Finding {
  const coding = exchange.header("content-encoding");
  const told = `${what} within ${BLOCK_MS / 1000} s`;
  if (coding !== undefined)
    return trouble(
      told,
      `the stream is compressed (${coding}), and the compressor waits for more`,
      "do not compress text/event-stream",
    );
  const name = proxyName(exchange);
  if (/nginx/i.test(name) || exchange.status === undefined)
    return trouble(
      told,
      `something in between buffers answers until they are whole${name === "" ? "" : visit.redact(name)}: most likely a proxy`,
      "turn buffering off for channels; in nginx: proxy_buffering off; and let X-Accel-Buffering through",
    );
  return trouble(
    told,
    `either the server does not flush, or a proxy buffers${visit.redact(name)}`,
    "flush after the head and after each block; ask the server itself, without the proxy, to tell which",
  );
}

/** Hold a request, and see whether it is held as long as it should and answered when it should. */
export async function tryHeld(
  visit: Visit,
  channel: Channel,
  publisher: Publisher | undefined,
): Promise<Finding> {
  const page = readPage(await visit.get(channel.url, { after: "end" }));
  if (typeof page === "string")
    return trouble(
      `the end of the channel is answered ${page}`,
      "the server does not poll as it claims",
      "run --run 'server/polling/*' to see more",
    );
  const held = visit.send({ url: withQuery(channel.url, { after: page.cursor, wait: WAIT_S }) });
  if (publisher) {
    await visit.get(channel.url, { after: "end" }); // once this is answered, what was sent before it has arrived
    await publisher.publish(channel, "doctor wait");
  }
  const begun = held.elapsedMs;
  await held.done(WAIT_S * 1000 + WAIT_GRACE_MS);
  const took = `${((held.endedAtMs ?? 0) / 1000).toFixed(1)} s`;
  if (held.status === undefined)
    return trouble(
      `a request that waits ${WAIT_S} s was not answered in ${took}`,
      "something in between cuts or holds it back",
      "let idle requests live longer than the longest wait",
    );
  const answer = readPage(held);
  if (typeof answer === "string")
    return trouble(
      `a request that waits is answered ${visit.redact(answer)}`,
      "something in between gives up on it",
      "let idle requests live longer than the longest wait",
    );
  if (publisher && answer.messages.length === 0)
    return trouble(
      `a message did not wake a held request (${took})`,
      "the server does not look, or another node does not hear of it",
      "see server/long-polling/*",
    );
  const early = !publisher && (held.endedAtMs ?? begun) < WAIT_S * 900;
  if (early)
    return trouble(
      `a request that waits ${WAIT_S} s was answered empty after ${took}`,
      "the server does not hold it",
      "see LP-WAIT-3",
    );
  return ok(
    publisher
      ? `a held request is answered with the message (${took})`
      : `a request is held as long as it asks (${took})`,
  );
}
