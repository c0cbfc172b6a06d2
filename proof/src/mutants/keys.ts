import type { Appended, AppendOptions } from "@tidemark/log";
import { ProtocolError } from "@tidemark/protocol";
import { altered } from "@tidemark/server-core";
import { posts } from "../peer/change-bodies.ts";
import { logging } from "../peer/change-log.ts";
import type { Parts } from "../peer/parts.ts";
import { because, type Mutant } from "./mutant.ts";

/** Servers that handle idempotency keys wrongly. */
export const keyMutants: readonly Mutant[] = [
  {
    id: "key-is-ignored",
    title: "appends again when a publish is repeated with its key",
    breaks: ["PUB-KEY-1", "PUB-KEY-2", "PUB-KEY-9"],
    collateral: because("each repetition appends", "PUB-KEY-4", "PUB-ORDER-1"),
    ...logging((log) => ({
      append: (channel, drafts, { key: _key, ...options } = {}) => log.append(channel, drafts, options),
    })),
  },
  {
    id: "key-is-shared-between-channels",
    title: "treats a key that was used in another channel as a repetition",
    breaks: ["PUB-KEY-10"],
    ...sharedKeys(),
  },
  {
    id: "key-with-another-body-is-a-repetition",
    title: "answers a known key with the first answer, even if the body differs",
    breaks: ["PUB-KEY-2"],
    collateral: because("this applies to a closed channel too", "PUB-ORDER-1"),
    ...logging((log) => ({
      append: (channel, drafts, options = {}) =>
        log.append(
          channel,
          drafts,
          options.key ? { ...options, key: { id: options.key.id, digest: "same" } } : options,
        ),
    })),
  },
  {
    id: "key-counts-with-its-bytes",
    title: "appends again when a key is repeated with a different body",
    breaks: ["PUB-KEY-2", "PUB-KEY-9"],
    collateral: because("the same key with another body counts as a new publish", "PUB-ORDER-1"),
    ...logging((log) => ({
      append: (channel, drafts, { key, ...options } = {}) =>
        log.append(
          channel,
          drafts,
          key ? { ...options, key: { ...key, id: `${key.id} ${key.digest}` } } : options,
        ),
    })),
  },
  {
    id: "key-in-progress-is-an-error",
    title: "fails when a key is reused while its first publish is still running",
    breaks: ["PUB-KEY-3"],
    ...failingRivals(),
  },
  {
    id: "key-is-remembered-later",
    title: "stores a key after the append, so two concurrent publishes both append",
    breaks: ["PUB-KEY-4"],
    collateral: because("keys stored beside the log survive a removal", "PUB-KEY-10"),
    ...lateKeys(),
  },
  {
    id: "key-of-a-refusal-is-remembered",
    title: "remembers the key of a publish that it rejected",
    breaks: ["PUB-KEY-5"],
    ...rememberingRefusals(),
  },
  {
    id: "key-of-any-form",
    title: "accepts a key that is not a quoted string",
    breaks: ["PUB-KEY-6"],
    ...posts((request, channel, answer) => {
      const key = request.headers["idempotency-key"];
      const good = typeof key === "string" && /^"[^"]{1,260}"$/.test(key) && !key.includes("kkkkk");
      if (key === undefined || good) return answer(request, channel);
      const quoted = `"${encodeURIComponent(String(key)).slice(0, 200)}"`;
      return answer(
        altered(request, { headers: { ...request.headers, "idempotency-key": quoted } }),
        channel,
      );
    }),
  },
  {
    id: "key-is-ignored-where-none-is-offered",
    title: "ignores a key although it does not offer keys, and appends again",
    breaks: ["PUB-KEY-6"],
    options: { publishing: { keyTtlS: null } },
    ...posts((request, channel, answer) => {
      const { "idempotency-key": _key, ...headers } = request.headers;
      return answer(altered(request, { headers }), channel);
    }),
  },
  {
    id: "closed-is-checked-before-the-key",
    title: "rejects a repetition of the publish that closed the channel with closed",
    breaks: ["PUB-KEY-1", "PUB-ORDER-1"],
    ...logging((log) => ({
      async append(channel, drafts, options) {
        const { cursor, closed } = await log.read(channel, "end", { maxMessages: 1 });
        if (closed && drafts.length > 0)
          throw new ProtocolError("closed", "It is closed", { members: { end: cursor } });
        return log.append(channel, drafts, options);
      },
    })),
  },
];

/** Wait 20 ms, as for a slow store. */
function aTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

function sharedKeys(): Parts {
  const answers = new Map<string, Appended>();
  return logging((log) => ({
    async append(channel, drafts, options = {}) {
      const name = options.key && `${options.key.id} ${options.key.digest}`;
      const known = name && answers.get(name);
      if (known) return known;
      const done = await log.append(channel, drafts, options);
      if (name) answers.set(name, done);
      return done;
    },
  }));
}

function failingRivals(): Parts {
  const running = new Set<string>();
  return logging((log) => ({
    async append(channel, drafts, options = {}) {
      const name = options.key?.id;
      if (name === undefined) return log.append(channel, drafts, options);
      if (running.has(name)) throw new ProtocolError("internal", "The key is locked");
      running.add(name);
      try {
        await aTurn();
        return await log.append(channel, drafts, options);
      } finally {
        running.delete(name);
      }
    },
  }));
}

function lateKeys(): Parts {
  const answers = new Map<string, { readonly digest: string; readonly done: Appended }>();
  return logging((log) => ({
    async append(channel, drafts, { key, ...options }: AppendOptions = {}) {
      if (key === undefined) return log.append(channel, drafts, options);
      const name = `${channel} ${key.id}`;
      const known = answers.get(name);
      if (known && known.digest !== key.digest) throw new ProtocolError("key-reused", "Another body");
      if (known) return known.done;
      await aTurn();
      const done = await log.append(channel, drafts, options);
      answers.set(name, { digest: key.digest, done });
      return done;
    },
  }));
}

function rememberingRefusals(): Parts {
  const refused = new Map<string, unknown>();
  return logging((log) => ({
    async append(channel, drafts, options = {}) {
      const name = `${channel} ${options.key?.id}`;
      if (refused.has(name)) throw refused.get(name);
      try {
        return await log.append(channel, drafts, options);
      } catch (error) {
        if (options.key) refused.set(name, error);
        throw error;
      }
    },
  }));
}
