import { publish, subscribe } from "@tidemark/client";
import { delay } from "@tidemark/client-core/kit";
import { markAll, markOf, unmarked } from "./marks.ts";
import {
  answerLike,
  batches,
  byFetch,
  byMechanism,
  byOptions,
  type ClientMutant,
  fieldsWith,
  reading,
} from "./mutant.ts";

const never = (): Promise<void> => new Promise(() => undefined);

/** Clients that poll, deliver, store or choose the mechanism wrongly. */
export const pageMutants: readonly ClientMutant[] = [
  {
    id: "interval-ignored",
    title: "polls without a pause",
    breaks: ["POLL-CLIENT-3"],
    make: byMechanism(
      ({ name, open }) =>
        async function* (connection) {
          const asked = yield* open(connection);
          return name === "polling" ? 0 : asked;
        },
    ),
  },
  {
    id: "wait-is-what-was-asked-for",
    title: "treats an answer at the end of the server's longest wait as an early one",
    breaks: ["LP-CLIENT-2"],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        const claims = response.headers.get("tidemark")?.replace(/max-wait=\d+, /, "");
        return answerLike(response, { headers: fieldsWith(response, "tidemark", claims) });
      }),
    ),
  },
  {
    id: "early-answers-are-asked-again",
    title: "polls again at once when a long poll returns early with nothing",
    breaks: ["LP-CLIENT-3"],
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
    title: "sends its next long poll at once, regardless of retry",
    breaks: ["LP-CLIENT-4"],
    make: byMechanism(
      ({ name, open }) =>
        async function* (connection) {
          const asked = yield* open(connection);
          return name === "long-polling" ? 0 : asked;
        },
    ),
  },
  {
    id: "gap-swallowed",
    title: "continues after a gap without reporting it",
    breaks: ["CLI-GAP-1", "CLI-GAP-2"],
    make: byOptions(() => ({ onGap: () => "start" })),
  },
  {
    id: "commits-what-it-received",
    title: "stores a position as soon as it has received the messages before it",
    breaks: ["CLI-COMMIT-1"],
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
    title: "ignores the stored position",
    breaks: ["CLI-COMMIT-1", "CLI-COMMIT-2"],
    make: byOptions(({ store }) =>
      store ? { store: { load: () => undefined, save: (cursor) => store.save(cursor) } } : {},
    ),
  },
  {
    id: "says-it-twice",
    title: "delivers the last message of a page twice",
    breaks: ["SSE-CLIENT-2", "CLI-ORDER-1"],
    make: batches((batch) => ({ ...batch, messages: [...batch.messages, ...batch.messages.slice(-1)] })),
  },
  {
    id: "newest-first",
    title: "delivers the messages of a page in reverse order",
    breaks: ["SSE-CLIENT-2", "CLI-ORDER-1", "CLI-COMMIT-1", "CLI-COMMIT-2"],
    make: batches((batch) => ({ ...batch, messages: [...batch.messages].reverse() })),
  },
  {
    id: "reads-what-is-left-of-a-page",
    title: "delivers the complete messages of a page that was cut",
    breaks: ["CLI-ORDER-1"],
    make: reading(
      byFetch((send) => {
        let answers = 0;
        return async (input, init) => {
          const url = unmarked(input);
          answers += 1;
          return mended(await send(url, init), url.searchParams.get("after") ?? "start", markOf(answers));
        };
      }),
    ),
  },
  {
    id: "never-goes-up",
    title: "never tries a better mechanism again after it fell back",
    breaks: ["CLI-LADDER-4"],
    make: byOptions(() => ({
      delay: (ms, signal, purpose) => (purpose === "probe" ? never() : delay(ms, signal)),
    })),
  },
  {
    id: "never-goes-down",
    title: "knows only SSE",
    breaks: ["CLI-LADDER-1", "CLI-LADDER-2"],
    make: {
      publish,
      subscribe: (url, options = {}) =>
        subscribe(url, {
          ...options,
          ...(options.mechanism === "auto" ? { mechanism: "sse" as const } : {}),
        }),
    },
  },
];

/**
 * The same answer. A cut page becomes one with its complete messages, and the server's position does not move. The
 * mark makes the cursors look new, because the client does not deliver a page whose cursor stays (CLI-PLACE-1).
 */
async function mended(response: Response, asked: string, mark: string): Promise<Response> {
  if (response.status !== 200 || !/json/.test(response.headers.get("content-type") ?? "")) return response;
  let text = "";
  try {
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString("latin1");
  } catch {
    const messages = text.match(/\{"cursor":"[^"]*",(?:"event":"[^"]*",)?"data":(?:\d+|\{[^}]*\})\}/g) ?? [];
    text = markAll(`{"messages":[${messages}],"cursor":"${asked}","more":false,"retry":10}`, mark);
  }
  const body = new Response(Buffer.from(text, "latin1")).body;
  return answerLike(response, { body, headers: fieldsWith(response, "content-length", undefined) });
}
