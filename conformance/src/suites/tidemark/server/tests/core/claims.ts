import { draft, publishBody } from "../../../../../engine/drive/driver.ts";
import { claim, matches, same } from "../../../../../engine/model/claim.ts";
import { type Channel, withQuery } from "../../../../../engine/wire/channel.ts";
import { parseDictionary } from "../../../../../engine/wire/dictionary.ts";
import type { Exchange } from "../../../../../engine/wire/exchange.ts";
import { parseClaims } from "../../../claims.ts";
import { describe, readPage } from "../../../read/page.ts";
import { answered } from "../../../read/problem.ts";
import { carriedOut, served } from "../../../read/served.ts";
import type { TestContext } from "../../context/context.ts";
import { endOf, foreignCursor } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";
import { ask } from "./ask.ts";

/** The answer has the same `Tidemark` as the first answer of the run, with `v=1`. */
function checkClaims(t: TestContext, name: string, exchange: Exchange): void {
  t.need(claim(exchange.status !== undefined, name, "an answer", describe(exchange)));
  const field = exchange.header("tidemark");
  t.check("CORE-CLAIM-1", same(`\`v\` in Tidemark of ${name}`, parseClaims(field)?.version, 1), exchange);
  const claims = JSON.stringify(parseClaims(field));
  const expected = JSON.stringify(parseClaims(t.target.claimed));
  t.check("CORE-CLAIM-1", same(`the claims in Tidemark of ${name}`, claims, expected), exchange);
}

/** The answers to read-only requests, one for each kind of answer. */
async function readingAnswers(t: TestContext, channel: Channel): Promise<Map<string, Exchange>> {
  const end = await endOf(t, channel);
  const answers = new Map<string, Exchange>();
  const ask = async (name: string, query: Record<string, string | number>, method = "GET"): Promise<void> => {
    const exchange = t.send({ method, url: withQuery(channel.url, query) });
    await t.settle(exchange);
    answers.set(name, exchange);
  };
  await ask("a poll", { after: end });
  await ask("a poll at start", { after: "start" });
  await ask("a long poll", { after: "end", wait: 1 });
  await ask("a stream", { after: end, stream: 1 });
  await ask("HEAD", { after: end }, "HEAD");
  await ask("OPTIONS", {}, "OPTIONS");
  await ask("an invalid parameter", { after: "latest" });
  await ask("a gap", { after: foreignCursor(t) });
  await ask("an unknown method", {}, "PROPFIND");
  return answers;
}

