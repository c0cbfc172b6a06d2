import { claim, different, same } from "../../../../../engine/model/claim.ts";
import type { Channel } from "../../../../../engine/wire/channel.ts";
import type { Exchange } from "../../../../../engine/wire/exchange.ts";
import { type Json, jsonText, member, parseJson } from "../../../../../engine/wire/json.ts";
import { readPage } from "../../../read/page.ts";
import { refused } from "../../../read/problem.ts";
import { served } from "../../../read/served.ts";
import { EventStream } from "../../../read/stream.ts";
import type { TestContext } from "../../context/context.ts";
import {
  cursorsOf,
  endOf,
  fill,
  foreignCursor,
  numbers,
  readOn,
  readOnce,
  type Way,
  waysOf,
} from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";

/** The gap that an answer reports in band. */
function gapOf(exchange: Exchange): Json | undefined {
  const stream = new EventStream(exchange);
  if (stream.isStream) return member(parseJson(stream.blocks[0]?.data ?? ""), "gap");
  return member(parseJson(exchange.text), "gap");
}

/** The cursor with each letter and digit replaced by its neighbour: the same form, but another position. */
function resembling(cursor: string): string {
  const wheel = ["0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"];
  return cursor.replace(/[A-Za-z0-9]/g, (char) => {
    const ring = wheel.find((chars) => chars.includes(char)) ?? char;
    return ring.charAt((ring.indexOf(char) + 1) % ring.length);
  });
}

/**
 * Cursors that name no position of the channel, by their origin. Channels may share cursors, so a cursor of
 * the other channel counts only if this channel does not have it.
 */
async function badCursors(t: TestContext, channel: Channel): Promise<ReadonlyMap<string, string>> {
  const cursors = new Map([["no channel", foreignCursor(t)]]);
  const other = (await fill(t, t.channel(), 2)).at(-1)?.cursor ?? "";
  const [own] = cursorsOf(await fill(t, channel, 1));
  if (other !== own) cursors.set("another channel", other);
  cursors.set("no channel that resembles a valid one", resembling(own ?? ""));
  return cursors;
}

