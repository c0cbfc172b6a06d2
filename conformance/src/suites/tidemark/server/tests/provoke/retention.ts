import { claim, different, same, sameList } from "../../../../../engine/model/claim.ts";
import type { Channel } from "../../../../../engine/wire/channel.ts";
import { member, parseJson } from "../../../../../engine/wire/json.ts";
import { refused } from "../../../read/problem.ts";
import { served } from "../../../read/served.ts";
import type { TestContext } from "../../context/context.ts";
import { trim } from "../../context/faults.ts";
import { needInTime } from "../../context/hold.ts";
import { cursorsOf, endOf, fill, numbers, readOn, readOnce, type Way, waysOf } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";

/** A channel of six messages of which the oldest were dropped. */
interface Trimmed {
  readonly channel: Channel;
  /** The positions 0 to 6: before the first message, and after each. */
  readonly positions: readonly string[];
  /** The first position after which nothing was dropped. */
  readonly boundary: number;
}

const FILLED = 6;
const KEPT = 2;

async function trimmed(t: TestContext, keep: number = KEPT): Promise<Trimmed> {
  const channel = t.channel();
  const before = await endOf(t, channel);
  const positions = [before, ...cursorsOf(await fill(t, channel, FILLED))];
  await trim(t, channel, keep);
  return { channel, positions, boundary: FILLED - keep };
}

/** The cursors of the remaining messages, read from `start`. */
async function retained(t: TestContext, channel: Channel, way: Way): Promise<string[]> {
  const done = (read: readonly unknown[]): boolean => read.length >= KEPT;
  return cursorsOf(await readOn(t, channel, way, "start", done));
}

