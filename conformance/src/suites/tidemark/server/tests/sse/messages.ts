import { performance } from "node:perf_hooks";
import { type Draft, draft } from "../../../../../engine/drive/driver.ts";
import { claim, matches, same, sameList, within } from "../../../../../engine/model/claim.ts";
import type { Channel } from "../../../../../engine/wire/channel.ts";
import type { Block } from "../../../../../engine/wire/event-stream.ts";
import { jsonText, parseJson } from "../../../../../engine/wire/json.ts";
import { CURSOR } from "../../../read/page.ts";
import { isMessage } from "../../../read/stream.ts";
import type { TestContext } from "../../context/context.ts";
import { cursorsOf, endOf, fill, readOn } from "../../context/log.ts";
import { StreamReader } from "../../context/stream-reader.ts";
import type { TestDefinition } from "../../definition.ts";

/** Payloads for which a careless encoder writes several `data` lines, or forged fields. */
const MULTI_LINE: readonly Draft[] = [
  { json: '"first\\nsecond\\r\\nthird\\rid: forged\\n\\nevent: forged"' },
  { json: '{"a":\n{\r\n"b" : [1,\n2]}}', event: "lines" },
  { json: '"\\u2028 and \\u2029"' },
  { json: '""' },
];

/** A live message may take at most this share of the heartbeat, and at most this many milliseconds. */
const LIVE_SHARE = 0.7;
const LIVE_MOST_MS = 8_000;

/** The number of fields with this name in a block. */
function count(block: Block, name: string): number {
  return block.lines.filter((line) => line.name === name).length;
}

/** Publish drafts, and read them back from a stream that begins before them. */
async function streamed(t: TestContext, channel: Channel, drafts: readonly Draft[]): Promise<StreamReader> {
  const before = await endOf(t, channel);
  await t.publish(channel, drafts);
  const reader = await StreamReader.open(t, channel, before);
  await reader.until((blocks) => blocks.filter(isMessage).length >= drafts.length);
  reader.stop();
  const seen = reader.blocks.filter(isMessage).length;
  t.need(claim(seen >= drafts.length, "messages on the stream", String(drafts.length), seen));
  return reader;
}

/** The data of the messages among the blocks. */
function dataOf(blocks: readonly Block[]): string[] {
  return blocks.filter(isMessage).map(({ data }) => data ?? "");
}

function liveBoundMs(t: TestContext): number {
  return Math.min(LIVE_MOST_MS, (t.target.claims.heartbeatS ?? 15) * 1000 * LIVE_SHARE);
}

