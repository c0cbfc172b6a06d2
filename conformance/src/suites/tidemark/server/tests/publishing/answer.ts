import { draft, publishBody } from "../../../../../engine/drive/driver.ts";
import { claim, matches, same, sameList } from "../../../../../engine/model/claim.ts";
import type { Channel } from "../../../../../engine/wire/channel.ts";
import type { Exchange } from "../../../../../engine/wire/exchange.ts";
import { mediaType } from "../../../../../engine/wire/headers.ts";
import { type Json, jsonText, member, parseJson } from "../../../../../engine/wire/json.ts";
import { CURSOR, type Message } from "../../../read/page.ts";
import { answered, refused } from "../../../read/problem.ts";
import { carriedOut } from "../../../read/served.ts";
import type { TestContext } from "../../context/context.ts";
import { cursorsOf, endOf, foreignCursor, readOn } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";

/** The needs of these tests. */
const NEEDS = ["publishing", "channels"] as const;

/** How many publishers compete. */
const RIVALS = 6;

/** The answer to a successful publish. */
interface Published {
  readonly json: Json | undefined;
  readonly cursors: readonly string[];
  readonly cursor: string;
}

/** Read the answer to a publish; inconclusive if it was refused. */
function published(t: TestContext, exchange: Exchange): Published {
  t.need(carriedOut("the answer to the POST", exchange));
  const json = parseJson(exchange.text);
  const cursors = member(json, "cursors");
  const cursor = member(json, "cursor");
  const strings = Array.isArray(cursors) ? cursors.map((item: Json) => String(item)) : [];
  return { json, cursors: strings, cursor: typeof cursor === "string" ? cursor : "" };
}

/** All messages of the channel after a position. */
function everything(
  t: TestContext,
  channel: Channel,
  after: string,
  count: number,
): Promise<readonly Message[]> {
  const way = t.target.mechanisms.includes("poll") ? "poll" : "sse";
  return readOn(t, channel, way, after, (messages) => messages.length >= count);
}

