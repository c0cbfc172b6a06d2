import { setTimeout as delay } from "node:timers/promises";
import { publish, subscribe } from "@tidemark/client";
import { delay as wait } from "@tidemark/client-core/kit";
import { Agent, interceptors, fetch as send } from "undici";
import { answerLike, atUrl, byFetch, byOptions, type Make } from "./mutant.ts";

/** Clients that make unusual use of their rights: the suite must report nothing about them. */
export const CLIENT_VARIANTS: Readonly<Record<string, Make>> = {
  "waits five times as long after a failure": byOptions(({ retryDelayMs }) => ({
    retryDelayMs: (failures) => 5 * (retryDelayMs?.(failures) ?? 100),
  })),
  "pauses for half a second when nothing new arrived": byOptions(({ delay = wait }) => ({
    delay: (ms, signal, purpose) => delay(purpose === "poll" ? Math.max(ms, 500) : ms, signal, purpose),
  })),
  "asks for one message at a time": byOptions(() => ({ limit: 1 })),
  "delays each request": byFetch((fetch) => async (input, init) => {
    await delay(60);
    return fetch(input, init);
  }),
  "handles each message slowly": {
    publish,
    subscribe: <T>(...asked: Parameters<typeof subscribe>) => {
      const inner = subscribe<T>(...asked);
      const next = inner.next.bind(inner);
      return Object.assign(inner, { next: () => delay(15).then(() => next()) });
    },
  },
  "sends additional header fields": byFetch((fetch) => (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set("X-Trace", "1");
    headers.set("Accept-Language", "tlh, *;q=0.1");
    headers.set("If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT");
    return fetch(input, { ...init, headers });
  }),
  "reorders its query and percent-encodes it": byFetch((fetch) => (input, init) => {
    const url = atUrl(input, () => undefined);
    const fields = [...url.searchParams].reverse();
    const encoded = (text: string): string =>
      text.replace(/./gu, (c) =>
        /[a-z.]/.test(c) ? `%${c.charCodeAt(0).toString(16)}` : encodeURIComponent(c),
      );
    url.search = fields.map(([name, value]) => `${name}=${encoded(value)}`).join("&");
    return fetch(url, init);
  }),
  "omits after=start": byFetch((fetch) => (input, init) => {
    const url = atUrl(input, ({ searchParams }) => {
      if (searchParams.get("after") === "start") searchParams.delete("after");
    });
    return fetch(url, init);
  }),
  "opens a connection for each request": through(() => new Agent({ pipelining: 0 })),
  "has a cache": through(() => new Agent().compose(interceptors.cache({ type: "private" }))),
  "receives streams byte by byte": byFetch((fetch) => async (input, init) => {
    const response = await fetch(input, init);
    const isShort = response.headers.get("content-type")?.startsWith("text/event-stream");
    if (!isShort || response.body === null) return response;
    const bytewise = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        if (chunk.length > 10_000)
          controller.enqueue(chunk); // byte by byte, a large one would take minutes
        else for (const at of chunk.keys()) controller.enqueue(chunk.subarray(at, at + 1));
      },
    });
    return answerLike(response, { body: response.body.pipeThrough(bytewise) });
  }),
};

type Dispatcher = NonNullable<NonNullable<Parameters<typeof send>[1]>["dispatcher"]>;

/** Our client with another dispatcher of undici, one for each subscription. */
function through(make: () => Dispatcher): Make {
  type Init = Parameters<typeof send>[1];
  return byFetch(() => {
    const dispatcher = make();
    const over = (input: unknown, init: unknown): unknown =>
      send(input as string, { ...(init as Init), dispatcher } as Init);
    return over as typeof fetch;
  });
}