/** What a server claims, and whether it offers what it claims. */
export const claimTests: readonly TestDefinition[] = [
  {
    id: "server/core/every-answer-claims",
    title: "Every answer to a read has Tidemark with v=1 and all claims, whatever its status",
    requirements: ["CORE-CLAIM-1"],
    async run(t) {
      for (const [name, exchange] of await readingAnswers(t, t.channel())) checkClaims(t, name, exchange);
    },
  },
  {
    id: "server/core/every-answer-to-a-publisher-claims",
    title: "Every answer to a publisher has Tidemark too",
    requirements: ["CORE-CLAIM-1"],
    needs: ["publishing", "channels"],
    async run(t) {
      const channel = t.channel();
      checkClaims(t, "a publish", await t.post(channel, publishBody([draft(1)])));
      checkClaims(t, "an invalid body", await t.post(channel, "{}"));
      const untyped = await t.ask({ method: "POST", url: channel.url, body: "{}" });
      checkClaims(t, "an unsupported type", untyped);
      checkClaims(t, "DELETE", await t.ask({ method: "DELETE", url: channel.url }));
    },
  },
  {
    id: "server/core/204-claims",
    title: "The 204 at the end of a closed channel has Tidemark, which tells it from a proxy's 204",
    requirements: ["CORE-CLAIM-1"],
    needs: ["sse", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      await t.publish(channel, [draft(1)]);
      await t.close(channel);
      const end = await endOf(t, channel);
      const exchange = await t.get(channel, { stream: 1 }, [["Last-Event-ID", end]]);
      t.need(answered("the answer at the closed end", exchange, 204));
      checkClaims(t, "a 204", exchange);
    },
  },
  {
    id: "server/core/tidemark-is-a-dictionary",
    title: "Tidemark is a dictionary (RFC 9651), and its members have the specified types",
    requirements: ["CORE-CLAIM-1"],
    async run(t) {
      const exchange = await t.get(t.channel(), { after: "end" });
      const field = exchange.header("tidemark");
      const members = field === undefined ? undefined : parseDictionary(field);
      t.check("CORE-CLAIM-1", claim(members !== undefined, "Tidemark", "a dictionary", field));
      const bounds: Readonly<Record<string, readonly [number, number]>> = {
        "max-wait": [1, 3600],
        "max-limit": [1, Infinity],
        heartbeat: [1, 300],
        "key-ttl": [0, Infinity],
      };
      for (const [name, [least, most]] of Object.entries(bounds)) {
        const value = members?.get(name);
        if (value === undefined) continue;
        const good = Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
        t.check("CORE-CLAIM-1", claim(good, `\`${name}\``, `an integer from ${least} to ${most}`, value));
      }
      for (const name of ["publish", "event"])
        if (members?.has(name))
          t.check("CORE-CLAIM-1", same(`type of \`${name}\``, typeof members.get(name), "boolean"));
      if (members?.has("mechanisms"))
        t.check(
          "CORE-CLAIM-1",
          claim(Array.isArray(members.get("mechanisms")), "`mechanisms`", "an inner list", field),
        );
    },
  },
  {
    id: "server/core/long-poll-implies-poll",
    title: "A server that claims long-poll also claims poll",
    requirements: ["CORE-CLAIM-4"],
    needs: ["long-poll"],
    async run(t) {
      const exchange = await t.get(t.channel(), { after: "end" });
      const { mechanisms = [] } = parseClaims(exchange.header("tidemark")) ?? {};
      t.check(
        "CORE-CLAIM-4",
        claim(mechanisms.includes("poll"), "`mechanisms`", "a list with poll", mechanisms.join(" ")),
      );
    },
  },
  {
    id: "server/core/offers-what-it-claims",
    title: "The server offers each mechanism that it claims",
    requirements: ["CORE-CLAIM-3"],
    async run(t) {
      const channel = t.channel();
      const { mechanisms, claims } = t.target;
      if (mechanisms.includes("poll")) {
        const page = readPage(await t.get(channel, { after: "end" }));
        t.check(
          "CORE-CLAIM-3",
          same("the answer to a poll", typeof page === "string" ? page : "a page", "a page"),
        );
      }
      if (mechanisms.includes("long-poll")) {
        const page = readPage(await t.get(channel, { after: "end", wait: 1 }));
        t.check(
          "CORE-CLAIM-3",
          same("the answer to a long poll", typeof page === "string" ? page : "a page", "a page"),
        );
      }
      if (mechanisms.includes("sse")) {
        const stream = t.stream(channel, { after: "end" });
        await t.until(stream.exchange, () => stream.exchange.status !== undefined);
        const seen = stream.isStream ? "a stream" : describe(stream.exchange);
        t.check("CORE-CLAIM-3", same("the answer to a read by SSE", seen, "a stream"));
      }
      if (!claims.event) return;
      const filtered = await ask(t, channel, "after=end&event=a");
      t.check("CORE-CLAIM-3", served("the answer to event", filtered));
    },
  },
  {
    id: "server/core/publishing-is-offered-as-claimed",
    title: "A server that claims publish accepts POST; one that claims key-ttl accepts a key",
    requirements: ["CORE-CLAIM-3"],
    needs: ["publishing", "channels"],
    async run(t) {
      const channel = t.channel();
      const post = await t.post(channel, publishBody([draft(1)]));
      t.check("CORE-CLAIM-3", carriedOut("the answer to POST", post));
      if (t.target.claims.keyTtlS === undefined) return;
      const keyed = await t.post(channel, publishBody([draft(2)]), [["Idempotency-Key", '"conformance"']]);
      t.check("CORE-CLAIM-3", carriedOut("the answer to POST with a key", keyed));
    },
  },
  {
    id: "server/core/heartbeat-is-as-claimed",
    title: "The heartbeat in $open is the one that Tidemark claims",
    requirements: ["SSE-OPEN-3"],
    needs: ["sse"],
    async run(t) {
      const claimed = t.target.claims.heartbeatS;
      if (claimed === undefined) t.notApplicable("no heartbeat is claimed");
      const stream = await t.openStream(t.channel(), { after: "end" });
      const told = /"heartbeat"\s*:\s*(\d+)/.exec(stream.find("$open")?.data ?? "")?.[1];
      t.need(claim(told !== undefined, "`heartbeat` of $open", "a number", told));
      t.check(
        "SSE-OPEN-3",
        matches("`heartbeat` of $open", told, new RegExp(`^${claimed}$`), String(claimed)),
      );
    },
  },
];