/** How a stream carries messages. */
export const streamMessageTests: readonly TestDefinition[] = [
  {
    id: "server/sse/id-is-the-last-field",
    title: "If a block has an id, the id is its last field",
    requirements: ["SSE-STREAM-3"],
    needs: ["sse", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const { blocks } = await streamed(t, channel, [draft(1), draft("two", "named")]);
      for (const block of blocks) {
        if (block.id === undefined) continue;
        const last = block.lines.filter(({ name }) => name !== "").at(-1)?.name;
        t.check("SSE-STREAM-3", same(`last field of the block ${block.event ?? "without data"}`, last, "id"));
      }
    },
  },
  {
    id: "server/sse/one-data-line",
    title: "A block has at most one data line, even if the payload has line breaks",
    requirements: ["SSE-STREAM-4"],
    needs: ["sse", "publish", "channels"],
    async run(t) {
      const { blocks } = await streamed(t, t.channel(), MULTI_LINE);
      for (const block of blocks) {
        const lines = count(block, "data");
        t.check(
          "SSE-STREAM-4",
          claim(lines <= 1, `data lines of the block ${block.event ?? "without data"}`, "at most 1", lines),
        );
      }
    },
  },
  {
    id: "server/sse/message-block",
    title:
      "A message is one block: its event name (none for message), its data as JSON text, and its cursor as id",
    requirements: ["SSE-MESSAGE-1"],
    needs: ["sse", "publish", "channels"],
    async run(t) {
      const drafts = [
        draft({ text: "a\nb" }),
        draft("named", "news.item"),
        draft(null, "message"),
        ...MULTI_LINE,
      ];
      const blocks = (await streamed(t, t.channel(), drafts)).blocks.filter(isMessage);
      for (const [index, { json, event = "message" }] of drafts.entries()) {
        const block = blocks[index];
        if (!block) continue;
        const name = `message ${index + 1}`;
        const events = block.lines.filter((line) => line.name === "event").map(({ value }) => value);
        t.check(
          "SSE-MESSAGE-1",
          sameList(`event field of ${name}`, events, event === "message" ? [] : [event]),
        );
        t.check(
          "SSE-MESSAGE-1",
          same(`data of ${name}`, jsonText(parseJson(block.data ?? "")), jsonText(parseJson(json))),
        );
        t.check(
          "SSE-MESSAGE-1",
          matches(`data of ${name}`, block.data, /^[^\r\n]*$/, "one line: the JSON text without CR and LF"),
        );
        t.check("SSE-MESSAGE-1", matches(`id of ${name}`, block.id, CURSOR, "a cursor"));
      }
      t.check("SSE-MESSAGE-1", same("blocks that dispatch messages", blocks.length, drafts.length));
    },
  },
  {
    id: "server/sse/id-is-the-cursor-of-the-message",
    title: "The id of a message on a stream is its cursor in a page",
    requirements: ["SSE-MESSAGE-1"],
    needs: ["sse", "poll", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      const paged = await fill(t, channel, 4);
      const read = await readOn(t, channel, "sse", before, (messages) => messages.length >= 4);
      t.check("SSE-MESSAGE-1", sameList("ids on the stream", cursorsOf(read), cursorsOf(paged)));
    },
  },
  {
    id: "server/sse/id-never-runs-ahead",
    title: "No id is beyond a message that the stream has not sent yet",
    requirements: ["SSE-STREAM-6"],
    needs: ["sse", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      const all = await fill(t, channel, 6);
      const positions = [before, ...cursorsOf(all)];
      const reader = await StreamReader.open(t, channel, before);
      await reader.until((blocks) => blocks.filter(isMessage).length >= all.length);
      let carried = 0;
      for (const block of reader.blocks) {
        if (isMessage(block)) carried += 1;
        if (block.id === undefined) continue;
        const at = positions.indexOf(block.id);
        const place = at === -1 ? `not a position of the channel: ${block.id}` : `after message ${at}`;
        t.check(
          "SSE-STREAM-6",
          claim(
            at !== -1 && at <= carried,
            `id of the block ${block.event ?? "without data"}`,
            `after message ${carried} or before`,
            place,
          ),
        );
      }
    },
  },
  {
    id: "server/sse/sends-live",
    title: "An open stream sends a new message without waiting for the next one",
    requirements: ["SSE-MESSAGE-2"],
    needs: ["sse", "publish", "channels"],
    quiet: true,
    async run(t) {
      const channel = t.channel();
      const reader = await StreamReader.open(t, channel, "end");
      for (let value = 1; value <= 3; value += 1) {
        const publishing = t.publish(channel, [draft(value)]);
        const begun = performance.now();
        await publishing;
        const came = await reader.until((blocks) => dataOf(blocks).includes(String(value)), liveBoundMs(t));
        const tookMs = came ? performance.now() - begun : undefined;
        t.check(
          "SSE-MESSAGE-2",
          within(`live message ${value}`, tookMs, liveBoundMs(t)),
          reader.stream.exchange,
        );
      }
    },
  },
  {
    id: "server/sse/sends-live-to-every-reader",
    title: "Three streams of a channel all get every message",
    requirements: ["SSE-MESSAGE-2"],
    needs: ["sse", "publish", "channels"],
    quiet: true,
    async run(t) {
      const channel = t.channel();
      const readers = await Promise.all([1, 2, 3].map(() => StreamReader.open(t, channel, "end")));
      for (let value = 1; value <= 4; value += 1) await t.publish(channel, [draft(value)]);
      for (const [index, reader] of readers.entries()) {
        await reader.until((blocks) => dataOf(blocks).length >= 4, liveBoundMs(t));
        const data = dataOf(reader.blocks);
        const what = `data on stream ${index + 1} of 3`;
        t.check("SSE-MESSAGE-2", sameList(what, data, ["1", "2", "3", "4"]), reader.stream.exchange);
      }
    },
  },
  {
    id: "server/sse/comments-and-bookmarks",
    title: "A server may send comments and bookmarks",
    requirements: ["SSE-STREAM-5", "SSE-MESSAGE-3"],
    needs: ["sse", "publish", "channels"],
    async run(t) {
      const { blocks, stream } = await streamed(t, t.channel(), [draft(1), draft(2)]);
      const comments = blocks.reduce((sum, block) => sum + count(block, ""), stream.commentsAlone);
      const bookmarks = blocks.filter((block) => block.event === undefined && block.id !== undefined).length;
      t.check("SSE-STREAM-5", claim(comments === 0, "comments on the stream", "any number", comments));
      t.check("SSE-MESSAGE-3", claim(bookmarks === 0, "bookmarks on the stream", "any number", bookmarks));
    },
  },
];
