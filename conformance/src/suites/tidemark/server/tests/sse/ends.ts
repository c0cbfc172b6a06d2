import { claim, different, same, sameList, within } from "../../../../../engine/model/claim.ts";
import type { Channel } from "../../../../../engine/wire/channel.ts";
import type { Block } from "../../../../../engine/wire/event-stream.ts";
import type { HeaderLines } from "../../../../../engine/wire/headers.ts";
import { jsonText, member, parseJson } from "../../../../../engine/wire/json.ts";
import { describe } from "../../../read/page.ts";
import { answered } from "../../../read/problem.ts";
import { carriedOut } from "../../../read/served.ts";
import { type EventStream, isMessage } from "../../../read/stream.ts";
import type { TestContext } from "../../context/context.ts";
import { fill } from "../../context/log.ts";
import { StreamReader } from "../../context/stream-reader.ts";
import type { TestDefinition } from "../../definition.ts";

/** How long the end of a stream may take to arrive after its cause. */
const END_MS = 8_000;

/** The stream delivered each of these messages before `$closed`. */
function checkDrained(
  t: TestContext,
  stream: EventStream,
  blocks: readonly Block[],
  data: readonly string[],
): void {
  const before = blocks.slice(
    0,
    blocks.findIndex(({ event }) => event === "$closed"),
  );
  const carried = before.filter(isMessage).map((block) => block.data ?? "");
  const missing = data.filter((text) => !carried.includes(text));
  t.check("SSE-STREAM-6", sameList("messages missing before $closed", missing, []), stream.exchange);
}

/** Check the block `$closed`, and that the stream then ends. */
async function checkClosed(t: TestContext, stream: EventStream, end: string): Promise<void> {
  await t.until(stream.exchange, () => false, END_MS);
  const closed = stream.find("$closed");
  t.check("SSE-CLOSED-1", same("last event of the stream", lastEvent(stream), "$closed"), stream.exchange);
  if (closed) {
    const data = parseJson(closed.data ?? "");
    t.check(
      "SSE-CLOSED-1",
      claim(data instanceof Map, "data of $closed", "a JSON object", closed.data),
      stream.exchange,
    );
    t.check("SSE-CLOSED-1", same("id of $closed", closed.id, end), stream.exchange);
  }
  t.check(
    "SSE-CLOSED-1",
    different("the stream after $closed", stream.exchange.ending ?? "open", "open"),
    stream.exchange,
  );
}

function lastEvent(stream: EventStream): string | undefined {
  return stream.blocks.findLast(({ event }) => event !== undefined)?.event;
}

/** Start a read by SSE with these headers, and wait for the head. */
async function resume(t: TestContext, channel: Channel, headers: HeaderLines): Promise<EventStream> {
  const stream = t.stream(channel, {}, headers);
  await t.until(stream.exchange, () => stream.exchange.status !== undefined);
  return stream;
}

/** A closed channel with one message, and the cursor of its end. */
async function closedChannel(t: TestContext): Promise<{ channel: Channel; end: string }> {
  const channel = t.channel();
  const [message] = await fill(t, channel, 1);
  await t.close(channel);
  return { channel, end: message?.cursor ?? "" };
}

