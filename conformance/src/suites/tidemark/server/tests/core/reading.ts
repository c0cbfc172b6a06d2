import { type Draft, draft } from "../../../../../engine/drive/driver.ts";
import { claim, same, sameList } from "../../../../../engine/model/claim.ts";
import { type Channel, withQuery } from "../../../../../engine/wire/channel.ts";
import type { Block } from "../../../../../engine/wire/event-stream.ts";
import type { Exchange } from "../../../../../engine/wire/exchange.ts";
import { type HeaderLines, mediaType } from "../../../../../engine/wire/headers.ts";
import { jsonText } from "../../../../../engine/wire/json.ts";
import { readPage } from "../../../read/page.ts";
import { answered, refused } from "../../../read/problem.ts";
import { isMessage } from "../../../read/stream.ts";
import type { TestContext } from "../../context/context.ts";
import { endOf, fill, foreignCursor } from "../../context/log.ts";
import { StreamReader } from "../../context/stream-reader.ts";
import type { TestDefinition } from "../../definition.ts";

/** A request, and what servers with and without SSE answer. */
interface Choice {
  readonly stream?: string;
  readonly accept?: string;
  readonly withSse: "json" | "sse";
  readonly withoutSse: "json" | "406";
}

/** The specification's table, and edge cases: letter case, parameters, weights, lists, invalid weights. */
const CHOICES: readonly Choice[] = [
  { withSse: "json", withoutSse: "json" },
  { accept: "*/*", withSse: "json", withoutSse: "json" },
  { accept: "text/html", withSse: "json", withoutSse: "json" },
  { accept: "text/*", withSse: "json", withoutSse: "json" },
  { accept: "text/event-stream", withSse: "sse", withoutSse: "406" },
  { accept: "Text/Event-Stream;charset=utf-8", withSse: "sse", withoutSse: "406" },
  { accept: "text/event-stream, application/json", withSse: "sse", withoutSse: "json" },
  { accept: "application/json,text/event-stream", withSse: "sse", withoutSse: "json" },
  { accept: "text/event-stream;q=0.5, application/json", withSse: "json", withoutSse: "json" },
  { accept: "text/event-stream;q=0.5, application/json;q=0.4", withSse: "sse", withoutSse: "json" },
  { accept: "text/event-stream;q=0, */*", withSse: "json", withoutSse: "json" },
  { accept: "text/event-stream;q=0", withSse: "json", withoutSse: "json" },
  { accept: "text/event-stream;q=high", withSse: "sse", withoutSse: "406" },
  { accept: "text/event-stream, */*", withSse: "sse", withoutSse: "json" },
  { stream: "1", accept: "application/json", withSse: "sse", withoutSse: "json" },
  { stream: "1", accept: "text/event-stream;q=0, application/*", withSse: "sse", withoutSse: "json" },
  { stream: "1", accept: "text/html", withSse: "sse", withoutSse: "406" },
  { stream: "1", withSse: "sse", withoutSse: "json" },
];

/** Send the request, and name the kind of the answer. */
async function chosen(
  t: TestContext,
  channel: Channel,
  choice: Choice,
): Promise<{ exchange: Exchange; kind: string }> {
  const headers: HeaderLines = choice.accept === undefined ? [] : [["Accept", choice.accept]];
  const query: Record<string, string> = {
    after: "end",
    ...(choice.stream === undefined ? {} : { stream: choice.stream }),
  };
  const exchange = t.send({ url: withQuery(channel.url, query), headers });
  await t.settle(exchange);
  const kinds: Readonly<Record<string, string>> = { "application/json": "json", "text/event-stream": "sse" };
  const type = mediaType(exchange.headers);
  exchange.abort();
  if (exchange.status !== 200) return { exchange, kind: String(exchange.status) };
  return { exchange, kind: typeof readPage(exchange) === "string" ? (kinds[type] ?? type) : "json" };
}

