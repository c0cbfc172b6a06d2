import { draft, publishBody } from "../../../../../engine/drive/driver.ts";
import { claim, same, within } from "../../../../../engine/model/claim.ts";
import { withQuery } from "../../../../../engine/wire/channel.ts";
import { describe } from "../../../read/page.ts";
import { refused } from "../../../read/problem.ts";
import { endOf, foreignCursor } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";

/** The `wait` of a long poll that has to be refused without waiting. */
const WAIT_S = 8;
const AT_ONCE_MS = 4_000;

/** How a server may refuse an anonymous client. */
const REFUSALS = ["unauthorized", "forbidden", "no-such-channel"] as const;

/** Channels that do not exist, and readers without authorization. */
export const accessTests: readonly TestDefinition[] = [
  {
    id: "server/core/channel-nobody-wrote-to",
    title: "A channel that was never written to is empty, or does not exist",
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
    title: "A server of declared channels refuses all others immediately with no-such-channel",
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
    title: "Without credentials, a request with a valid cursor is refused like one without",
    requirements: ["CORE-CURSOR-5", "CORE-SECURITY-1", "CORE-SECURITY-2"],
    needs: ["credentials"],
    async run(t) {
      const channel = t.channel();
      const end = await endOf(t, channel);
      const control = await t.finish(t.sendBare({ url: withQuery(channel.url, { after: "end" }) }));
      if (control.status === 200) t.notApplicable("the channel can be read without credentials");
      t.check("CORE-SECURITY-1", refused("the answer without credentials", control, ...REFUSALS));
      t.check(
        "CORE-SECURITY-2",
        claim(control.status !== 404, "the refusal", "401 or 403, or 404", control.status),
      );
      const resumed = t.sendBare({ url: withQuery(channel.url, { after: end }) });
      t.check(
        "CORE-CURSOR-5",
        refused("the answer without credentials, with a cursor", await t.finish(resumed), ...REFUSALS),
      );
      const url = withQuery(channel.url, { stream: 1 });
      const stream = t.sendBare({ url, headers: [["Last-Event-ID", end]] });
      t.check(
        "CORE-SECURITY-1",
        refused("the answer to resuming a stream without credentials", await t.finish(stream), ...REFUSALS),
      );
    },
  },
  {
    id: "server/core/strangers-cannot-publish",
    title: "Without credentials, a publish and a removal are refused",
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
        refused("the answer to a publish without credentials", await t.finish(post), ...REFUSALS),
      );
      const removal = t.sendBare({ method: "DELETE", url: channel.url });
      t.check(
        "CORE-SECURITY-1",
        refused(
          "the answer to DELETE without credentials",
          await t.finish(removal),
          ...REFUSALS,
          "method-not-allowed",
        ),
      );
    },
  },
  {
    id: "server/core/strangers-learn-nothing",
    title: "Without credentials, the refusal does not reveal whether a channel exists or what it holds",
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
        t.check(
          "CORE-SECURITY-7",
          refused(`the answer without credentials to ${name}`, one, ...REFUSALS),
          one,
        );
        const other = await t.finish(t.sendBare({ url: withQuery(unwritten.url, query) }));
        const what = `the answer to ${name} at an unused channel, compared with a used one`;
        t.check("CORE-SECURITY-7", same(what, describe(other), describe(one)), other);
      }
    },
  },
  {
    id: "server/core/several-problems",
    title: "If a request has several problems, the server may report any of them",
    requirements: ["CORE-PROBLEM-5"],
    async run(t) {
      const exchange = await t.get(t.channel(), { after: "latest", limit: 0, event: "$" });
      const what = "the answer to three malformed parameters";
      t.check("CORE-PROBLEM-5", refused(what, exchange, "invalid-parameter", "unsupported-parameter"));
    },
  },
];
