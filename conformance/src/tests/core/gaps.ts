import type { TestContext } from "../../context/context.ts";
import { cursorsOf, endOf, fill, foreignCursor, numbers, type Way, waysOf } from "../../context/log.ts";
import { readOnce } from "../../context/read-once.ts";
import { claim, different, same } from "../../model/claim.ts";
import { readPage } from "../../read/page.ts";
import { refused } from "../../read/problem.ts";
import { served } from "../../read/served.ts";
import { EventStream } from "../../read/stream.ts";
import type { TestDefinition } from "../../run/definition.ts";
import type { Channel } from "../../run/target.ts";
import type { Exchange } from "../../wire/exchange.ts";
import { type Json, jsonText, member, parseJson } from "../../wire/json.ts";

/** The gap that an answer tells in band, and the position where it begins. */
function inBand(exchange: Exchange): {
  readonly gap: Json | undefined;
  readonly position: string | undefined;
} {
  const stream = new EventStream(exchange);
  if (stream.isStream) {
    const [first] = stream.blocks;
    return { gap: member(parseJson(first?.data ?? ""), "gap"), position: first?.id };
  }
  const page = readPage(exchange);
  return typeof page === "string"
    ? { gap: undefined, position: page }
    : { gap: page.gap, position: page.cursor };
}

/**
 * Cursors that name no position of the channel, by where they come from. Channels may share cursors: one of the
 * other channel counts only if this one does not have it.
 */
async function badCursors(t: TestContext, channel: Channel): Promise<ReadonlyMap<string, string>> {
  const cursors = new Map([["nobody", foreignCursor(t)]]);
  const other = (await fill(t, t.channel(), 2)).at(-1)?.cursor ?? "";
  const [own] = cursorsOf(await fill(t, channel, 1));
  if (other !== own) cursors.set("another channel", other);
  cursors.set("nobody, though it resembles one", `${own ?? ""}0`);
  return cursors;
}