function nameOf(choice: Choice): string {
  return `${choice.stream === undefined ? "" : "stream=1 and "}Accept: ${choice.accept ?? "(none)"}`;
}

function choiceTest(sse: boolean): TestDefinition {
  return {
    id: `server/core/mechanism-is-chosen-${sse ? "with" : "without"}-sse`,
    title: `A server ${sse ? "with" : "without"} SSE chooses the mechanism as the table of the specification says`,
    requirements: ["CORE-CHOICE-1"],
    needs: sse ? ["poll", "sse"] : ["poll", "no-sse"],
    async run(t) {
      const channel = t.channel();
      for (const choice of CHOICES) {
        const { exchange, kind } = await chosen(t, channel, choice);
        const expected = sse ? choice.withSse : choice.withoutSse;
        t.check("CORE-CHOICE-1", same(`the answer to ${nameOf(choice)}`, kind, expected), exchange);
      }
    },
  };
}

/** Header fields that the answer to a `HEAD` has to have as well. */
const HEAD_FIELDS = [
  "content-type",
  "cache-control",
  "vary",
  "etag",
  "tidemark",
  "access-control-allow-origin",
] as const;

async function compareHead(
  t: TestContext,
  channel: Channel,
  query: Record<string, string>,
  headers: HeaderLines,
): Promise<void> {
  const { stream: _, ...polled } = query;
  const get = await t.get(channel, polled);
  const head = await t.ask({ method: "HEAD", url: withQuery(channel.url, query), headers });
  const again = await t.get(channel, polled);
  const name = `HEAD ${JSON.stringify(query)}${headers.length > 0 ? " with Accept: text/event-stream" : ""}`;
  t.check("CORE-HEAD-1", same(`the status of ${name}`, head.status, get.status), head);
  for (const field of HEAD_FIELDS) {
    if (get.header(field) !== again.header(field)) continue; // somebody published meanwhile
    t.check("CORE-HEAD-1", same(`${field} of ${name}`, head.header(field), get.header(field)), head);
  }
  t.check("CORE-HEAD-1", same(`bytes of the body of ${name}`, head.body.length, 0), head);
}

const FILTER_DRAFTS: readonly Draft[] = [
  draft(1, "a"),
  draft(2),
  draft(3, "b"),
  draft(4, "a"),
  draft(5, "c"),
  draft(6, "message"),
  draft(7, "b"),
];

/** The data that the filter keeps, by its value. */
const FILTERS: Readonly<Record<string, readonly string[]>> = {
  a: ["1", "4"],
  "a,b": ["1", "3", "4", "7"],
  "b,b,b": ["3", "7"],
  message: ["2", "6"],
  "message,c": ["2", "5", "6"],
  none: [],
};

