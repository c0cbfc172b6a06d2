import { publish, subscribe } from "@tidemark/client";
import { delay, type Mechanism } from "@tidemark/client-core/kit";
import { fetch } from "@tidemark/std";
import {
  answerLike,
  atUrl,
  bodyWith,
  byFetch,
  byMechanism,
  byOptions,
  type ClientMutant,
  fieldsWith,
  type Make,
} from "./mutant.ts";

const never = (): Promise<void> => new Promise(() => undefined);

/** Only the subscriptions change; publishing stays. */
function reading(make: Make): Make {
  return { ...make, publish };
}

/** A mechanism of which each batch is changed before the client sees it. */
function batches(change: (batch: BatchOf<Mechanism>) => BatchOf<Mechanism>, only?: string): Make {
  return byMechanism(
    ({ name, open }) =>
      async function* (connection) {
        const inner = open(connection);
        for (let step = await inner.next(); ; step = await inner.next()) {
          if (step.done) return step.value;
          yield only === undefined || only === name ? change(step.value) : step.value;
        }
      },
  );
}

type BatchOf<M extends Mechanism> =
  ReturnType<M["open"]> extends AsyncGenerator<infer B, unknown, unknown> ? B : never;

/** Broken clients, each seen in the wild; a few lines over the client of this repository. */
export const CLIENT_MUTANTS: readonly ClientMutant[] = [
  {
    id: "no-cursor-on-reconnect",
    title: "never says where it reads on",
    breaks: [],
    make: reading(
      byFetch(
        (send) => (input, init) =>
          send(
            atUrl(input, (url) => url.searchParams.delete("after")),
            init,
          ),
      ),
    ),
  },
  {
    id: "first-cursor-always",
    title: "always reads on from the first cursor that it got",
    breaks: [],
    make: reading(
      byFetch((send) => {
        let first: string | undefined;
        return (input, init) =>
          send(
            atUrl(input, (url) => {
              const after = url.searchParams.get("after") ?? "start";
              if (after !== "start") first ??= after;
              if (first !== undefined) url.searchParams.set("after", first);
            }),
            init,
          );
      }),
    ),
  },
  {
    id: "cursor-as-number",
    title: "takes cursors that look so for numbers",
    breaks: [],
    make: reading(
      byFetch((send) => (input, init) => {
        const url = atUrl(input, ({ searchParams }) => {
          const after = searchParams.get("after") ?? "";
          if (after !== "" && !Number.isNaN(Number(after))) searchParams.set("after", String(Number(after)));
        });
        return send(url, init);
      }),
    ),
  },
  {
    id: "redirect-drops-the-cursor",
    title: "follows a redirect without its query",
    breaks: [],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, { ...init, redirect: "manual" });
        const location = response.headers.get("location");
        if (response.status !== 307 || location === null) return response;
        return send(
          atUrl(location, (url) => url.searchParams.delete("after")),
          init,
        );
      }),
    ),
  },
  {
    id: "retries-after-204",
    title: "takes a 204 for a failure",
    breaks: [],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        if (response.status === 204) throw new TypeError("no content");
        return response;
      }),
    ),
  },
  {
    id: "gives-up-at-503",
    title: "ends at a 503",
    breaks: [],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        return response.status === 503 && response.headers.has("tidemark")
          ? answerLike(response, { status: 403 })
          : response;
      }),
    ),
  },
  {
    id: "stops-at-a-portal",
    title: "takes a stranger's refusal for the server's",
    breaks: [],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        if (response.status < 400 || response.headers.has("tidemark")) return response;
        return answerLike(response, { headers: fieldsWith(response, "tidemark", "v=1") });
      }),
    ),
  },
  {
    id: "retry-after-ignored",
    title: "does not read Retry-After",
    breaks: [],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        return answerLike(response, { headers: fieldsWith(response, "retry-after", undefined) });
      }),
    ),
  },
  {
    id: "no-backoff",
    title: "tries again at once, however often it failed",
    breaks: [],
    make: byOptions(() => ({ retryDelayMs: () => 1 })),
  },
  {
    id: "no-jitter",
    title: "waits as long as every other client",
    breaks: [],
    make: byOptions(() => ({ retryDelayMs: (failures) => Math.min(600, 10 * 2 ** (failures - 1)) })),
  },
  {
    id: "stream-retry-ignored",
    title: "does not wait for the retry of a stream",
    breaks: [],
    make: batches(({ retry: _, ...batch }) => batch, "sse"),
  },
  {
    id: "interval-ignored",
    title: "polls without a pause",
    breaks: [],
    make: byMechanism(
      ({ name, open }) =>
        async function* (connection) {
          const asked = yield* open(connection);
          return name === "polling" ? 0 : asked;
        },
    ),
  },
  {
    id: "early-answers-are-asked-again",
    title: "asks again at once when a long poll is answered early with nothing",
    breaks: [],
    make: byMechanism(
      ({ name, open }) =>
        async function* (connection) {
          try {
            return yield* open(connection);
          } catch (error) {
            if (name === "long-polling" && error instanceof Error && error.message.startsWith("[early]"))
              return 0;
            throw error;
          }
        },
    ),
  },
  {
    id: "long-poll-retry-ignored",
    title: "sends its next long poll at once, whatever retry says",
    breaks: [],
    make: byMechanism(
      ({ name, open }) =>
        async function* (connection) {
          const asked = yield* open(connection);
          return name === "long-polling" ? 0 : asked;
        },
    ),
  },
  {
    id: "partial-event-kept",
    title: "takes a block that was cut for a whole one",
    breaks: [],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        return answerLike(response, { body: bodyWith(response, (text) => text, "\n\n") });
      }),
    ),
  },
  {
    id: "gap-swallowed",
    title: "goes on after a gap and says nothing",
    breaks: [],
    make: byOptions(() => ({ onGap: () => "start" })),
  },
  {
    id: "bookmark-ignored",
    title: "moves with messages alone",
    breaks: [],
    make: batches(
      ({ cursor, ...batch }) =>
        batch.messages.length === 0 || cursor === undefined
          ? batch
          : { ...batch, cursor: batch.messages.at(-1)?.cursor ?? cursor },
      "sse",
    ),
  },
  {
    id: "commits-what-it-received",
    title: "stores a position as soon as it has received what is before it",
    breaks: [],
    make: byMechanism(
      ({ open }, { store }) =>
        async function* (connection) {
          const inner = open(connection);
          for (let step = await inner.next(); ; step = await inner.next()) {
            if (step.done) return step.value;
            if (step.value.cursor !== undefined) await store?.save(step.value.cursor);
            yield step.value;
          }
        },
    ),
  },
  {
    id: "store-never-read",
    title: "begins where it always began",
    breaks: [],
    make: byOptions(({ store }) =>
      store ? { store: { load: () => undefined, save: (cursor) => store.save(cursor) } } : {},
    ),
  },
  {
    id: "any-type-is-a-stream",
    title: "takes any answer for a stream",
    breaks: [],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        const asked =
          String(input).includes("stream=1") &&
          response.ok &&
          response.status !== 204 &&
          response.headers.has("tidemark");
        if (!asked) return response;
        return answerLike(response, {
          status: 200,
          headers: fieldsWith(response, "content-type", "text/event-stream"),
        });
      }),
    ),
  },
  {
    id: "utf8-cut-is-lost",
    title: "decodes every chunk by itself",
    breaks: [],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        const decode = (text: string): string =>
          Buffer.from(Buffer.from(text, "latin1").toString("utf8")).toString("latin1");
        return answerLike(response, { body: bodyWith(response, decode) });
      }),
    ),
  },
  {
    id: "crlf-cut-is-two-lines",
    title: "takes the halves of a CRLF that was cut for two line ends",
    breaks: [],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        return answerLike(response, { body: bodyWith(response, (text) => text.replace(/\r\n?/g, "\n")) });
      }),
    ),
  },
  {
    id: "own-events-handed-on",
    title: "hands a heartbeat on",
    breaks: [],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        return answerLike(response, {
          body: bodyWith(response, (text) => text.replace("$heartbeat", "heartbeat")),
        });
      }),
    ),
  },
  {
    id: "says-it-twice",
    title: "hands the last message of a page on again",
    breaks: [],
    make: batches((batch) => ({ ...batch, messages: [...batch.messages, ...batch.messages.slice(-1)] })),
  },
  {
    id: "newest-first",
    title: "hands the messages of a page on in reverse",
    breaks: [],
    make: batches((batch) => ({ ...batch, messages: [...batch.messages].reverse() })),
  },
  {
    id: "resumes-by-last-event-id",
    title: "sends Last-Event-ID where it could send after",
    breaks: [],
    make: reading(
      byFetch((send) => (input, init) => {
        const id = new URL(String(input)).searchParams.get("after") ?? "start";
        if (!String(input).includes("stream=1") || id === "start") return send(input, init);
        const headers = new Headers(init?.headers);
        headers.set("last-event-id", id);
        return send(
          atUrl(input, (url) => url.searchParams.delete("after")),
          { ...init, headers },
        );
      }),
    ),
  },
  {
    id: "stream-by-accept-alone",
    title: "does not put the mechanism into the URL",
    breaks: [],
    make: reading(
      byFetch(
        (send) => (input, init) =>
          send(
            atUrl(input, (url) => url.searchParams.delete("stream")),
            init,
          ),
      ),
    ),
  },
  {
    id: "never-goes-up",
    title: "stays below once it went down",
    breaks: [],
    make: byOptions(() => ({
      delay: (ms, signal, purpose) => (purpose === "probe" ? never() : delay(ms, signal)),
    })),
  },
  {
    id: "never-goes-down",
    title: "knows no mechanism but SSE",
    breaks: [],
    make: {
      publish,
      subscribe: (url, options = {}) =>
        subscribe(url, {
          ...options,
          ...(options.mechanism === "auto" ? { mechanism: "sse" as const } : {}),
        }),
    },
  },
  {
    id: "another-key-each-time",
    title: "repeats a publish under another key",
    breaks: [],
    make: {
      subscribe,
      publish: (url, messages, options = {}) =>
        publish(url, messages, {
          ...options,
          fetch: (input, init) => {
            const headers = new Headers(init?.headers);
            if (headers.has("idempotency-key")) headers.set("idempotency-key", `"${crypto.randomUUID()}"`);
            return fetch(input, { ...init, headers });
          },
        }),
    },
  },
  {
    id: "repeats-without-a-key",
    title: "repeats a publish that has no key",
    breaks: [],
    make: {
      subscribe,
      publish: (url, messages, { key, ...options } = {}) =>
        publish(url, messages, {
          ...options,
          fetch: (input, init) => {
            const headers = new Headers(init?.headers);
            if (key === null) headers.delete("idempotency-key");
            return fetch(input, { ...init, headers });
          },
        }),
    },
  },
  {
    id: "repeats-final-refusals",
    title: "publishes again and again what was refused for good",
    breaks: [],
    make: {
      subscribe,
      publish: (url, messages, options = {}) =>
        publish(url, messages, {
          ...options,
          fetch: async (input, init) => {
            const response = await fetch(input, init);
            return response.status >= 400 && response.status < 500
              ? answerLike(response, { status: 503 })
              : response;
          },
        }),
    },
  },
];
