import { claim, matches, oneOf, same, within } from "../../../../../engine/model/claim.ts";
import type { Block } from "../../../../../engine/wire/event-stream.ts";
import { mediaType } from "../../../../../engine/wire/headers.ts";
import { JsonNumber, jsonText, member, parseJson } from "../../../../../engine/wire/json.ts";
import { CURSOR, describe } from "../../../read/page.ts";
import { answered } from "../../../read/problem.ts";
import { endOf, fill, foreignCursor, reportedEnd } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";

/** How long the head and the first block may take. If a server buffers, they come with the next block. */
const FIRST_BLOCK_MS = 4_000;

/** How many streams to open to see whether `retry` varies. */
const STREAMS_FOR_JITTER = 8;

/** The values of a field of a block. */
function values(block: Block | undefined, name: string): string[] {
  return (block?.lines ?? []).filter((line) => line.name === name).map(({ value }) => value);
}

/** The answer to a read by SSE, and its first block. */
export const openTests: readonly TestDefinition[] = [
  {
    id: "server/sse/answers-a-stream",
    title: "A read by SSE is answered with 200, text/event-stream and X-Accel-Buffering: no",
    requirements: ["SSE-STREAM-1"],
    needs: ["sse"],
    async run(t) {
      const stream = t.stream(t.channel(), { after: "end" });
      await t.until(stream.exchange, () => stream.exchange.status !== undefined);
      t.check("SSE-STREAM-1", answered("the answer to stream=1", stream.exchange, 200));
      t.check(
        "SSE-STREAM-1",
        same("its media type", mediaType(stream.exchange.headers), "text/event-stream"),
      );
      const buffering = stream.exchange.header("x-accel-buffering")?.toLowerCase();
      t.check("SSE-STREAM-1", same("X-Accel-Buffering", buffering, "no"));
    },
  },
  {
    id: "server/sse/asks-to-be-forwarded-at-once",
    title: "A stream has Incremental: ?1, which asks intermediaries not to buffer it",
    requirements: ["SSE-STREAM-7"],
    needs: ["sse"],
    async run(t) {
      const { exchange } = await t.openStream(t.channel(), { after: "end" });
      // A recipient has to ignore parameters that it does not know (RFC 10036, section 3).
      const found = matches("Incremental", exchange.header("incremental"), /^\?1 *(;.*)?$/, "?1");
      t.check("SSE-STREAM-7", found, exchange);
    },
  },
  {
    id: "server/sse/first-block-comes-at-once",
    title: "The head and the first block come at once, even without a message",
    requirements: ["SSE-STREAM-2"],
    needs: ["sse"],
    async run(t) {
      const stream = t.stream(t.channel(), { after: "end" });
      await t.until(stream.exchange, () => stream.blocks.length > 0);
      const [first] = stream.blocks;
      t.check("SSE-STREAM-2", within("the head", stream.exchange.headAtMs, FIRST_BLOCK_MS));
      t.check("SSE-STREAM-2", within("the first block", first?.atMs, FIRST_BLOCK_MS));
    },
  },
  {
    id: "server/sse/open-first-block",
    title: "The first block is $open with retry, data and id",
    requirements: ["SSE-OPEN-1", "SSE-OPEN-5"],
    needs: ["sse"],
    async run(t) {
      const stream = await t.openStream(t.channel(), { after: "end" });
      const [first] = stream.blocks;
      t.check("SSE-OPEN-1", same("event of the first block", values(first, "event").at(-1), "$open"));
      for (const name of ["retry", "data", "id"])
        t.check(
          "SSE-OPEN-1",
          claim(values(first, name).length > 0, `field ${name} of the first block`, "present", "absent"),
        );
      for (const retry of values(first, "retry")) {
        const good = /^\d+$/.test(retry) && Number(retry) >= 1 && Number(retry) <= 60_000;
        t.check("SSE-OPEN-5", claim(good, "value of retry", "an integer from 1 to 60000", retry));
      }
    },
  },
  {
    id: "server/sse/open-data-tells-the-heartbeat",
    title: "The data of $open is an object whose heartbeat is a number of seconds from 1 to 300",
    requirements: ["SSE-OPEN-3"],
    needs: ["sse"],
    async run(t) {
      const stream = await t.openStream(t.channel(), { after: "end" });
      const data = parseJson(stream.find("$open")?.data ?? "");
      t.need(claim(stream.find("$open") !== undefined, "the first block", "$open", stream.blocks[0]?.event));
      t.check("SSE-OPEN-3", claim(data instanceof Map, "data of $open", "a JSON object", jsonText(data)));
      const heartbeat = member(data, "heartbeat");
      const seconds = heartbeat instanceof JsonNumber ? Number(heartbeat.text) : Number.NaN;
      const good = Number.isInteger(seconds) && seconds >= 1 && seconds <= 300;
      t.check(
        "SSE-OPEN-3",
        claim(good, "`heartbeat` of $open", "an integer from 1 to 300", jsonText(heartbeat)),
      );
    },
  },
  {
    id: "server/sse/open-id-is-where-the-stream-begins",
    title: "The id of $open is the cursor at which the stream begins",
    requirements: ["SSE-OPEN-2"],
    needs: ["sse", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      const [first] = await fill(t, channel, 3);
      const middle = await t.openStream(channel, { after: first?.cursor ?? "" });
      t.check("SSE-OPEN-2", same("id of $open with after=<cursor>", middle.blocks[0]?.id, first?.cursor));
      const end = await t.openStream(channel, { after: "end" });
      t.check(
        "SSE-OPEN-2",
        same("id of $open with after=end", end.blocks[0]?.id, await reportedEnd(t, channel)),
      );
      const start = await t.openStream(channel, { after: "start" });
      t.check("SSE-OPEN-2", same("id of $open with after=start", start.blocks[0]?.id, before));
    },
  },
  {
    id: "server/sse/open-id-is-concrete",
    title: "The id of $open is a cursor, even in a channel without messages and without a requested position",
    requirements: ["SSE-OPEN-2"],
    needs: ["sse"],
    async run(t) {
      const channel = t.channel();
      const queries: Readonly<Record<string, string>>[] = [{}, { after: "start" }, { after: "end" }];
      for (const query of queries) {
        const stream = await t.openStream(channel, query);
        const name = query.after === undefined ? "no position" : `after=${query.after}`;
        t.check("SSE-OPEN-2", matches(`id of $open with ${name}`, stream.blocks[0]?.id, CURSOR, "a cursor"));
      }
    },
  },
  {
    id: "server/sse/gap-is-told-in-the-first-block",
    title: "A stream that begins after a gap reports the gap in its first block with an id",
    requirements: ["SSE-OPEN-4"],
    needs: ["sse"],
    async run(t) {
      const after = foreignCursor(t);
      const stream = await t.openStream(t.channel(), { after, gap: "end" });
      const index = stream.blocks.findIndex((block) => block.id !== undefined);
      const gap = member(parseJson(stream.blocks[index]?.data ?? ""), "gap");
      t.check(
        "SSE-OPEN-4",
        claim(
          gap instanceof Map,
          "`gap` in the data of the first block with an id",
          "an object",
          jsonText(gap),
        ),
      );
      t.check("SSE-OPEN-4", same("`requested` of the gap", member(gap, "requested"), after));
    },
  },
  {
    id: "server/sse/no-gap-in-open-without-one",
    title: "A stream without a gap reports none",
    requirements: ["SSE-OPEN-4"],
    needs: ["sse"],
    async run(t) {
      const channel = t.channel();
      const stream = await t.openStream(channel, { after: await endOf(t, channel), gap: "start" });
      const gap = member(parseJson(stream.find("$open")?.data ?? ""), "gap");
      t.check("SSE-OPEN-4", same("`gap` in the data of $open", jsonText(gap), "(nothing)"));
    },
  },
  {
    id: "server/sse/retry-varies",
    title: "Different streams get different values of retry",
    requirements: ["SSE-OPEN-6"],
    needs: ["sse"],
    async run(t) {
      const channel = t.channel();
      const seen = new Set<string | undefined>();
      for (let count = 0; count < STREAMS_FOR_JITTER; count += 1) {
        const stream = await t.openStream(channel, { after: "end" });
        const [retry] = values(stream.blocks[0], "retry");
        t.need(claim(retry !== undefined, "retry of the first block", "present", "absent"));
        seen.add(retry);
        stream.exchange.abort();
      }
      const text = [...seen].join(", ");
      t.check(
        "SSE-OPEN-6",
        claim(seen.size > 1, `retry of ${STREAMS_FOR_JITTER} streams`, "different values", text),
      );
    },
  },
  {
    id: "server/sse/chosen-by-accept-too",
    title: "Accept: text/event-stream is answered with a stream, like stream=1",
    requirements: ["SSE-STREAM-1"],
    needs: ["sse"],
    async run(t) {
      const stream = t.stream(t.channel(), { stream: "", after: "end" }, [["Accept", "text/event-stream"]]);
      await t.until(stream.exchange, () => stream.blocks.length > 0);
      const seen = stream.isStream ? "a stream" : describe(stream.exchange);
      t.check("SSE-STREAM-1", oneOf("the answer to Accept: text/event-stream", seen, ["a stream"]));
    },
  },
];
