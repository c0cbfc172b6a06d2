import { draft, publishBody } from "../../../../../engine/drive/driver.ts";
import { type Claim, claim, oneOf, same } from "../../../../../engine/model/claim.ts";
import type { Channel } from "../../../../../engine/wire/channel.ts";
import type { Exchange } from "../../../../../engine/wire/exchange.ts";
import { jsonText, member, parseJson } from "../../../../../engine/wire/json.ts";
import { problemName } from "../../../read/page.ts";
import { refused } from "../../../read/problem.ts";
import { carriedOut } from "../../../read/served.ts";
import type { TestContext } from "../../context/context.ts";
import { endOf } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";

/** The needs of these tests. */
const NEEDS = ["keys", "channels"] as const;

/** How many publishes use one key at the same time. */
const RIVALS = 6;

/** POST with an idempotency key. */
function postWithKey(t: TestContext, channel: Channel, body: string, key: string): Promise<Exchange> {
  return t.post(channel, body, [["Idempotency-Key", key]]);
}

/** A new key. */
function freshKey(t: TestContext): string {
  return `"conformance-${Math.floor(t.random() * 2 ** 48).toString(36)}"`;
}

/** The members of an answer that the answer to a repetition has to repeat. */
function gist(exchange: Exchange): string {
  const json = parseJson(exchange.text);
  return ["cursors", "cursor", "closed"].map((name) => jsonText(member(json, name))).join(" ");
}

/** The end has moved, so the publish was appended. */
function moved(what: string, end: string, before: string): Claim {
  return claim(end !== before, what, "has moved", "has not moved");
}