/** A server reports a gap whenever it cannot continue from a position. */
export const gapTests: readonly TestDefinition[] = [
  {
    id: "server/core/unknown-cursor-is-a-gap",
    title:
      "A well-formed cursor that the server never minted is a gap in every mechanism, not a silent restart",
    requirements: ["CORE-GAP-2"],
    async run(t) {
      const channel = t.channel();
      for (const way of waysOf(t)) {
        const good = await readOnce(t, channel, way, await endOf(t, channel));
        t.control(served(`the answer by ${way} to a valid cursor`, good));
        const exchange = await readOnce(t, channel, way, foreignCursor(t));
        t.check(
          "CORE-GAP-2",
          refused(`the answer by ${way} to a cursor of no channel`, exchange, "gap"),
          exchange,
        );
      }
    },
  },
  {
    id: "server/core/cursor-of-another-channel-is-a-gap",
    title:
      "A cursor of another channel, or one that only resembles a valid cursor, is a gap in every mechanism",
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
    title: "After a channel was removed and created again, a cursor from before the removal is a gap",
    requirements: ["CORE-GAP-1", "CORE-GAP-2"],
    needs: ["publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const former = (await fill(t, channel, 2)).at(-1)?.cursor ?? "";
      await t.remove(channel);
      const present = cursorsOf(await fill(t, channel, numbers(2)));
      t.need(claim(!present.includes(former), "cursors after the removal", "none from before", former));
      for (const way of waysOf(t)) {
        const good = await readOnce(t, channel, way, await endOf(t, channel));
        t.control(served(`the answer by ${way} to a current cursor`, good));
        const exchange = await readOnce(t, channel, way, former);
        t.check(
          "CORE-GAP-1",
          refused(`the answer by ${way} to a cursor from before the removal`, exchange, "gap"),
          exchange,
        );
        t.check(
          "CORE-GAP-2",
          refused(`the answer by ${way} to a cursor from before the removal`, exchange, "gap"),
          exchange,
        );
      }
    },
  },
  {
    id: "server/core/good-positions-have-no-gap",
    title: "start, end and every cursor of the channel are answered without a gap, with or without gap=",
    requirements: ["CORE-GAP-3"],
    needs: ["publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      await t.publish(channel, numbers(12));
      const [way = "poll"] = waysOf(t);
      const all = cursorsOf(await readOn(t, channel, way, "start", ({ length }) => length >= 12));
      t.need(same("published messages that were read back", all.length, 12));
      const positions = ["start", "end", before, all[0] ?? "", all.at(-1) ?? ""];
      for (const way of waysOf(t))
        for (const position of way === "sse-header" ? positions.slice(2) : positions) {
          if (way === "long-poll" && position === positions.at(-1)) continue; // it would be held
          checkNoGap(t, `the answer by ${way} at ${position}`, await readOnce(t, channel, way, position));
          checkNoGap(
            t,
            `the answer by ${way} at ${position}, gap=start`,
            await readOnce(t, channel, way, position, { gap: "start" }),
          );
        }
    },
  },
  {
    id: "server/core/words-have-no-gap",
    title: "start and end are answered without a gap in any channel",
    requirements: ["CORE-GAP-3"],
    async run(t) {
      const channel = t.channel();
      for (const way of waysOf(t))
        for (const position of way === "sse-header" ? [] : ["start", "end"])
          checkNoGap(t, `the answer by ${way} at ${position}`, await readOnce(t, channel, way, position));
    },
  },
  {
    id: "server/core/gap-in-band",
    title:
      "With gap=start or gap=end, a read with a gap begins there and reports the gap in band, in every mechanism",
    requirements: ["CORE-GAP-4"],
    needs: ["messages"],
    async run(t) {
      const channel = t.channel();
      await fill(t, channel, 2);
      for (const way of waysOf(t))
        for (const word of ["start", "end"]) {
          const cursor = foreignCursor(t);
          const exchange = await readOnce(t, channel, way, cursor, { gap: word });
          const what = `by ${way} with gap=${word}`;
          t.check("CORE-GAP-4", served(`the answer ${what}`, exchange), exchange);
          const gap = gapOf(exchange);
          t.check(
            "CORE-GAP-4",
            claim(gap instanceof Map, `\`gap\` ${what}`, "an object", jsonText(gap)),
            exchange,
          );
          t.check("CORE-GAP-4", same(`\`requested\` ${what}`, member(gap, "requested"), cursor), exchange);
          await checkBeginning(t, channel, way, word, exchange);
        }
    },
  },
  {
    id: "server/core/gap-in-band-as-it-is",
    title: "With gap=end, a read from a foreign cursor continues at the end and reports the gap",
    requirements: ["CORE-GAP-4"],
    async run(t) {
      const channel = t.channel();
      for (const way of waysOf(t)) {
        const exchange = await readOnce(t, channel, way, foreignCursor(t), { gap: "end" });
        t.check("CORE-GAP-4", served(`the answer by ${way} with gap=end`, exchange), exchange);
        const gap = gapOf(exchange);
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

/** Where an answer begins: a stream by its first id, a page by its first message and its cursor. */
function beginningOf(exchange: Exchange): string {
  const stream = new EventStream(exchange);
  if (stream.isStream) return `id ${stream.blocks[0]?.id ?? "(none)"}`;
  const page = readPage(exchange);
  if (typeof page === "string") return page;
  return `first message ${page.messages[0]?.cursor ?? "(none)"}, cursor ${page.cursor}`;
}

/** The read with a gap begins where a read at `start` or `end` begins. */
async function checkBeginning(
  t: TestContext,
  channel: Channel,
  way: Way,
  word: string,
  exchange: Exchange,
): Promise<void> {
  const plain = await readOnce(t, channel, way === "sse-header" ? "sse" : way, word);
  if (!served("a read at the word", plain).ok || !served("the read with a gap", exchange).ok) return;
  const what = `where the answer by ${way} with gap=${word} begins, compared with after=${word}`;
  t.check("CORE-GAP-4", same(what, beginningOf(exchange), beginningOf(plain)), exchange);
}

/** The answer reports no gap: it serves the read, and has no gap in band. */
function checkNoGap(t: TestContext, what: string, exchange: Exchange): void {
  if (exchange.status !== 410) t.need(served(what, exchange));
  t.check("CORE-GAP-3", different(`the status of ${what}`, exchange.status, 410), exchange);
  if (exchange.status !== 200) return;
  t.check("CORE-GAP-3", same(`gap in ${what}`, jsonText(gapOf(exchange)), "(nothing)"), exchange);
}