/** What retention does to readers. */
export const retentionTests: readonly TestDefinition[] = [
  {
    id: "server/core/dropped-history-is-a-gap",
    title: "A read from a position before dropped messages is a gap in every mechanism, not a silent jump",
    requirements: ["CORE-GAP-1"],
    needs: ["publish", "channels", "provoke"],
    async run(t) {
      const { channel, positions, boundary } = await trimmed(t);
      for (const way of waysOf(t)) {
        t.control(
          served(
            `the answer by ${way} at the boundary`,
            await readOnce(t, channel, way, positions[boundary] ?? ""),
          ),
        );
        for (const [index, cursor] of positions.slice(0, boundary).entries()) {
          const exchange = await readOnce(t, channel, way, cursor);
          const what = `the answer by ${way} after message ${index}, where ${boundary - index} that follow are dropped`;
          t.check("CORE-GAP-1", refused(what, exchange, "gap"), exchange);
        }
      }
    },
  },
  {
    id: "server/core/retention-drops-the-oldest",
    title: "Retention keeps the newest messages, and start is before the oldest of them",
    requirements: ["CORE-CHANNEL-5", "CORE-POSITION-3"],
    needs: ["publish", "channels", "provoke"],
    async run(t) {
      const { channel, positions } = await trimmed(t);
      for (const way of waysOf(t).filter((name) => name !== "sse-header")) {
        const left = await retained(t, channel, way);
        const newest = left.length === 0 ? [] : positions.slice(-left.length);
        t.check("CORE-CHANNEL-5", sameList(`the remaining messages, by ${way}`, left, newest));
        t.check(
          "CORE-POSITION-3",
          sameList(`the messages after start, by ${way}`, left, positions.slice(-KEPT)),
        );
      }
    },
  },
  {
    id: "server/core/no-gap-where-nothing-was-dropped",
    title:
      "A cursor after which nothing was dropped has no gap, not even at the boundary or in an emptied channel",
    requirements: ["CORE-GAP-3"],
    needs: ["publish", "channels", "provoke"],
    async run(t) {
      for (const keep of [KEPT, 0]) {
        const { channel, positions, boundary } = await trimmed(t, keep);
        for (const way of waysOf(t)) {
          const good = [...positions.slice(boundary), ...(way === "sse-header" ? [] : ["start", "end"])];
          for (const position of good) {
            const exchange = await readOnce(t, channel, way, position);
            const index = positions.indexOf(position);
            const name = index === -1 ? position : `message ${index}`;
            const what = `the answer by ${way} at ${name}, with ${keep} of ${FILLED} left`;
            t.check("CORE-GAP-3", different(what, exchange.status, 410), exchange);
          }
        }
      }
    },
  },
  {
    id: "server/core/gap-tells-where-to-go-on",
    title: "A gap after retention has that reason, and a read from its start or end continues",
    requirements: ["CORE-GAP-5", "CORE-GAP-6"],
    needs: ["publish", "channels", "provoke", "poll"],
    async run(t) {
      const { channel, positions } = await trimmed(t);
      const exchange = await readOnce(t, channel, "poll", positions[1] ?? "");
      t.need(refused("the answer to a dropped position", exchange, "gap"));
      const problem = parseJson(exchange.text);
      t.check("CORE-GAP-6", same("`reason`", member(problem, "reason"), "retention"), exchange);
      for (const [name, expected] of [
        ["start", positions.slice(-KEPT)],
        ["end", []],
      ] as const) {
        const position = member(problem, name);
        const from = typeof position === "string" ? position : "";
        const page = await readOnce(t, channel, "poll", from);
        t.check("CORE-GAP-5", served(`the answer at \`${name}\` of the gap`, page), page);
        const read =
          page.status === 200 ? cursorsOf(await readOn(t, channel, "poll", from, () => false)) : [];
        t.check("CORE-GAP-5", sameList(`the messages from \`${name}\` of the gap`, read, expected), page);
      }
    },
  },
  {
    id: "server/core/gap-in-band-after-retention",
    title:
      "With gap=start, a read of dropped messages begins at the oldest remaining one and reports the gap",
    requirements: ["CORE-GAP-4"],
    needs: ["publish", "channels", "provoke", "poll"],
    async run(t) {
      const { channel, positions } = await trimmed(t);
      const first = positions[0] ?? "";
      const exchange = await readOnce(t, channel, "poll", first, { gap: "start" });
      t.check("CORE-GAP-4", served("the answer with gap=start", exchange), exchange);
      const page = t.pageOf(exchange);
      t.check("CORE-GAP-4", same("`requested` of the gap", member(page.gap, "requested"), first), exchange);
      const rest = page.more ? await readOn(t, channel, "poll", page.cursor, () => false) : [];
      t.check(
        "CORE-GAP-4",
        sameList("messages from the page on", cursorsOf([...page.messages, ...rest]), positions.slice(-KEPT)),
        exchange,
      );
    },
  },
  {
    id: "server/core/cursor-of-the-empty-channel-ends-with-retention",
    title: "The cursor of an empty channel stays valid until a message is dropped, and is then a gap",
    requirements: ["CORE-POSITION-6", "CORE-GAP-1"],
    needs: ["publish", "channels", "provoke"],
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      await fill(t, channel, 3);
      for (const way of waysOf(t)) {
        const exchange = await readOnce(t, channel, way, before);
        t.check("CORE-POSITION-6", served(`the answer by ${way} before retention`, exchange), exchange);
      }
      await trim(t, channel, 2);
      for (const way of waysOf(t)) {
        const exchange = await readOnce(t, channel, way, before);
        t.check("CORE-GAP-1", refused(`the answer by ${way} after retention`, exchange, "gap"), exchange);
      }
    },
  },
  {
    id: "server/core/a-gap-is-not-304",
    title: "A poll from a dropped position is a gap, even with the ETag of its former page",
    requirements: ["CORE-GAP-1"],
    needs: ["publish", "channels", "provoke", "poll"],
    async run(t) {
      const channel = t.channel();
      const positions = cursorsOf(await fill(t, channel, 4));
      const after = positions[0] ?? "";
      const etag = (await t.get(channel, { after })).header("etag");
      if (etag === undefined) return t.notApplicable("the page has no ETag");
      await trim(t, channel, 1);
      const exchange = await t.get(channel, { after }, [["If-None-Match", etag]]);
      t.check("CORE-GAP-1", refused("the answer with If-None-Match", exchange, "gap"), exchange);
    },
  },
  {
    id: "server/long-polling/held-at-the-end-through-retention",
    title: "A request held at the end gets the next message, even if everything before it was dropped",
    requirements: ["LP-WAIT-5", "LP-WAIT-1"],
    needs: ["publish", "channels", "provoke", "long-poll"],
    async run(t) {
      const channel = t.channel();
      const end = cursorsOf(await fill(t, channel, 3)).at(-1) ?? "";
      const held = t.hold(channel, { after: end, wait: 8 });
      await trim(t, channel, 0);
      t.need(claim(held.status === undefined, "the held request", "still held", held.status));
      await t.publish(channel, numbers(1));
      const publishedAtMs = held.elapsedMs;
      await t.finish(held, 12_000);
      needInTime(held, 8, publishedAtMs);
      const page = t.pageOf(held);
      t.check("LP-WAIT-1", same("messages in the answer", page.messages.length, 1), held);
      t.check("LP-WAIT-5", same("gap in the answer", page.gap, undefined), held);
    },
  },
];
