import { draft, publishBody } from "../../../../../engine/drive/driver.ts";
import { type Claim, claim, same } from "../../../../../engine/model/claim.ts";
import { type Channel, withQuery } from "../../../../../engine/wire/channel.ts";
import type { Exchange } from "../../../../../engine/wire/exchange.ts";
import { listMembers } from "../../../../../engine/wire/headers.ts";
import { member, parseJson } from "../../../../../engine/wire/json.ts";
import { answered } from "../../../read/problem.ts";
import { served } from "../../../read/served.ts";
import type { TestContext } from "../../context/context.ts";
import { endOf, fill, foreignCursor } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";
import { accepting } from "./ask.ts";

/** The rules for `Cache-Control`; the order of directives does not matter. */
type Rule = "fresh" | "revalidated" | "stream" | "no-store";

const RULES: Readonly<Record<Rule, string>> = {
  fresh: "private (or public), max-age=N, and perhaps immutable, or no-cache; or no-store",
  revalidated: "private (or public), no-cache",
  stream: "no-store, no-transform",
  "no-store": "no-store",
};

/** The answer has the `Cache-Control` that the specification's table gives for its kind. */
function cached(name: string, exchange: Exchange, rule: Rule): Claim {
  const field = exchange.header("cache-control");
  const members = listMembers(field).sort();
  const text = members
    .map((member) => (member === "public" ? "private" : member))
    .sort()
    .join(" ");
  const good: Readonly<Record<Rule, RegExp>> = {
    fresh: /^(?:(?:immutable )?max-age=[1-9]\d* private|no-cache private|no-store)$/,
    revalidated: /^no-cache private$/,
    stream: /^no-store no-transform$/,
    "no-store": /^no-store$/,
  };
  return claim(good[rule].test(text), `Cache-Control of ${name}`, RULES[rule], field);
}

/** Send a request, and wait for the answer, or for the first block of a stream. */
async function ask(
  t: TestContext,
  channel: Channel,
  query: Record<string, string | number>,
  method = "GET",
): Promise<Exchange> {
  const exchange = t.send({ method, url: withQuery(channel.url, query), headers: accepting(t) });
  await t.settle(exchange);
  return exchange;
}

/** The answer has `Vary: Accept`. */
function varies(name: string, exchange: Exchange): Claim {
  const vary = exchange.header("vary");
  return claim(listMembers(vary).includes("accept"), `Vary of ${name}`, "a list with Accept", vary);
}

