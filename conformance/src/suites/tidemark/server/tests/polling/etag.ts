import { draft } from "../../../../../engine/drive/driver.ts";
import { claim, different, matches, same } from "../../../../../engine/model/claim.ts";
import type { Channel } from "../../../../../engine/wire/channel.ts";
import type { Exchange } from "../../../../../engine/wire/exchange.ts";
import { listMembers } from "../../../../../engine/wire/headers.ts";
import { jsonText } from "../../../../../engine/wire/json.ts";
import { parseClaims } from "../../../claims.ts";
import { type Page, readPage } from "../../../read/page.ts";
import { answered } from "../../../read/problem.ts";
import type { TestContext } from "../../context/context.ts";
import { endOf, fill } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";

/** A weak entity tag (RFC 9110). */
const WEAK = /^W\/"[\x21\x23-\x7e\x80-\xff]*"$/;

/** The cursor and the ETag of the page at the end; if the server sends no ETag, the test does not apply. */
async function taggedPage(t: TestContext, channel: Channel): Promise<{ cursor: string; etag: string }> {
  const cursor = await endOf(t, channel);
  const page = await t.page(channel, { after: cursor });
  const etag = page.exchange.header("etag");
  if (etag === undefined) t.notApplicable("the server sends no ETag");
  return { cursor, etag };
}

/** Poll with this `If-None-Match`. */
function conditional(t: TestContext, channel: Channel, after: string, value: string): Promise<Exchange> {
  return t.get(channel, { after }, [["If-None-Match", value]]);
}

/** What two pages with the same ETag have to agree in. */
function identity(page: Page, filter: string): string {
  const first = page.messages[0]?.cursor ?? "";
  return JSON.stringify([first, page.cursor, page.more, jsonText(page.closed), filter]);
}