/** How streams end. */
export const endTests: readonly TestDefinition[] = [
  {
    id: "server/sse/close-ends-an-open-stream",
    title:
      "When the channel closes, an open stream sends the last message, then $closed with the end as id, and ends",
    requirements: ["SSE-CLOSED-1", "SSE-STREAM-6"],
    needs: ["sse", "publishing", "channels"],
    quiet: true,
    async run(t) {
      const channel = t.channel();
      const reader = await StreamReader.open(t, channel, "end");
      const post = await t.post(channel, '{"messages":[{"data":"last"}],"close":true}');
      t.need(carriedOut("the POST that closes", post));
      await reader.until((blocks) => blocks.some(({ event }) => event === "$closed"), END_MS);
      checkDrained(t, reader.stream, reader.blocks, ['"last"']);
      await checkClosed(t, reader.stream, jsonText(member(parseJson(post.text), "cursor")).slice(1, -1));
    },
  },
  {
    id: "server/sse/closed-channel-is-drained",
    title:
      "A stream from a position in a closed channel sends the remaining messages, then $closed, and ends",
    requirements: ["SSE-CLOSED-1", "SSE-STREAM-6"],
    needs: ["sse", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const [first, , last] = await fill(t, channel, 3);
      await t.close(channel);
      const reader = await StreamReader.open(t, channel, first?.cursor ?? "");
      await reader.until((blocks) => blocks.some(({ event }) => event === "$closed"), END_MS);
      checkDrained(t, reader.stream, reader.blocks, ["2", "3"]);
      await checkClosed(t, reader.stream, last?.cursor ?? "");
    },
  },
  {
    id: "server/sse/after-the-end-of-a-closed-channel",
    title: "after at the end of a closed channel is answered with a stream of $open and $closed that ends",
    requirements: ["SSE-CLOSED-1", "SSE-CLOSED-3"],
    needs: ["sse", "publish", "channels"],
    async run(t) {
      const { channel, end } = await closedChannel(t);
      const stream = t.stream(channel, { after: end });
      await t.until(stream.exchange, () => false, END_MS);
      t.check(
        "SSE-CLOSED-3",
        different("the status with after at the closed end", stream.exchange.status, 204),
      );
      t.need(claim(stream.isStream, "the answer", "a stream", describe(stream.exchange)));
      await checkClosed(t, stream, end);
    },
  },
  {
    id: "server/sse/last-event-id-at-the-closed-end-is-answered-204",
    title:
      "Last-Event-ID at the end of a closed channel is answered 204, which stops an EventSource permanently",
    requirements: ["SSE-CLOSED-2"],
    needs: ["sse", "publish", "channels"],
    async run(t) {
      const { channel, end } = await closedChannel(t);
      const stream = await resume(t, channel, [["Last-Event-ID", end]]);
      t.need(different("the status at a cursor of the channel", stream.exchange.status, 410));
      t.check(
        "SSE-CLOSED-2",
        answered("the answer to Last-Event-ID at the closed end", stream.exchange, 204),
      );
    },
  },
  {
    id: "server/sse/204-is-for-the-closed-end-only",
    title:
      "No other GET is answered 204: not before the end of a closed channel, not at an open end, and not a poll",
    requirements: ["SSE-CLOSED-3"],
    needs: ["sse", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const [first, last] = await fill(t, channel, 2);
      const open = await resume(t, channel, [["Last-Event-ID", last?.cursor ?? ""]]);
      t.check(
        "SSE-CLOSED-3",
        different("the status at the end of an open channel", open.exchange.status, 204),
      );
      await t.close(channel);
      const before = await resume(t, channel, [["Last-Event-ID", first?.cursor ?? ""]]);
      t.check("SSE-CLOSED-3", different("the status before the closed end", before.exchange.status, 204));
      if (!t.target.mechanisms.includes("poll")) return;
      const polled = await t.get(channel, { after: last?.cursor ?? "" }, [
        ["Last-Event-ID", last?.cursor ?? ""],
      ]);
      t.check("SSE-CLOSED-3", different("the status of a poll at the closed end", polled.status, 204));
    },
  },
  {
    id: "server/sse/removal-ends-the-stream",
    title: "When the channel is removed, its streams end without $closed",
    requirements: ["SSE-END-3", "SSE-END-1"],
    needs: ["sse", "publish", "channels"],
    quiet: true,
    async run(t) {
      const channel = t.channel();
      const [message] = await fill(t, channel, 1);
      const stream = await t.openStream(channel, { after: message?.cursor ?? "" });
      const early = stream.exchange.ending !== undefined;
      t.check(
        "SSE-END-1",
        claim(!early, "the stream after its first block", "open, or ended", early ? "ended" : "open"),
      );
      await t.remove(channel);
      const removedAtMs = stream.exchange.elapsedMs;
      await t.until(stream.exchange, () => false, END_MS);
      const endedAtMs = stream.exchange.endedAtMs;
      const lateMs = endedAtMs === undefined ? undefined : Math.max(0, endedAtMs - removedAtMs);
      t.check(
        "SSE-END-3",
        within("the end of the stream after the removal", lateMs, END_MS),
        stream.exchange,
      );
      t.check(
        "SSE-END-3",
        same("$closed on the stream", stream.find("$closed")?.event, undefined),
        stream.exchange,
      );
    },
  },
];