/** The choice of mechanism, HEAD, and the filter. */
export const readingTests: readonly TestDefinition[] = [
  choiceTest(true),
  choiceTest(false),
  {
    id: "server/core/json-is-refused-by-an-sse-only-server",
    title: "A server that offers SSE only refuses a request for JSON with not-acceptable",
    requirements: ["CORE-CHOICE-1"],
    needs: ["sse", "no-poll", "no-long-poll"],
    async run(t) {
      const exchange = await t.get(t.channel(), { after: "end" }, [["Accept", "application/json"]]);
      t.check("CORE-CHOICE-1", refused("the answer to Accept: application/json", exchange, "not-acceptable"));
    },
  },
  {
    id: "server/core/wait-chooses-long-polling",
    title: "wait chooses long polling, unless the request asks for SSE",
    requirements: ["CORE-CHOICE-1"],
    needs: ["long-poll", "sse"],
    async run(t) {
      const channel = t.channel();
      const stream = await t.openStream(channel, { after: "end", wait: 1 });
      t.check(
        "CORE-CHOICE-1",
        claim(stream.isStream, "the answer to stream=1 and wait=1", "a stream", stream.exchange.status),
      );
      const page = await t.get(channel, { after: "end", wait: 1 });
      t.check(
        "CORE-CHOICE-1",
        same("the media type with wait alone", mediaType(page.headers), "application/json"),
      );
    },
  },
  {
    id: "server/core/head-is-get-without-a-body",
    title: "HEAD has the status and the header fields of a poll with the same query, and no body",
    requirements: ["CORE-HEAD-1"],
    needs: ["poll"],
    async run(t) {
      const channel = t.channel();
      const end = await endOf(t, channel);
      const sse: HeaderLines = [["Accept", "text/event-stream"]];
      await compareHead(t, channel, { after: end }, []);
      await compareHead(t, channel, { after: "start" }, []);
      await compareHead(t, channel, { after: end }, sse);
      await compareHead(t, channel, { after: end, stream: "1" }, []);
      await compareHead(t, channel, { after: foreignCursor(t) }, []);
      await compareHead(t, channel, { after: "latest" }, []);
    },
  },
  {
    id: "server/core/head-is-not-held",
    title: "HEAD with wait is answered at once",
    requirements: ["CORE-HEAD-1"],
    needs: ["long-poll"],
    async run(t) {
      const channel = t.channel();
      const url = withQuery(channel.url, { after: await endOf(t, channel), wait: 8 });
      const head = await t.ask({ method: "HEAD", url }, 5_000);
      t.check("CORE-HEAD-1", answered("the answer to HEAD with wait=8, within 5 s", head, 200));
    },
  },
  {
    id: "server/core/filter-keeps-what-is-listed",
    title: "A filtered page has exactly the messages whose event name is in the list",
    requirements: ["CORE-FILTER-1"],
    needs: ["event", "poll", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      await fill(t, channel, FILTER_DRAFTS);
      for (const [event, expected] of Object.entries(FILTERS)) {
        const data = await pagedData(t, channel, before, event);
        t.check("CORE-FILTER-1", sameList(`data of pages with event=${event}`, data, expected));
      }
    },
  },
  {
    id: "server/core/filter-keeps-what-is-listed-on-streams",
    title: "A filtered stream has exactly the messages whose event name is in the list",
    requirements: ["CORE-FILTER-1"],
    needs: ["event", "sse", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      await t.publish(channel, FILTER_DRAFTS);
      const reader = await StreamReader.open(t, channel, before, { event: "a,message" });
      await reader.until((blocks) => dataOf(blocks).includes("6"));
      reader.stop();
      const data = [...new Set(dataOf(reader.blocks))];
      t.check("CORE-FILTER-1", sameList("data of a stream with event=a,message", data, ["1", "2", "4", "6"]));
    },
  },
  {
    id: "server/core/filter-is-live-too",
    title: "A filtered stream filters live messages too",
    requirements: ["CORE-FILTER-1"],
    needs: ["event", "sse", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const reader = await StreamReader.open(t, channel, "end", { event: "wanted" });
      await t.publish(channel, [draft(1, "other"), draft(2)]);
      await t.publish(channel, [draft(3, "wanted")]);
      await reader.until((blocks) => dataOf(blocks).includes("3"));
      t.check(
        "CORE-FILTER-1",
        sameList("data of the stream", dataOf(reader.blocks), ["3"]),
        reader.stream.exchange,
      );
    },
  },
];

/** The data of the messages among the blocks. */
function dataOf(blocks: readonly Block[]): string[] {
  return blocks.filter(isMessage).map(({ data }) => data ?? "");
}

async function pagedData(t: TestContext, channel: Channel, before: string, event: string): Promise<string[]> {
  const data: string[] = [];
  let after = before;
  for (let pages = 0; pages < 20; pages += 1) {
    const page = await t.page(channel, { after, event });
    data.push(...page.messages.map((message) => jsonText(message.data)));
    if (!page.more) break;
    after = page.cursor;
  }
  return data;
}
