import { claim, different, same } from "../../../../engine/model/claim.ts";
import { latin1 } from "../../../../engine/wire/bytes.ts";
import { type Answer, json, problem } from "../answers.ts";
import type { ClientContext } from "../client-context.ts";
import type { ClientTestDefinition } from "../client-definition.ts";
import type { Reading } from "../reading.ts";
import type { ScriptedChannel } from "../scripted-channel.ts";

const DRAFTS = [{ data: { text: "é€😀" } }, { event: "second", data: [1, 2] }];

/** Refusals that end a publish with an error. */
const FINAL: Readonly<Record<string, number>> = {
  "invalid-body": 400,
  forbidden: 403,
  "no-such-channel": 404,
  "method-not-allowed": 405,
  "not-at-end": 409,
  closed: 409,
  "too-large": 413,
  "unsupported-type": 415,
  "key-reused": 422,
};

/** Refusals that are temporary. */
const PASSING: Readonly<Record<string, number>> = {
  "in-progress": 409,
  "too-early": 425,
  "too-many-requests": 429,
  internal: 500,
  unavailable: 503,
  "storage-full": 507,
};

/** 128 random bits need at least this many printable characters. */
const KEY_CHARACTERS = 20;

/** How a client publishes, and which requests it repeats. */
export const publishingTests: readonly ClientTestDefinition[] = [
  {
    id: "client/publish/repeats-under-one-key",
    title: "The client repeats a POST whose answer was lost, with the same bytes and the same key",
    requirements: ["PUB-KEY-7"],
    needs: ["publish"],
    async run(t) {
      const losses: readonly Answer[] = [(reply) => reply.cut(), (reply) => reply.reset()];
      const keys: string[] = [];
      for (const loss of losses) {
        const channel = t.channel({ script: (_, number) => (number <= 2 ? loss : undefined) });
        const publishing = t.publish(channel, DRAFTS);
        await settled(t, publishing, channel, 3);
        const [first, ...others] = channel.requests;
        t.need(claim(first?.method === "POST", "the client", "sends a POST", first?.method));
        t.check("PUB-KEY-7", same("the publish", publishing.ending, "published"));
        for (const repeated of others) {
          t.check(
            "PUB-KEY-7",
            claim(
              first !== undefined && latin1(repeated.body) === latin1(first.body),
              "the body of the repeated POST",
              "the same bytes",
              repeated.text,
            ),
            repeated,
          );
          t.check(
            "PUB-KEY-7",
            same(
              "the key of the repeated POST",
              repeated.header("idempotency-key"),
              first?.header("idempotency-key"),
            ),
            repeated,
          );
        }
        keys.push(first?.header("idempotency-key") ?? "");
      }
      for (const key of keys)
        t.check(
          "PUB-KEY-7",
          claim(key.length - 2 >= KEY_CHARACTERS, "the key", `${KEY_CHARACTERS} characters or more`, key),
        );
      t.check("PUB-KEY-7", different("the key of another publish", keys[1], keys[0]));
    },
  },
  {
    id: "client/publish/does-not-repeat-without-a-key",
    title: "The client does not repeat a POST without a key whose answer was lost",
    requirements: ["PUB-KEY-8"],
    needs: ["publish", "publish-without-key"],
    async run(t) {
      const keyed = t.channel({ script: (_, number) => (number === 1 ? (reply) => reply.cut() : undefined) });
      await settled(t, t.publish(keyed, DRAFTS), keyed, 2);
      t.control(same("requests of a publish with a key", keyed.requests.length, 2));
      const retryMs = keyed.requests[1] ? (keyed.requests[0]?.until(keyed.requests[1]) ?? 0) : 0;
      // On a new connection: on a reused one an HTTP library may repeat the request itself, which is noted below.
      const channel = t.channel({ ownPort: true, script: () => (reply) => reply.cut() });
      const publishing = t.publish(channel, DRAFTS, { key: false });
      await settled(t, publishing, channel, 2);
      await t.watch(Math.max(400, 3 * retryMs));
      t.check("PUB-KEY-8", same("requests of a publish without a key", channel.requests.length, 1));
      t.check(
        "PUB-KEY-8",
        same("the key of the POST", channel.requests[0]?.header("idempotency-key"), undefined),
      );
      t.check("PUB-KEY-8", same("the publish", publishing.ending, "ended with an error"));
      await noteRepeats(t);
    },
  },
  {
    id: "client/publish/ends-on-final-refusals",
    title: "A final refusal ends the publish with an error",
    requirements: ["PUB-CLIENT-1"],
    needs: ["publish"],
    async run(t) {
      const runs = Object.entries(FINAL).map(([name, status]) => {
        const channel = t.channel({ script: () => problem(status, { name, members: { end: "P-9" } }) });
        return { name, channel, publishing: t.publish(channel, DRAFTS) };
      });
      const busy = Object.entries(PASSING).map(([name, status]) => {
        const refusal = problem(status, { name, headers: [["Retry-After", "0"]] });
        const channel = t.channel({ script: (_, number) => (number === 1 ? refusal : undefined) });
        return { name, channel, publishing: t.publish(channel, DRAFTS) };
      });
      for (const { name, channel, publishing } of busy) {
        await settled(t, publishing, channel, 2);
        t.control(same(`a publish after ${name}`, publishing.ending, "published"));
      }
      for (const { channel, publishing } of runs) await settled(t, publishing, channel, 2);
      await t.watch(400);
      for (const { name, channel, publishing } of runs) {
        t.check(
          "PUB-CLIENT-1",
          same(`the publish after ${name}`, publishing.ending, "ended with an error"),
          channel.requests[0],
        );
        t.check(
          "PUB-CLIENT-1",
          same(`requests up to and including ${name}`, channel.requests.length, 1),
          channel.requests[0],
        );
      }
    },
  },
  {
    id: "client/publish/tells-409-apart-by-type",
    title: "The type of a 409 decides whether it is final, whatever else the answer says",
    requirements: ["CORE-PROBLEM-3"],
    needs: ["publish"],
    async run(t) {
      const headers = [["Retry-After", "0"]] as const;
      const running = problem(409, {
        name: "in-progress",
        title: "closed",
        members: { detail: "closed", end: "P-9" },
        headers,
      });
      const closed = problem(409, {
        name: "closed",
        title: "in-progress",
        members: { detail: "in-progress", end: "P-9" },
        headers,
      });
      const foreign = problem(409, {
        name: "https://elsewhere.example/in-progress",
        title: "in-progress",
        headers,
      });
      const passing = t.channel({ script: (_, number) => (number === 1 ? running : undefined) });
      const published = t.publish(passing, DRAFTS);
      await settled(t, published, passing, 2);
      t.check("CORE-PROBLEM-3", same("the publish after in-progress", published.ending, "published"));
      for (const [name, refusal] of [
        ["closed", closed],
        ["an unknown type", foreign],
      ] as const) {
        const channel = t.channel({ script: () => refusal });
        const publishing = t.publish(channel, DRAFTS);
        await settled(t, publishing, channel, 2);
        t.check(
          "CORE-PROBLEM-3",
          same(`the publish after 409 ${name}`, publishing.ending, "ended with an error"),
        );
      }
    },
  },
  {
    id: "client/publish/ignores-unknown-members",
    title: "The client ignores unknown members of the answer to a publish",
    requirements: ["CORE-UNKNOWN-1"],
    needs: ["publish"],
    async run(t) {
      const text = JSON.stringify({ cursors: ["P-1", "P-2"], cursor: "P-2", error: "no", news: [1] });
      const channel = t.channel({ script: () => json(200, text) });
      const publishing = t.publish(channel, DRAFTS);
      await settled(t, publishing, channel, 2);
      t.check("CORE-UNKNOWN-1", same("the publish", publishing.ending, "published"));
      t.check("CORE-UNKNOWN-1", same("requests", channel.requests.length, 1));
    },
  },
];

/** Note it if the client's HTTP library itself repeats a request that was lost on a reused connection, even a POST. */
async function noteRepeats(t: ClientContext): Promise<void> {
  const used = t.channel({ script: (_, number) => (number > 1 ? (reply) => reply.cut() : undefined) });
  await settled(t, t.publish(used, DRAFTS), used, 1);
  const publishing = t.publish(used, DRAFTS, { key: false });
  await settled(t, publishing, used, 2);
  if (publishing.failure && used.requests.length > 2)
    t.note(
      "on a reused connection the client's HTTP library repeats a POST: without a key it can be published twice",
    );
}

/** Wait until a publish has ended or more than `requests` requests have come. */
async function settled(
  t: ClientContext,
  publishing: Reading,
  channel: ScriptedChannel,
  requests: number,
): Promise<void> {
  await t.until(
    () => publishing.published || publishing.failure !== undefined || channel.requests.length > requests,
  );
}