/** Idempotency keys. */
export const keyTests: readonly TestDefinition[] = [
  {
    id: "server/publishing/key-repeats-the-first-answer",
    title: "A POST that repeats key and body gets the first answer again, and appends nothing",
    requirements: ["PUB-KEY-1"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      const [key, body] = [freshKey(t), publishBody([draft("once"), draft("twice")])];
      const first = await postWithKey(t, channel, body, key);
      t.need(carriedOut("the first answer", first));
      await t.publish(channel, [draft("between")]);
      const end = await endOf(t, channel);
      const again = await postWithKey(t, channel, body, key);
      t.check("PUB-KEY-1", carriedOut("the answer to the repetition", again));
      t.check("PUB-KEY-1", same("its cursors, cursor and closed", gist(again), gist(first)));
      t.check("PUB-KEY-1", same("the end after the repetition", await endOf(t, channel), end));
    },
  },
  {
    id: "server/publishing/key-is-checked-before-closed",
    title:
      "A repeated POST that closed the channel gets its first answer again, and is not refused with closed",
    requirements: ["PUB-KEY-1", "PUB-ORDER-1"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      const [key, body] = [freshKey(t), publishBody([draft("last")], { close: true })];
      const first = await postWithKey(t, channel, body, key);
      t.need(carriedOut("the first answer", first));
      const again = await postWithKey(t, channel, body, key);
      t.check("PUB-KEY-1", carriedOut("the answer to the repetition", again));
      t.check("PUB-KEY-1", same("its cursors, cursor and closed", gist(again), gist(first)));
      const other = await postWithKey(t, channel, publishBody([draft("other")]), key);
      t.check(
        "PUB-ORDER-1",
        refused("another body with the key, at the closed channel", other, "key-reused"),
      );
    },
  },
  {
    id: "server/publishing/key-with-another-body",
    title: "A POST that reuses the key with other messages, close or after is refused with key-reused",
    requirements: ["PUB-KEY-2"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      const key = freshKey(t);
      t.need(carriedOut("the first answer", await postWithKey(t, channel, publishBody([draft(1)]), key)));
      const end = await endOf(t, channel);
      const others = {
        messages: publishBody([draft(2)]),
        close: publishBody([draft(1)], { close: true }),
        after: publishBody([draft(1)], { after: end }),
      };
      for (const [name, body] of Object.entries(others)) {
        const exchange = await postWithKey(t, channel, body, key);
        t.check("PUB-KEY-2", refused(`the answer to the key with different ${name}`, exchange, "key-reused"));
      }
      t.check("PUB-KEY-2", same("the end after the refusals", await endOf(t, channel), end));
    },
  },
  {
    id: "server/publishing/key-with-the-same-members-in-other-bytes",
    title: "A POST with the key and the same members, but other bytes, gets the first answer or key-reused",
    requirements: ["PUB-KEY-9"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      const key = freshKey(t);
      const first = await postWithKey(t, channel, '{"messages":[{"data":{"a":1,"b":2}}]}', key);
      t.need(carriedOut("the first answer", first));
      const end = await endOf(t, channel);
      const again = await postWithKey(t, channel, '{ "messages" : [ {"data":{"a":1, "b":2}} ] }', key);
      const repeated = carriedOut("x", again).ok && gist(again) === gist(first);
      const refusal = refused("the answer to the same members in other bytes", again, "key-reused");
      t.check("PUB-KEY-9", {
        ...refusal,
        ok: refusal.ok || repeated,
        expected: `the first answer, or ${refusal.expected}`,
      });
      t.check("PUB-KEY-9", same("the end after it", await endOf(t, channel), end));
    },
  },
  {
    id: "server/publishing/key-belongs-to-its-channel",
    title: "A key in another channel, or after the channel was removed, is a different key",
    requirements: ["PUB-KEY-10"],
    needs: NEEDS,
    async run(t) {
      const [one, other] = [t.channel(), t.channel()];
      const [key, body] = [freshKey(t), publishBody([draft("same")])];
      t.need(carriedOut("the answer at the first channel", await postWithKey(t, one, body, key)));
      const before = await endOf(t, other);
      const exchange = await postWithKey(t, other, body, key);
      t.check("PUB-KEY-10", carriedOut("the answer at the other channel", exchange));
      t.check("PUB-KEY-10", moved("the end of the other channel", await endOf(t, other), before));
      const removal = await t.ask({ method: "DELETE", url: one.url });
      if (removal.status !== 204) return;
      const empty = await endOf(t, one);
      const anew = await postWithKey(t, one, body, key);
      t.check("PUB-KEY-10", carriedOut("the answer in the channel's next epoch", anew));
      t.check("PUB-KEY-10", moved("the end of the channel in its next epoch", await endOf(t, one), empty));
    },
  },
  {
    id: "server/publishing/key-at-the-same-time",
    title: "Of several concurrent POSTs with one key, one appends; the others get its answer or in-progress",
    requirements: ["PUB-KEY-3", "PUB-KEY-4"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      const [key, body] = [freshKey(t), publishBody([draft("one")])];
      const answers = await Promise.all(
        Array.from({ length: RIVALS }, () => postWithKey(t, channel, body, key)),
      );
      const done = answers.filter(({ status }) => status === 200 || status === 201);
      for (const exchange of answers) {
        const seen = done.includes(exchange)
          ? "carried out"
          : (problemName(exchange) ?? String(exchange.status));
        t.check("PUB-KEY-3", oneOf("the answer", seen, ["carried out", "in-progress"]), exchange);
      }
      t.check("PUB-KEY-4", same("different answers", new Set(done.map(gist)).size, 1));
      const cursor = member(parseJson(done[0]?.text ?? ""), "cursor");
      t.need(claim(done.length > 0, "POSTs carried out", "at least 1", done.length));
      t.check("PUB-KEY-4", same("the end: one message was appended", await endOf(t, channel), cursor));
      t.check("PUB-KEY-4", claim(before !== cursor, "the end", "has moved", "has not moved"));
    },
  },
  {
    id: "server/publishing/key-of-a-refusal-is-forgotten",
    title: "The key of a refused POST can be used again",
    requirements: ["PUB-KEY-5"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      const end = await endOf(t, channel);
      await t.publish(channel, [draft(1)]);
      const key = freshKey(t);
      const refusal = await postWithKey(t, channel, publishBody([draft(2)], { after: end }), key);
      t.need(refused("the answer to a POST with an old after", refusal, "not-at-end"));
      const malformed = await postWithKey(t, channel, '{"messages":[{}]}', key);
      t.need(refused("the answer to a malformed POST", malformed, "invalid-body"));
      const exchange = await postWithKey(t, channel, publishBody([draft(3)]), key);
      t.check("PUB-KEY-5", carriedOut("the answer to the key after two refusals", exchange));
    },
  },
  {
    id: "server/publishing/key-has-its-form",
    title: "An Idempotency-Key that is repeated, or not a quoted string of 1 to 255 characters, is refused",
    requirements: ["PUB-KEY-6"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      const body = publishBody([draft(1)]);
      const control = await postWithKey(t, channel, body, freshKey(t));
      t.control(carriedOut("the answer to a valid key", control));
      const end = await endOf(t, channel);
      for (const key of ["unquoted", '""', '"open', `"${"k".repeat(256)}"`, '"a" b', "7", '"a\\b"']) {
        const exchange = await postWithKey(t, channel, body, key);
        t.check(
          "PUB-KEY-6",
          refused(`the answer to the key ${key.slice(0, 20)}`, exchange, "invalid-header"),
        );
      }
      const twice = await t.post(channel, body, [
        ["Idempotency-Key", '"a"'],
        ["Idempotency-Key", '"b"'],
      ]);
      t.check("PUB-KEY-6", refused("the answer to two keys", twice, "invalid-header"));
      t.check("PUB-KEY-6", same("the end after the refusals", await endOf(t, channel), end));
    },
  },
  {
    id: "server/publishing/key-of-255-characters",
    title: "A key of 255 characters, including quotes and backslashes, is accepted",
    requirements: ["PUB-KEY-6", "PUB-KEY-1"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      const key = `"${"k".repeat(251)} \\"\\\\~"`;
      const first = await postWithKey(t, channel, publishBody([draft(1)]), key);
      t.check("PUB-KEY-6", carriedOut("the answer to a key of 255 characters", first));
      const again = await postWithKey(t, channel, publishBody([draft(1)]), key);
      t.check("PUB-KEY-1", same("the answer to its repetition", gist(again), gist(first)));
    },
  },
  {
    id: "server/publishing/key-where-none-is-offered",
    title: "A server without keys refuses a POST that has one, because it could append twice",
    requirements: ["PUB-KEY-6"],
    needs: ["publishing", "no-keys", "channels"],
    async run(t) {
      const channel = t.channel();
      const body = publishBody([draft(1)]);
      t.control(carriedOut("the answer without a key", await t.post(channel, body)));
      const exchange = await postWithKey(t, channel, body, freshKey(t));
      t.check("PUB-KEY-6", refused("the answer to a key", exchange, "invalid-header"));
    },
  },
];