/** Where the server cannot continue, it says so. */
export const gapTests: readonly TestDefinition[] = [
  {
    id: "server/core/unknown-cursor-is-a-gap",
    title:
      "A well-formed cursor that the server never minted is a gap in every mechanism, never a silent start",
    requirements: ["CORE-GAP-2"],
    async run(t) {
      const channel = t.channel();
      for (const way of waysOf(t)) {
        const good = await readOnce(t, channel, way, await endOf(t, channel));
        t.control(served(`the answer by ${way} to a good cursor`, good));
        const exchange = await readOnce(t, channel, way, foreignCursor(t));
        t.check(
          "CORE-GAP-2",
          refused(`the answer by ${way} to a cursor of nobody`, exchange, "gap"),
          exchange,
        );
      }
    },
  },
  {
    id: "server/core/cursor-of-another-channel-is-a-gap",
    title: "A cursor of another channel, or one that only resembles one, is a gap in every mechanism",
    requirements: ["CORE-GAP-1", "CORE-GAP-2"],
    needs: ["publish", "channels"],
    async run(t) {
      const channel = t.channel();
      for (const [origin, cursor] of await badCursors(t, channel))
        for (const way of waysOf(t)) {
          const exchange = await readOnce(t, channel, way, cursor);
          const refusal = refused(`the answer by ${way} to a cursor of ${origin}`, exchange, "gap");
          t.check("CORE-GAP-1", refusal, exchange);
          t.check("CORE-GAP-2", refusal, exchange);
        }
    },
  },
  {
    id: "server/core/cursor-of-a-former-life-is-a-gap",
    title: "After a channel was removed and made again, a cursor of its former life is a gap",
    requirements: ["CORE-GAP-1", "CORE-GAP-2"],
    needs: ["publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const former = (await fill(t, channel, 2)).at(-1)?.cursor ?? "";
      await t.remove(channel);
      await t.publish(channel, numbers(2));
      for (const way of waysOf(t)) {
        const good = await readOnce(t, channel, way, await endOf(t, channel));
        t.control(served(`the answer by ${way} to a present cursor`, good));
        const exchange = await readOnce(t, channel, way, former);
        t.check("CORE-GAP-1", refused(`the answer by ${way} to a former cursor`, exchange, "gap"), exchange);
        t.check("CORE-GAP-2", refused(`the answer by ${way} to a former cursor`, exchange, "gap"), exchange);
      }
    },
  },
  {
    id: "server/core/good-positions-have-no-gap",
    title: "start, end and every cursor of the channel are answered without a gap, with and without gap=",
    requirements: ["CORE-GAP-3"],
    needs: ["publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      const positions = ["start", "end", before, ...cursorsOf(await fill(t, channel, 3))];
      for (const way of waysOf(t))
        for (const position of way === "sse-header" ? positions.slice(2) : positions) {
          if (way === "long-poll" && position === positions.at(-1)) continue; // it would be held
          const plain = await readOnce(t, channel, way, position);
          t.check("CORE-GAP-3", served(`the answer by ${way} to ${position}`, plain), plain);
          const asked = await readOnce(t, channel, way, position, { gap: "start" });
          t.check(
            "CORE-GAP-3",
            same(`gap by ${way} at ${position} with gap=start`, jsonText(inBand(asked).gap), "(nothing)"),
            asked,
          );
        }
    },
  },
  {
    id: "server/core/words-have-no-gap",
    title: "start and end are answered without a gap in a channel as it is",
    requirements: ["CORE-GAP-3"],
    async run(t) {
      const channel = t.channel();
      for (const way of waysOf(t))
        for (const position of way === "sse-header" ? [] : ["start", "end"]) {
          const exchange = await readOnce(t, channel, way, position);
          if (exchange.status !== 410) t.need(served(`the answer by ${way} at ${position}`, exchange));
          t.check(
            "CORE-GAP-3",
            different(`the status by ${way} at ${position}`, exchange.status, 410),
            exchange,
          );
        }
    },
  },
  {
    id: "server/core/gap-in-band",
    title:
      "With gap=start or gap=end, a read with a gap begins there and tells the gap in band, in every mechanism",
    requirements: ["CORE-GAP-4"],
    needs: ["publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      const all = cursorsOf(await fill(t, channel, 2));
      for (const way of waysOf(t))
        for (const word of ["start", "end"]) {
          const cursor = foreignCursor(t);
          const exchange = await readOnce(t, channel, way, cursor, { gap: word });
          const what = `by ${way} with gap=${word}`;
          t.check("CORE-GAP-4", served(`the answer ${what}`, exchange), exchange);
          const { gap, position } = inBand(exchange);
          t.check(
            "CORE-GAP-4",
            claim(gap instanceof Map, `\`gap\` ${what}`, "an object", jsonText(gap)),
            exchange,
          );
          t.check("CORE-GAP-4", same(`\`requested\` ${what}`, member(gap, "requested"), cursor), exchange);
          checkBeginning(t, { exchange, way, word, position, before, all });
        }
    },
  },
  {
    id: "server/core/gap-in-band-as-it-is",
    title: "With gap=end, a read from a foreign cursor goes on at the end, telling the gap",
    requirements: ["CORE-GAP-4"],
    async run(t) {
      const channel = t.channel();
      for (const way of waysOf(t)) {
        const exchange = await readOnce(t, channel, way, foreignCursor(t), { gap: "end" });
        t.check("CORE-GAP-4", served(`the answer by ${way} with gap=end`, exchange), exchange);
        const { gap } = inBand(exchange);
        for (const name of ["reason", "requested", "start", "end"]) {
          const value = member(gap, name);
          t.check(
            "CORE-GAP-4",
            claim(typeof value === "string", `\`${name}\` of the gap by ${way}`, "a string", jsonText(value)),
            exchange,
          );
        }
      }
    },
  },
];

/** Where an answer with a gap has begun: a stream by its first id, a page by its first message. */
function checkBeginning(
  t: TestContext,
  seen: {
    exchange: Exchange;
    way: Way;
    word: string;
    position: string | undefined;
    before: string;
    all: readonly string[];
  },
): void {
  const { exchange, way, word, position, before, all } = seen;
  const what = `by ${way} with gap=${word}`;
  if (way === "sse" || way === "sse-header") {
    const expected = word === "start" ? before : all.at(-1);
    t.check("CORE-GAP-4", same(`id of the first block ${what}`, position, expected), exchange);
    return;
  }
  const page = readPage(exchange);
  const first = typeof page === "string" ? page : page.messages[0]?.cursor;
  t.check(
    "CORE-GAP-4",
    same(`first message ${what}`, first, word === "start" ? all[0] : undefined),
    exchange,
  );
}