/** Validators of polled pages. */
export const etagTests: readonly TestDefinition[] = [
  {
    id: "server/polling/etag-is-weak",
    title: "A page that may be stored has a weak ETag",
    requirements: ["POLL-ETAG-1"],
    needs: ["poll"],
    async run(t) {
      const channel = t.channel();
      const page = await t.page(channel, { after: await endOf(t, channel) });
      const stored = !listMembers(page.exchange.header("cache-control")).includes("no-store");
      if (!stored) t.notApplicable("the page is no-store");
      t.check(
        "POLL-ETAG-1",
        matches(
          "ETag of a page that answers a cursor",
          page.exchange.header("etag"),
          WEAK,
          'a weak tag: W/"…"',
        ),
      );
    },
  },
  {
    id: "server/polling/etag-changes-with-the-page",
    title: "Pages that differ in their first message, cursor, more, closed or filter have different ETags",
    requirements: ["POLL-ETAG-2"],
    needs: ["poll", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const empty = await endOf(t, channel);
      const pages: { readonly page: Page; readonly name: string; readonly filter: string }[] = [];
      const look = async (name: string, query: Readonly<Record<string, string | number>>): Promise<void> => {
        pages.push({ page: await t.page(channel, query), name, filter: String(query.event ?? "") });
      };
      await look("empty channel", { after: empty });
      const [first, second] = await fill(t, channel, [draft(1), draft(2, "b")]);
      await look("two messages", { after: empty });
      await look("two messages, limit 1", { after: empty, limit: 1 });
      await look("after the first", { after: first?.cursor ?? "" });
      await look("at the end", { after: second?.cursor ?? "" });
      const filters = t.target.claims.event ? ["b", "message"] : [];
      for (const event of filters) await look(`filtered by ${event}`, { after: empty, event });
      const isUnfiltered = pages.some(({ filter, page }) => filter !== "" && page.messages.length > 1);
      t.need(claim(!isUnfiltered, "messages that each filter keeps", "at most one", "more"));
      await t.publish(channel, [draft(3)]);
      await look("after one more", { after: second?.cursor ?? "" });
      compare(t, pages);
    },
  },
  {
    id: "server/polling/etag-changes-on-close",
    title: "The page at the end gets another ETag when the channel is closed",
    requirements: ["POLL-ETAG-2"],
    needs: ["poll", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      await t.publish(channel, [draft(1)]);
      const { cursor, etag } = await taggedPage(t, channel);
      await t.close(channel);
      const closed = await t.page(channel, { after: cursor });
      t.need(same("`closed` of the page", jsonText(closed.closed), "true"));
      t.check("POLL-ETAG-2", different("ETag after the close", closed.exchange.header("etag"), etag));
    },
  },
  {
    id: "server/polling/if-none-match-is-answered-304",
    title:
      "A poll is answered 304 if its If-None-Match matches the page, by weak comparison, in a list or by *",
    requirements: ["POLL-ETAG-3"],
    needs: ["poll"],
    async run(t) {
      const channel = t.channel();
      const { cursor, etag } = await taggedPage(t, channel);
      const strong = etag.replace(/^W\//, "");
      const values = {
        "the tag": etag,
        "the tag as a strong tag": strong,
        "a list": `"other", ${etag}`,
        "*": "*",
      };
      for (const [name, value] of Object.entries(values)) {
        const exchange = await conditional(t, channel, cursor, value);
        t.check("POLL-ETAG-3", answered(`the answer to If-None-Match with ${name}`, exchange, 304));
      }
    },
  },
  {
    id: "server/polling/if-none-match-of-another-page-is-answered-200",
    title: "A poll whose If-None-Match does not match is answered with the page",
    requirements: ["POLL-ETAG-3"],
    needs: ["poll", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      await t.publish(channel, [draft(1)]);
      const { cursor, etag } = await taggedPage(t, channel);
      const other = await conditional(t, channel, cursor, '"conformance-other"');
      t.check("POLL-ETAG-3", answered("the answer to an unknown tag", other, 200));
      await t.publish(channel, [draft(2)]);
      t.need(
        same(
          "messages of the page after a publish",
          (await t.page(channel, { after: cursor })).messages.length,
          1,
        ),
      );
      const changed = await conditional(t, channel, cursor, etag);
      t.check("POLL-ETAG-3", answered("the answer to the tag of the page before a publish", changed, 200));
      const page = readPage(changed);
      const count = typeof page === "string" ? page : page.messages.length;
      t.check("POLL-ETAG-3", same("messages in that answer", count, 1));
    },
  },
  {
    id: "server/polling/304-carries-the-headers-of-the-page",
    title: "A 304 has the ETag, Cache-Control, Vary and Tidemark of the page",
    requirements: ["POLL-ETAG-4", "CORE-CLAIM-2"],
    needs: ["poll"],
    async run(t) {
      const channel = t.channel();
      const { cursor, etag } = await taggedPage(t, channel);
      const page = await t.get(channel, { after: cursor });
      const exchange = await conditional(t, channel, cursor, etag);
      t.need(answered("the answer to If-None-Match", exchange, 304));
      for (const name of ["etag", "cache-control", "vary"])
        t.check("POLL-ETAG-4", same(`${name} of the 304`, exchange.header(name), page.header(name)));
      const claims = parseClaims(exchange.header("tidemark"));
      t.check("POLL-ETAG-4", same("`v` in Tidemark of the 304", claims?.version, 1));
      const reduced = exchange.header("tidemark") !== page.header("tidemark");
      t.check(
        "CORE-CLAIM-2",
        claim(!reduced, "Tidemark of the 304", "that of the page, or v=1", exchange.header("tidemark")),
      );
    },
  },
];

function compare(
  t: TestContext,
  pages: readonly { readonly page: Page; readonly name: string; readonly filter: string }[],
): void {
  for (const [index, one] of pages.entries())
    for (const other of pages.slice(index + 1)) {
      const tag = one.page.exchange.header("etag");
      if (tag === undefined) t.notApplicable("the server sends no ETag");
      if (identity(one.page, one.filter) === identity(other.page, other.filter)) continue;
      const what = `ETag of “${other.name}”, compared with “${one.name}”`;
      t.check("POLL-ETAG-2", different(what, other.page.exchange.header("etag"), tag), other.page.exchange);
    }
}
