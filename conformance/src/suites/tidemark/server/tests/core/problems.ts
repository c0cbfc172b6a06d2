import { draft, publishBody } from "../../../../../engine/drive/driver.ts";
import { claim, matches, oneOf, same } from "../../../../../engine/model/claim.ts";
import { withQuery } from "../../../../../engine/wire/channel.ts";
import type { Exchange } from "../../../../../engine/wire/exchange.ts";
import { mediaType } from "../../../../../engine/wire/headers.ts";
import { JsonNumber, jsonText, member, parseJson } from "../../../../../engine/wire/json.ts";
import { CURSOR, PROBLEM_BASE, problemName } from "../../../read/page.ts";
import { answered, PROBLEM_STATUS, type ProblemName } from "../../../read/problem.ts";
import { carriedOut, served } from "../../../read/served.ts";
import type { TestContext } from "../../context/context.ts";
import { endOf, fill, foreignCursor } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";

/** The four reasons of a gap. */
const REASONS = ["retention", "epoch", "ahead", "unknown"];

/**
 * The refusal is the registered problem, with its media type, members and fields. An answer that is not an
 * error, or that reports another problem, is skipped: whether it is the right problem is for the test of the
 * request.
 */
function checkProblem(
  t: TestContext,
  name: ProblemName,
  exchange: Exchange,
  members: readonly string[],
  fields: readonly string[] = [],
): void {
  const id = "CORE-PROBLEM-1";
  const told = problemName(exchange);
  if ((exchange.status ?? 0) < 400 || (told !== name && told !== undefined && told in PROBLEM_STATUS)) return;
  t.check(id, same(`the status of ${name}`, exchange.status, PROBLEM_STATUS[name]), exchange);
  t.check(id, same(`its media type`, mediaType(exchange.headers), "application/problem+json"), exchange);
  const json = parseJson(exchange.text);
  t.check(id, same(`\`type\` of ${name}`, member(json, "type"), `${PROBLEM_BASE}${name}`), exchange);
  const status = member(json, "status");
  t.check(
    id,
    same(
      `\`status\` of ${name}`,
      status instanceof JsonNumber ? Number(status.text) : status,
      exchange.status,
    ),
    exchange,
  );
  const title = member(json, "title");
  t.check(
    id,
    claim(typeof title === "string" && title !== "", `\`title\` of ${name}`, "a text", jsonText(title)),
    exchange,
  );
  for (const wanted of members) {
    const value = member(json, wanted);
    t.check(
      id,
      claim(typeof value === "string", `\`${wanted}\` of ${name}`, "a string", jsonText(value)),
      exchange,
    );
  }
  for (const field of fields)
    t.check(
      id,
      claim(exchange.header(field) !== undefined, `${field} of ${name}`, "present", "absent"),
      exchange,
    );
}

