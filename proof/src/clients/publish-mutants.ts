import { publish, subscribe } from "@tidemark/client";
import { fetch } from "@tidemark/std";
import { answerLike, type ClientMutant } from "./mutant.ts";

/** Clients that retry a publish wrongly. */
export const publishMutants: readonly ClientMutant[] = [
  {
    id: "another-key-each-time",
    title: "repeats a publish with a different key",
    breaks: ["PUB-KEY-7"],
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
    title: "repeats a publish without a key",
    breaks: ["PUB-KEY-8"],
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
    title: "keeps repeating a publish whose refusal was final",
    breaks: ["CORE-PROBLEM-3", "PUB-CLIENT-1"],
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
