import { endOf, foreignCursor } from "../../context/log.ts";
import { draft, publishBody } from "../../drive/driver.ts";
import { claim, same, within } from "../../model/claim.ts";
import { describe } from "../../read/page.ts";
import { refused } from "../../read/problem.ts";
import type { TestDefinition } from "../../run/definition.ts";
import { withQuery } from "../../run/target.ts";

/** A wait that a refusal must not take. */
const WAIT_S = 8;
const AT_ONCE_MS = 4_000;

/** What may stand in the way of a stranger. */
const REFUSALS = ["unauthorized", "forbidden", "no-such-channel"] as const;

/** Channels that are not there, and readers who have no right. */
export const accessTests: readonly TestDefinition[] = [
  {
    id: "server/core/channel-nobody-wrote-to",
    title: "A channel that nobody wrote to is an empty one, or none",
    requirements: ["CORE-CHANNEL-2"],
    needs: ["any-channel"],
    async run(t) {
      const exchange = await t.get(t.channel(), { after: "end" });
      const implicit = exchange.status === 200;
      t.check(
        "CORE-CHANNEL-2",
        claim(implicit, "a channel of a new name", "empty and open, or no-such-channel", exchange.status),
      );
    },
  },
  {
    id: "server/core/undeclared-channel-is-refused",
    title: "A server of declared channels refuses any other with no-such-channel, and holds nothing for it",
    requirements: ["CORE-CHANNEL-3"],
    needs: ["declared"],
    async run(t) {
      const channel = t.channel();
      const queries: Record<string, string | number>[] = [
        {},
        { after: "end" },
        { after: "end", wait: WAIT_S },
        { stream: 1 },
      ];
      for (const query of queries) {
        const exchange = await t.get(channel, query);
        t.check(
          "CORE-CHANNEL-3",
          refused(`the answer to ${JSON.stringify(query)}`, exchange, "no-such-channel"),
        );
        t.check("CORE-CHANNEL-3", within("the refusal", exchange.headAtMs, AT_ONCE_MS));
      }
    },
  },
  {
    id: "server/core/cursor-grants-nothing",
    title: "A stranger who knows a cursor is refused as one who does not",
    requirements: ["CORE-CURSOR-5", "CORE-SECURITY-1", "CORE-SECURITY-2"],
    needs: ["credentials"],
    async run(t) {
      const channel = t.channel();
      const end = await endOf(t, channel);
      const control = await t.finish(t.sendBare({ url: withQuery(channel.url, { after: "end" }) }));
      if (control.status === 200) t.notApplicable("the channel can be read without credentials");
      t.check("CORE-SECURITY-1", refused("the answer to a stranger", control, ...REFUSALS));
      t.check(
        "CORE-SECURITY-2",
        claim(control.status !== 404, "the refusal", "401 or 403, or 404", control.status),
      );
      const resumed = t.sendBare({ url: withQuery(channel.url, { after: end }) });
      t.check(
        "CORE-CURSOR-5",
        refused("the answer to a stranger with a cursor", await t.finish(resumed), ...REFUSALS),
      );
      const url = withQuery(channel.url, { stream: 1 });
      const stream = t.sendBare({ url, headers: [["Last-Event-ID", end]] });
      t.check(
        "CORE-SECURITY-1",
        refused("the answer to a stranger who resumes a stream", await t.finish(stream), ...REFUSALS),
      );
    },
  },
  {
    id: "server/core/strangers-cannot-publish",
    title: "A publish and a removal without credentials are refused",
    requirements: ["CORE-SECURITY-1"],
    needs: ["credentials", "publishing", "channels"],
    async run(t) {
      const channel = t.channel();
      const body = publishBody([draft(1)]);
      const post = t.sendBare({
        method: "POST",
        url: channel.url,
        headers: [["Content-Type", "application/json"]],
        body,
      });
      t.check(
        "CORE-SECURITY-1",
        refused("the answer to a stranger's publish", await t.finish(post), ...REFUSALS),
      );
      const removal = t.sendBare({ method: "DELETE", url: channel.url });
      t.check(
        "CORE-SECURITY-1",
        refused(
          "the answer to a stranger's DELETE",
          await t.finish(removal),
          ...REFUSALS,
          "method-not-allowed",
        ),
      );
    },
  },
  {
    id: "server/core/strangers-learn-nothing",
    title: "A stranger is refused before anything that would tell whether a channel exists or what it holds",
    requirements: ["CORE-SECURITY-7"],
    needs: ["credentials", "publish", "channels"],
    async run(t) {
      const [written, unwritten] = [t.channel(), t.channel()];
      await t.publish(written, [draft(1)]);
      const control = await t.finish(t.sendBare({ url: written.url }));
      if (control.status === 200) t.notApplicable("the channel can be read without credentials");
      const queries: Record<string, string>[] = [
        {},
        { after: "latest" },
        { limit: "0" },
        { after: foreignCursor(t) },
      ];
      for (const query of queries) {
        const name = JSON.stringify(query);
        const one = await t.finish(t.sendBare({ url: withQuery(written.url, query) }));
        t.check("CORE-SECURITY-7", refused(`the answer to a stranger with ${name}`, one, ...REFUSALS), one);
        const other = await t.finish(t.sendBare({ url: withQuery(unwritten.url, query) }));
        const what = `the answer with ${name} where nothing was written, beside where something was`;
        t.check("CORE-SECURITY-7", same(what, describe(other), describe(one)), other);
      }
    },
  },
  {
    id: "server/core/several-problems",
    title: "Of several problems a server may answer any",
    requirements: ["CORE-PROBLEM-5"],
    async run(t) {
      const exchange = await t.get(t.channel(), { after: "latest", limit: 0, event: "$" });
      const what = "the answer to three malformed parameters";
      t.check("CORE-PROBLEM-5", refused(what, exchange, "invalid-parameter", "unsupported-parameter"));
    },
  },
];