/** Problems, above all the gap. */
export const problemTests: readonly TestDefinition[] = [
  {
    id: "server/core/problems-of-a-reader",
    title: "A failed read is answered with a registered problem and its members",
    requirements: ["CORE-PROBLEM-1"],
    async run(t) {
      const channel = t.channel();
      const good = await t.settle(t.send({ url: withQuery(channel.url, { after: "end" }) }));
      t.control(
        claim(
          (good.status ?? 500) < 400 || good.status === 406,
          "the answer to a valid read",
          "no problem",
          good.status,
        ),
      );
      const invalid = await t.get(channel, { after: "latest" });
      checkProblem(t, "invalid-parameter", invalid, ["parameter"]);
      if (invalid.status === 400)
        t.check(
          "CORE-PROBLEM-1",
          same("`parameter`", member(parseJson(invalid.text), "parameter"), "after"),
          invalid,
        );
      const after = foreignCursor(t);
      const gap = await t.get(channel, { after });
      checkProblem(t, "gap", gap, ["reason", "requested", "start", "end"]);
      checkProblem(t, "method-not-allowed", await t.ask({ method: "PUT", url: channel.url }), [], ["allow"]);
      if (t.target.claims.event) return;
      checkProblem(t, "unsupported-parameter", await t.get(channel, { event: "a" }), ["parameter"]);
    },
  },
  {
    id: "server/core/problems-of-a-publisher",
    title: "A failed publish is answered with a registered problem and its members",
    requirements: ["CORE-PROBLEM-1"],
    needs: ["publishing", "channels"],
    async run(t) {
      const channel = t.channel();
      await t.publish(channel, [draft(1)]);
      checkProblem(t, "invalid-body", await t.post(channel, "{"), []);
      checkProblem(t, "unsupported-type", await t.ask({ method: "POST", url: channel.url, body: "{}" }), []);
      checkProblem(t, "not-at-end", await t.post(channel, publishBody([draft(2)], { after: "start" })), [
        "end",
      ]);
      const key = [["Idempotency-Key", '"problem"']] as const;
      const badKey = [["Idempotency-Key", "bare"]] as const;
      checkProblem(t, "invalid-header", await t.post(channel, publishBody([draft(2)]), badKey), ["header"]);
      if (t.target.claims.keyTtlS !== undefined) {
        t.need(carriedOut("the first use of a key", await t.post(channel, publishBody([draft(3)]), key)));
        checkProblem(t, "key-reused", await t.post(channel, publishBody([draft(4)]), key), []);
      }
      await t.close(channel);
      checkProblem(t, "closed", await t.post(channel, publishBody([draft(5)])), ["end"]);
    },
  },
  {
    id: "server/core/retry-after-is-in-seconds",
    title: "Retry-After is a number of seconds",
    requirements: ["CORE-PROBLEM-2"],
    needs: ["keys", "channels"],
    async run(t) {
      const channel = t.channel();
      const body = publishBody([draft("busy")]);
      const key = [["Idempotency-Key", '"retry-after"']] as const;
      const answers = await Promise.all(Array.from({ length: 8 }, () => t.post(channel, body, key)));
      const told = answers.filter((exchange) => exchange.header("retry-after") !== undefined);
      if (told.length === 0) t.notApplicable("no answer had Retry-After");
      for (const exchange of told)
        t.check(
          "CORE-PROBLEM-2",
          matches("Retry-After", exchange.header("retry-after"), /^\d+$/, "a number of seconds"),
          exchange,
        );
    },
  },
  {
    id: "server/core/bodies-are-nosniff",
    title: "Every answer with a body has X-Content-Type-Options: nosniff",
    requirements: ["CORE-PROBLEM-4"],
    async run(t) {
      const channel = t.channel();
      const answers = [
        await t.get(channel, { after: "end" }),
        await t.get(channel, { after: "latest" }),
        await t.get(channel, { after: foreignCursor(t) }),
        await t.ask({ method: "PUT", url: channel.url }),
      ];
      if (t.target.mechanisms.includes("sse"))
        answers.push((await t.openStream(channel, { after: "end" })).exchange);
      for (const exchange of answers) {
        const name = `X-Content-Type-Options of a ${exchange.status} ${mediaType(exchange.headers)}`;
        t.check(
          "CORE-PROBLEM-4",
          same(name, exchange.header("x-content-type-options")?.toLowerCase(), "nosniff"),
          exchange,
        );
      }
    },
  },
  {
    id: "server/core/answers-to-a-publish-are-nosniff",
    title: "The answer to a publish has X-Content-Type-Options: nosniff",
    requirements: ["CORE-PROBLEM-4"],
    needs: ["publishing", "channels"],
    async run(t) {
      const channel = t.channel();
      for (const body of [publishBody([draft(1)]), "{}"]) {
        const exchange = await t.post(channel, body);
        t.check(
          "CORE-PROBLEM-4",
          same(
            `X-Content-Type-Options of a ${exchange.status}`,
            exchange.header("x-content-type-options")?.toLowerCase(),
            "nosniff",
          ),
        );
      }
    },
  },
  {
    id: "server/core/gap-offers-good-cursors",
    title: "start and end of a gap are cursors, and a read from either has no gap",
    requirements: ["CORE-GAP-5"],
    needs: ["poll", "messages"],
    async run(t) {
      const channel = t.channel();
      await fill(t, channel, 3);
      const gap = await t.get(channel, { after: foreignCursor(t) });
      t.need(answered("the answer to a foreign cursor", gap, 410));
      const inBand = (await t.page(channel, { after: foreignCursor(t), gap: "end" })).gap;
      for (const [name, json] of [
        ["problem", parseJson(gap.text)],
        ["page", inBand],
      ] as const)
        for (const word of json === undefined ? [] : ["start", "end"]) {
          const cursor = member(json, word);
          const text = typeof cursor === "string" ? cursor : "";
          t.check("CORE-GAP-5", matches(`\`${word}\` of the gap in a ${name}`, text, CURSOR, "a cursor"));
          const read = await t.get(channel, { after: text });
          t.check("CORE-GAP-5", served(`the answer to \`${word}\` as a position`, read));
        }
    },
  },
  {
    id: "server/core/gap-gives-its-reason",
    title: "A gap has one of the four reasons, and not retention if no message was ever dropped",
    requirements: ["CORE-GAP-6"],
    needs: ["poll", "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      await t.publish(channel, [draft(1)]);
      const other = t.channel();
      await t.publish(other, [draft(1), draft(2)]);
      const own = await endOf(t, channel);
      const cursors = [foreignCursor(t), await endOf(t, other)].filter((cursor) => cursor !== own);
      for (const cursor of cursors) {
        const gap = await t.get(channel, { after: cursor });
        t.need(answered("the answer to an unknown cursor", gap, 410));
        const reason = member(parseJson(gap.text), "reason");
        t.check(
          "CORE-GAP-6",
          oneOf(
            "`reason` of the gap",
            reason,
            REASONS.filter((word) => word !== "retention"),
          ),
        );
      }
    },
  },
];
