import { type Draft, draft } from "../../../../../engine/drive/driver.ts";
import { claim, matches, same, sameJson } from "../../../../../engine/model/claim.ts";
import type { Channel } from "../../../../../engine/wire/channel.ts";
import { parseJson } from "../../../../../engine/wire/json.ts";
import { EVENT_NAME, type Message } from "../../../read/page.ts";
import type { TestContext } from "../../context/context.ts";
import { endOf, numbers, readOn, type Way, waysOf } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";

/** Values that careless servers change: numbers beyond a double, escapes, empty names, text like markup. */
const VALUES: readonly string[] = [
  "null",
  "false",
  "0",
  "-0.5",
  "100000000000000000000",
  "12345678901234567890.123456789",
  "9007199254740993",
  "1E400",
  "1e-7",
  '""',
  '"\\u0000 and \\u001f"',
  '"\\u2028\\u2029"',
  '"\\ud83d\\ude00 and 😀"',
  '"line\\r\\nfeed, tab\\t, \\"quote\\", \\\\ and \\/"',
  '"data: x\\n\\nid: y"',
  '"<script>&amp;"',
  "[]",
  "{}",
  '[[[1]],{"a":[{"":null}]}]',
  '{"":1,"__proto__":2,"constructor":3,"cursor":"x","data":{"data":4}}',
  '{"b":1,"a":2}',
];

/** JSON texts with more than one spelling; a server that keeps the text keeps the spelling. */
const TEXTS: readonly string[] = [
  "1.0",
  "1E5",
  "100000000000000000000",
  '"\\u0041\\/"',
  '{"b":1.50,"a":"é"}',
];

/** Names at the edges of the grammar. */
const NAMES: readonly string[] = [
  "a",
  "0",
  "message",
  "News.item",
  "a:b/c-d_e.f",
  "Error",
  "opened",
  "x".repeat(64),
];

/** Publish the drafts and read them back in one way. */
async function through(
  t: TestContext,
  channel: Channel,
  way: Way,
  drafts: readonly Draft[],
): Promise<readonly Message[]> {
  const before = await endOf(t, channel);
  await t.publish(channel, drafts);
  const messages = await readOn(t, channel, way, before, (read) => read.length >= drafts.length);
  t.need(
    claim(messages.length === drafts.length, `messages by ${way}`, String(drafts.length), messages.length),
  );
  return messages;
}

function valuesBy(way: Way): TestDefinition {
  return {
    id: `server/core/data-survives-by-${way}`,
    title: `Every JSON value comes back equal by ${way}: numbers by decimal value, strings by code points`,
    requirements: ["CORE-MESSAGE-1"],
    needs: [way === "sse-header" ? "sse" : way, "publish", "channels"],
    async run(t) {
      const messages = await through(
        t,
        t.channel(),
        way,
        VALUES.map((json) => ({ json })),
      );
      for (const [index, message] of messages.entries())
        t.check(
          "CORE-MESSAGE-1",
          sameJson(`data of message ${index + 1}`, message.data, parseJson(VALUES[index] ?? "")),
        );
    },
  };
}

/** How a message reaches its readers. */
export const messageTests: readonly TestDefinition[] = [
  valuesBy("poll"),
  valuesBy("long-poll"),
  valuesBy("sse"),
  {
    id: "server/core/text-of-data-is-kept",
    title: "The JSON text of data comes back unchanged, except for white space",
    requirements: ["CORE-MESSAGE-2"],
    needs: ["poll", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      await t.publish(
        channel,
        TEXTS.map((json) => ({ json })),
      );
      const messages = await readOn(t, channel, "poll", "start", () => false);
      t.need(same("messages read", messages.length, TEXTS.length));
      const compact = t.exchanges
        .map((exchange) => exchange.text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, "$1"))
        .join("\n");
      for (const text of TEXTS) {
        const kept = compact.includes(`"data":${text}`);
        t.check(
          "CORE-MESSAGE-2",
          claim(kept, `data that was published as ${text}`, "the same text", kept ? text : "another text"),
        );
      }
    },
  },
  {
    id: "server/core/event-names-survive",
    title: "Messages keep their event names; message and no name are the same",
    requirements: ["CORE-MESSAGE-3"],
    needs: ["publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const drafts = [...NAMES.map((name) => draft(1, name)), draft(1)];
      for (const way of waysOf(t)) {
        const messages = await through(t, channel, way, drafts);
        for (const [index, message] of messages.entries()) {
          const what = `event of message ${index + 1} by ${way}`;
          t.check(
            "CORE-MESSAGE-3",
            matches(what, message.event, EVENT_NAME, "a name that matches the grammar event-name"),
          );
          t.check("CORE-MESSAGE-3", same(what, message.event, drafts[index]?.event ?? "message"));
        }
      }
    },
  },
  {
    id: "server/core/one-order-for-all",
    title: "All readers see the same order, in every mechanism and again later, after concurrent publishes",
    requirements: ["CORE-CHANNEL-1"],
    needs: ["publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      await Promise.all(
        Array.from({ length: 6 }, (_, rival) =>
          t.publish(
            channel,
            numbers(3).map(({ json }) => draft(`${rival}.${json}`)),
          ),
        ),
      );
      const ways = waysOf(t);
      const orders: string[][] = [];
      for (const way of [...ways, ...ways]) {
        const messages = await readOn(t, channel, way, before, (read) => read.length >= 18);
        t.need(same(`messages by ${way}`, messages.length, 18));
        orders.push(messages.map(({ cursor, data }) => `${cursor} ${String(data)}`));
      }
      for (const [index, order] of orders.entries())
        t.check(
          "CORE-CHANNEL-1",
          same(
            `order of read ${index + 1}, by ${ways[index % ways.length]}`,
            order.join("; "),
            orders[0]?.join("; "),
          ),
        );
    },
  },
];