/** The answer to a publish, and its effect on the channel. */
export const answerTests: readonly TestDefinition[] = [
  {
    id: "server/publishing/answer-has-its-shape",
    title: "A publish is answered 200, or 201 with Location, with cursors and cursor",
    requirements: ["PUB-DONE-2"],
    needs: NEEDS,
    async run(t) {
      const exchange = await t.post(t.channel(), publishBody([draft(1), draft(2, "named")]));
      t.check("PUB-DONE-2", carriedOut("the answer to a publish", exchange));
      t.check("PUB-DONE-2", same("its media type", mediaType(exchange.headers), "application/json"));
      if (exchange.status === 201)
        t.check(
          "PUB-DONE-2",
          claim(exchange.header("location") !== undefined, "Location of a 201", "present", "absent"),
        );
      const json = parseJson(exchange.text);
      const cursors = member(json, "cursors");
      t.check("PUB-DONE-2", claim(Array.isArray(cursors), "`cursors`", "an array", jsonText(cursors)));
      const cursor = member(json, "cursor");
      t.check(
        "PUB-DONE-2",
        matches("`cursor`", typeof cursor === "string" ? cursor : undefined, CURSOR, "a cursor"),
      );
    },
  },
  {
    id: "server/publishing/cursors-are-those-of-the-messages",
    title: "cursors has the cursor of each message, in order, as readers see them",
    requirements: ["PUB-DONE-3"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      const first = published(t, await t.post(channel, publishBody([draft(1)])));
      const second = published(t, await t.post(channel, publishBody([draft(2), draft(3)])));
      const read = cursorsOf(await everything(t, channel, before, 3));
      t.need(same("different cursors in the log", new Set(read).size, read.length));
      t.need(same("messages in the log", read.length, 3));
      t.check("PUB-DONE-3", sameList("cursors of two answers", [...first.cursors, ...second.cursors], read));
    },
  },
  {
    id: "server/publishing/cursor-is-the-end",
    title: "cursor is the end of the channel right after the append",
    requirements: ["PUB-DONE-4"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      for (let round = 1; round <= 2; round += 1) {
        const { cursor } = published(t, await t.post(channel, publishBody([draft(round), draft(-round)])));
        t.check("PUB-DONE-4", same(`\`cursor\` of publish ${round}`, cursor, await endOf(t, channel)));
      }
    },
  },
  {
    id: "server/publishing/closed-in-the-answer",
    title: "closed is true in the answer if the channel is now closed, and absent otherwise",
    requirements: ["PUB-DONE-5"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      const open = published(t, await t.post(channel, publishBody([draft(1)])));
      t.check(
        "PUB-DONE-5",
        same("`closed` while the channel is open", jsonText(member(open.json, "closed")), "(nothing)"),
      );
      const kept = published(t, await t.post(channel, publishBody([draft(2)], { close: false })));
      t.check(
        "PUB-DONE-5",
        same("`closed` with close: false", jsonText(member(kept.json, "closed")), "(nothing)"),
      );
      const closed = published(t, await t.post(channel, publishBody([draft(3)], { close: true })));
      t.check(
        "PUB-DONE-5",
        same("`closed` with close: true", jsonText(member(closed.json, "closed")), "true"),
      );
    },
  },
  {
    id: "server/publishing/batch-stays-together",
    title: "The messages of one POST stay together and in order, despite concurrent publishes",
    requirements: ["PUB-DONE-1"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      const batch = (rival: number): string => publishBody([1, 2, 3, 4].map((n) => draft(`${rival}.${n}`)));
      const answers = await Promise.all(
        Array.from({ length: RIVALS }, (_, rival) => t.post(channel, batch(rival))),
      );
      for (const exchange of answers) t.need(carriedOut("the answer to a POST", exchange));
      const messages = await everything(t, channel, before, RIVALS * 4);
      t.need(same("messages in the log", messages.length, RIVALS * 4));
      const data = messages.map((message) => jsonText(message.data));
      const order = data
        .filter((_, index) => index % 4 === 0)
        .map((text) => text.slice(1, text.indexOf(".")));
      const expected = order.flatMap((rival) => [1, 2, 3, 4].map((n) => `"${rival}.${n}"`));
      t.check("PUB-DONE-1", sameList("the log, batch by batch", data, expected));
      t.check("PUB-DONE-1", same("batches in the log", new Set(order).size, RIVALS));
    },
  },
  {
    id: "server/publishing/close-again",
    title: "Closing a closed channel again, without messages, succeeds and changes nothing",
    requirements: ["PUB-CLOSE-1"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      const first = published(t, await t.post(channel, publishBody([draft(1)], { close: true })));
      const again = await t.post(channel, '{"close":true}');
      t.check("PUB-CLOSE-1", answered("the answer to closing again", again, 200));
      const json = parseJson(again.text);
      t.check("PUB-CLOSE-1", same("`cursors`", jsonText(member(json, "cursors")), "[]"));
      t.check("PUB-CLOSE-1", same("`cursor`", member(json, "cursor"), first.cursor));
    },
  },
  {
    id: "server/publishing/closed-takes-no-more",
    title: "A POST with messages to a closed channel is refused with closed, and appends nothing",
    requirements: ["PUB-CLOSE-2", "PUB-AFTER-3"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      const { cursor } = published(t, await t.post(channel, publishBody([draft(1)], { close: true })));
      for (const body of [publishBody([draft(2)]), publishBody([draft(3)], { close: true })]) {
        const exchange = await t.post(channel, body);
        t.check("PUB-CLOSE-2", refused("the answer at a closed channel", exchange, "closed"));
        if (exchange.status === 409)
          t.check(
            "PUB-AFTER-3",
            same("`end` of the problem", member(parseJson(exchange.text), "end"), cursor),
          );
      }
      t.check("PUB-CLOSE-2", same("the end after the refusals", await endOf(t, channel), cursor));
    },
  },
  {
    id: "server/publishing/after-holds-at-the-end-only",
    title: "A POST with after succeeds if after is the current end, and is refused with not-at-end otherwise",
    requirements: ["PUB-AFTER-1", "PUB-AFTER-3"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      const first = published(t, await t.post(channel, publishBody([draft(1)], { after: before })));
      const second = await t.post(channel, publishBody([draft(2)], { after: first.cursor }));
      t.check("PUB-AFTER-1", carriedOut("the answer with after at the end", second));
      const end = await endOf(t, channel);
      for (const after of [before, first.cursor, "start", "end", foreignCursor(t)]) {
        const exchange = await t.post(channel, publishBody([draft("late")], { after }));
        t.check("PUB-AFTER-1", refused(`the answer with after=${after}`, exchange, "not-at-end"));
        if (exchange.status === 409)
          t.check("PUB-AFTER-3", same("`end` of the problem", member(parseJson(exchange.text), "end"), end));
      }
      t.check("PUB-AFTER-1", same("the end after the refusals", await endOf(t, channel), end));
    },
  },
  {
    id: "server/publishing/after-lets-one-rival-win",
    title: "Of several concurrent publishes with the same after, exactly one succeeds",
    requirements: ["PUB-ORDER-2"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      const after = await endOf(t, channel);
      const answers = await Promise.all(
        Array.from({ length: RIVALS }, (_, rival) => t.post(channel, publishBody([draft(rival)], { after }))),
      );
      const statuses = answers.map(({ status }) => status);
      const winners = statuses.filter((status) => status === 200 || status === 201).length;
      t.check("PUB-ORDER-2", same(`successful publishes (statuses ${statuses.join(", ")})`, winners, 1));
      const messages = await everything(t, channel, after, 1);
      t.check("PUB-ORDER-2", claim(messages.length <= 1, "messages in the log", "1", messages.length));
    },
  },
  {
    id: "server/publishing/takes-64-kib-and-100-messages",
    title: "A body of 65536 bytes with 100 messages is accepted",
    requirements: ["PUB-SIZE-2"],
    needs: ["publishing", "channels"],
    async run(t) {
      const drafts = Array.from({ length: 100 }, (_, index) => draft(index));
      const body = publishBody(drafts, { close: false }).padEnd(65_536);
      const post = await t.post(t.channel(), body);
      t.check("PUB-SIZE-2", carriedOut("the answer to 65536 bytes with 100 messages", post), post);
    },
  },
];
