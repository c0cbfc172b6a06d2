import { draft, publishBody } from "../../../../../engine/drive/driver.ts";
import { claim, same, sameList } from "../../../../../engine/model/claim.ts";
import { withRawQuery } from "../../../../../engine/wire/channel.ts";
import { jsonText, member, parseJson } from "../../../../../engine/wire/json.ts";
import { answered, refused } from "../../../read/problem.ts";
import { carriedOut, served } from "../../../read/served.ts";
import { isMessage } from "../../../read/stream.ts";
import { cursorsOf, endOf, fill } from "../../context/log.ts";
import { StreamReader } from "../../context/stream-reader.ts";
import type { TestDefinition } from "../../definition.ts";
import { ask } from "./ask.ts";

/** How the query is parsed. */
export const parameterTests: readonly TestDefinition[] = [
  {
    id: "server/core/query-is-decoded-as-a-form",
    title:
      "Names and values are decoded as application/x-www-form-urlencoded; undecodable text is not a valid position",
    requirements: ["CORE-PARAM-1"],
    async run(t) {
      const channel = t.channel();
      for (const query of ["after=%65nd", "%61fter=end", "after=%65%6E%64&", "&&after=end"])
        t.check("CORE-PARAM-1", served(`the answer to ?${query}`, await ask(t, channel, query)));
      const control = await ask(t, channel, "after=A*1");
      t.control(refused("the answer to a malformed position", control, "invalid-parameter"));
      for (const query of ["%61fter=", "after=A+1", "after=A%FF", "after=A%C3", "after=A%zz", "after"]) {
        const exchange = await ask(t, channel, query);
        t.check("CORE-PARAM-1", refused(`the answer to ?${query}`, exchange, "invalid-parameter"));
      }
    },
  },
  {
    id: "server/core/unknown-parameters-are-ignored",
    title: "Unknown parameters are ignored, however often they occur",
    requirements: ["CORE-PARAM-2"],
    async run(t) {
      const channel = t.channel();
      for (const query of [
        "x=1",
        "x=1&x=2&after=end",
        "After=x&LIMIT=0&after=end",
        "%24x=%00&after=end",
        "cursor=x&since=1&id=2",
        "=&after=end",
      ])
        t.check("CORE-PARAM-2", served(`the answer to ?${query}`, await ask(t, channel, query)));
    },
  },
  {
    id: "server/core/filter-that-is-not-offered-is-refused",
    title: "A server without filters refuses event with unsupported-parameter, instead of ignoring it",
    requirements: ["CORE-PARAM-5"],
    needs: ["no-event"],
    async run(t) {
      const channel = t.channel();
      t.control(served("the answer without event", await ask(t, channel, "after=end")));
      for (const method of ["GET", "HEAD"]) {
        const exchange = await ask(t, channel, "after=end&event=a", method);
        const refusal =
          method === "GET"
            ? refused("the answer to event", exchange, "unsupported-parameter")
            : answered("the answer to HEAD with event", exchange, 400);
        t.check("CORE-PARAM-5", refusal);
      }
    },
  },
  {
    id: "server/core/numbers-above-the-maximum-are-clamped",
    title: "limit and wait above their maximum count as the maximum, with any number of digits",
    requirements: ["CORE-PARAM-6"],
    async run(t) {
      const channel = t.channel();
      const many = "9".repeat(40);
      for (const query of [
        `limit=${many}`,
        "limit=4294967296",
        "limit=0000000000000000000007",
        `after=start&wait=${many}`,
        "after=end&wait=00000000000000000000000",
      ])
        t.check("CORE-PARAM-6", served(`the answer to ?${query}`, await ask(t, channel, query)));
    },
  },
  {
    id: "server/core/limit-is-clamped-to-its-maximum",
    title: "A limit far above the maximum returns at most max-limit messages",
    requirements: ["CORE-PARAM-6"],
    needs: ["poll", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      await t.publish(
        channel,
        Array.from({ length: 20 }, (_, index) => draft(index)),
      );
      const page = await t.page(channel, { after: "start", limit: "99999999999999999999" });
      t.need(claim(page.messages.length > 0, "messages in the page", "at least 1", page.messages.length));
      const most = t.target.claims.maxLimit ?? 20;
      t.check(
        "CORE-PARAM-6",
        claim(page.messages.length <= most, "messages in the page", `at most ${most}`, page.messages.length),
      );
    },
  },
  {
    id: "server/core/query-is-ignored-on-other-methods",
    title: "POST, DELETE and OPTIONS ignore the query",
    requirements: ["CORE-PARAM-7"],
    needs: ["publishing", "channels"],
    async run(t) {
      const channel = t.channel();
      const url = withRawQuery(channel.url, "after=&limit=0&limit=x&stream=7&event=&wait=soon");
      const headers = [["Content-Type", "application/json"]] as const;
      const post = await t.ask({ method: "POST", url, headers, body: publishBody([draft(1)]) });
      t.check("CORE-PARAM-7", carriedOut("the answer to POST with a malformed query", post));
      const options = await t.ask({ method: "OPTIONS", url });
      t.check("CORE-PARAM-7", answered("the answer to OPTIONS with a malformed query", options, 204));
      const removed = await t.ask({ method: "DELETE", url });
      t.check("CORE-PARAM-7", answered("the answer to DELETE with a malformed query", removed, 204, 405));
    },
  },
  {
    id: "server/core/idle-parameters-are-ignored-by-streams",
    title: "A stream ignores wait and limit if they are well-formed",
    requirements: ["CORE-PARAM-8"],
    needs: ["sse", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      const all = await fill(t, channel, 3);
      const reader = await StreamReader.open(t, channel, before, { limit: 1, wait: 1 });
      await reader.until((blocks) => blocks.filter(isMessage).length >= 3);
      const ids = reader.blocks.filter(isMessage).map(({ id }) => id ?? "");
      t.check(
        "CORE-PARAM-8",
        sameList("messages with limit=1 and wait=1", ids, cursorsOf(all)),
        reader.stream.exchange,
      );
    },
  },
  {
    id: "server/core/idle-parameters-keep-their-form",
    title: "A stream with a malformed wait or limit is refused",
    requirements: ["CORE-PARAM-8"],
    needs: ["sse"],
    async run(t) {
      const channel = t.channel();
      t.control(served("the answer to valid ones", await ask(t, channel, "stream=1&limit=1&wait=1")));
      const page = await ask(t, channel, "limit=0");
      if (t.target.mechanisms.includes("poll"))
        t.control(refused("the answer to limit=0 with polling", page, "invalid-parameter"));
      for (const query of ["stream=1&limit=0", "stream=1&wait=soon"])
        t.check(
          "CORE-PARAM-8",
          refused(`the answer to ?${query}`, await ask(t, channel, query), "invalid-parameter"),
        );
    },
  },
  {
    id: "server/core/gap-does-not-bear-on-a-good-position",
    title: "gap is ignored if there is no gap",
    requirements: ["CORE-PARAM-8"],
    needs: ["poll"],
    async run(t) {
      const channel = t.channel();
      const end = await endOf(t, channel);
      const page = await t.page(channel, { after: end, gap: "start" });
      t.check("CORE-PARAM-8", same("`cursor` with gap=start at a valid position", page.cursor, end));
      t.check("CORE-PARAM-8", same("`gap` of the page", jsonText(page.gap), "(nothing)"));
    },
  },
  {
    id: "server/core/gap-does-not-bear-on-a-position-with-messages",
    title: "gap does not move a reader from a valid position to the start or the end",
    requirements: ["CORE-PARAM-8"],
    needs: ["poll", "messages"],
    async run(t) {
      const channel = t.channel();
      const [first, second] = await fill(t, channel, 2);
      for (const gap of ["start", "end"]) {
        const page = await t.page(channel, { after: first?.cursor ?? "", gap });
        const cursors = cursorsOf(page.messages);
        t.check("CORE-PARAM-8", sameList(`messages with gap=${gap}`, cursors, [second?.cursor ?? ""]));
      }
    },
  },
  {
    id: "server/core/wait-is-zero-without-long-polling",
    title: "A server without long polling treats wait as 0 and answers with a page at once",
    requirements: ["CORE-PARAM-8"],
    needs: ["poll", "no-long-poll"],
    async run(t) {
      const channel = t.channel();
      const exchange = await t.get(channel, { after: await endOf(t, channel), wait: 20 });
      t.check("CORE-PARAM-8", served("the answer to wait=20", exchange));
      const cursor = member(parseJson(exchange.text), "cursor");
      t.check("CORE-PARAM-8", claim(typeof cursor === "string", "its body", "a page", exchange.text));
    },
  },
];