/** What caches may do with answers. */
export const cachingTests: readonly TestDefinition[] = [
  {
    id: "server/core/page-with-more-may-be-fresh",
    title: "A page after a cursor with more=true may be fresh in a cache, or is no-store",
    requirements: ["CORE-CACHE-1"],
    needs: ["poll", "messages"],
    async run(t) {
      const channel = t.channel();
      const [first] = await fill(t, channel, 3);
      for (const query of [{ limit: 1 }, { limit: 1, gap: "start" }]) {
        const page = await t.page(channel, { after: first?.cursor ?? "", ...query });
        t.need(same("`more` of the page", page.more, true));
        t.check("CORE-CACHE-1", cached("a page with more=true", page.exchange, "fresh"));
      }
    },
  },
  {
    id: "server/core/newest-page-is-revalidated",
    title: "A page after a cursor with more=false is private and no-cache, with or without messages",
    requirements: ["CORE-CACHE-1"],
    needs: ["poll", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const [first, last] = await fill(t, channel, 2);
      const newest = await t.page(channel, { after: first?.cursor ?? "" });
      t.need(same("`more` of the page", newest.more, false));
      t.check("CORE-CACHE-1", cached("the newest page", newest.exchange, "revalidated"));
      const empty = await t.page(channel, { after: last?.cursor ?? "" });
      t.check("CORE-CACHE-1", cached("an empty page", empty.exchange, "revalidated"));
      await t.close(channel);
      const closed = await t.page(channel, { after: last?.cursor ?? "" });
      t.check("CORE-CACHE-1", cached("the page at the closed end", closed.exchange, "revalidated"));
    },
  },
  {
    id: "server/core/pages-for-words-and-gaps-are-not-stored",
    title: "A page at start, at end or without a position, a page with a gap, and a long poll are no-store",
    requirements: ["CORE-CACHE-1"],
    needs: ["poll"],
    async run(t) {
      const channel = t.channel();
      const end = await endOf(t, channel);
      const queries: Record<string, Record<string, string | number>> = {
        "a page at start": { after: "start" },
        "a page at start with limit": { after: "start", limit: 1 },
        "a page at end": { after: "end" },
        "a page without a position": {},
        "a page with a gap": { after: foreignCursor(t), gap: "start" },
        ...(t.target.mechanisms.includes("long-poll")
          ? { "a long poll": { after: end, wait: 0 }, "a long poll at end": { after: "end", wait: 1 } }
          : {}),
      };
      for (const [name, query] of Object.entries(queries)) {
        const exchange = await ask(t, channel, query);
        t.need(served(name, exchange));
        const isToldOtherwise =
          name === "a page with a gap" && member(parseJson(exchange.text), "gap") === undefined;
        if (!isToldOtherwise) t.check("CORE-CACHE-1", cached(name, exchange, "no-store"));
      }
    },
  },
  {
    id: "server/core/long-polls-with-messages-are-not-stored",
    title: "A long poll that is answered with messages is no-store, even with more=true",
    requirements: ["CORE-CACHE-1"],
    needs: ["long-poll", "messages"],
    async run(t) {
      const channel = t.channel();
      const [first] = await fill(t, channel, 3);
      for (const limit of [1, 100]) {
        const page = await t.page(channel, { after: first?.cursor ?? "", wait: 1, limit });
        t.check("CORE-CACHE-1", cached(`a long poll with limit=${limit}`, page.exchange, "no-store"));
      }
    },
  },
  {
    id: "server/core/streams-are-not-stored",
    title: "A stream is no-store and no-transform",
    requirements: ["CORE-CACHE-1"],
    needs: ["sse"],
    async run(t) {
      const stream = await t.openStream(t.channel(), { after: "end" });
      t.check("CORE-CACHE-1", cached("a stream", stream.exchange, "stream"));
    },
  },
  {
    id: "server/core/errors-are-not-stored",
    title: "Problems are no-store, especially 410, which caches may store by default",
    requirements: ["CORE-CACHE-1"],
    async run(t) {
      const channel = t.channel();
      const answers = {
        "a gap": await ask(t, channel, { after: foreignCursor(t) }),
        "an invalid parameter": await ask(t, channel, { after: "latest" }),
        "a method that is not offered": await ask(t, channel, {}, "PUT"),
        OPTIONS: await ask(t, channel, {}, "OPTIONS"),
        "HEAD of a gap": await ask(t, channel, { after: foreignCursor(t) }, "HEAD"),
      };
      for (const [name, exchange] of Object.entries(answers))
        if (name === "OPTIONS" || (exchange.status ?? 0) >= 400)
          t.check("CORE-CACHE-1", cached(name, exchange, "no-store"), exchange);
    },
  },
  {
    id: "server/core/204-is-not-stored",
    title: "The 204 at the end of a closed channel is no-store and has Vary: Accept",
    requirements: ["CORE-CACHE-1", "CORE-CACHE-3"],
    needs: ["sse", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const [message] = await fill(t, channel, 1);
      await t.close(channel);
      const exchange = await t.get(channel, { stream: 1 }, [["Last-Event-ID", message?.cursor ?? ""]]);
      t.need(answered("the answer at the closed end", exchange, 204));
      t.check("CORE-CACHE-1", cached("the 204", exchange, "no-store"));
      t.check("CORE-CACHE-3", varies("the 204", exchange));
    },
  },
  {
    id: "server/core/answers-to-publishers-are-not-stored",
    title: "Answers to POST and DELETE are no-store",
    requirements: ["CORE-CACHE-1"],
    needs: ["publishing", "channels"],
    async run(t) {
      const channel = t.channel();
      t.check(
        "CORE-CACHE-1",
        cached("a publish", await t.post(channel, publishBody([draft(1)])), "no-store"),
      );
      t.check("CORE-CACHE-1", cached("a refused publish", await t.post(channel, "{}"), "no-store"));
      t.check(
        "CORE-CACHE-1",
        cached("DELETE", await t.ask({ method: "DELETE", url: channel.url }), "no-store"),
      );
    },
  },
  {
    id: "server/core/304-is-cached-as-its-page",
    title: "A 304 has the Cache-Control of its page and Vary: Accept",
    requirements: ["CORE-CACHE-1", "CORE-CACHE-3"],
    needs: ["poll"],
    async run(t) {
      const channel = t.channel();
      const end = await endOf(t, channel);
      const page = await t.page(channel, { after: end });
      const etag = page.exchange.header("etag");
      if (etag === undefined) return t.notApplicable("the server sends no ETag");
      const exchange = await t.get(channel, { after: end }, [["If-None-Match", etag]]);
      t.need(answered("the answer to If-None-Match", exchange, 304));
      t.check("CORE-CACHE-1", cached("the 304", exchange, "revalidated"));
      t.check("CORE-CACHE-3", varies("the 304", exchange));
    },
  },
  {
    id: "server/core/public-is-readable-without-credentials",
    title: "A page is public only if it can be read without credentials",
    requirements: ["CORE-CACHE-2"],
    needs: ["poll"],
    async run(t) {
      const channel = t.channel();
      const url = withQuery(channel.url, { after: await endOf(t, channel) });
      const exchange = await t.ask({ url });
      const bare = await t.finish(t.sendBare({ url }));
      const isPublic = listMembers(exchange.header("cache-control")).includes("public");
      const open = bare.status === 200;
      t.check(
        "CORE-CACHE-2",
        claim(
          !isPublic || open,
          "Cache-Control of a page",
          open ? "private, or public" : "not public, because it is refused without credentials",
          exchange.header("cache-control"),
        ),
        exchange,
      );
    },
  },
  {
    id: "server/core/pages-for-some-are-revalidated",
    title:
      "A page that requires credentials has no max-age, so the next user of a browser needs a new request",
    requirements: ["CORE-CACHE-4"],
    needs: ["credentials", "poll", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const [first] = await fill(t, channel, 3);
      const query = { after: first?.cursor ?? "", limit: 1 };
      const bare = await t.finish(t.sendBare({ url: withQuery(channel.url, query) }));
      if (bare.status === 200) t.notApplicable("the channel can be read without credentials");
      const page = await t.page(channel, query);
      t.need(same("`more` of the page", page.more, true));
      const field = page.exchange.header("cache-control");
      const isKept = listMembers(field).some((directive) => directive.startsWith("max-age"));
      t.check(
        "CORE-CACHE-4",
        claim(!isKept, "Cache-Control of a page that requires credentials", "no max-age", field),
        page.exchange,
      );
    },
  },
  {
    id: "server/core/every-read-varies-by-accept",
    title: "Every answer to GET and HEAD has Vary: Accept, including problems and streams",
    requirements: ["CORE-CACHE-3"],
    async run(t) {
      const channel = t.channel();
      const end = await endOf(t, channel);
      const queries: Record<string, Record<string, string | number>> = {
        "a page after a cursor": { after: end },
        "a page at start": { after: "start" },
        "a long poll": { after: "end", wait: 1 },
        "a stream": { after: "end", stream: 1 },
        "a gap": { after: foreignCursor(t) },
        "an invalid parameter": { after: "latest" },
      };
      for (const [name, query] of Object.entries(queries))
        t.check("CORE-CACHE-3", varies(name, await ask(t, channel, query)));
      t.check("CORE-CACHE-3", varies("HEAD", await ask(t, channel, { after: end }, "HEAD")));
    },
  },
];
