import { type Delay, delay } from "@tidemark/client-core/kit";
import {
  answerLike,
  batches,
  byFetch,
  byOptions,
  type ClientMutant,
  fieldsWith,
  only,
  reading,
} from "./mutant.ts";

/** Clients that misjudge who answered, or miss the end of a channel. */
export const endMutants: readonly ClientMutant[] = [
  {
    id: "asks-on-after-the-end",
    title: "does not notice that a channel is closed",
    breaks: ["CLI-END-1"],
    make: reading(batches(({ closed, ...batch }) => batch)),
  },
  {
    id: "anybody-is-a-server",
    title: "accepts answers that do not come from a Tidemark server",
    breaks: ["CLI-RETRY-4"],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        if (response.headers.has("tidemark") || !response.ok) return response;
        return answerLike(response, { headers: fieldsWith(response, "tidemark", "v=1") });
      }),
    ),
  },
  {
    id: "stream-types-by-the-letter",
    title: "accepts the media type of a stream in one spelling only",
    breaks: ["SSE-CLIENT-1"],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        const type = response.headers.get("content-type") ?? "";
        return /event-stream/i.test(type) && type !== "text/event-stream"
          ? answerLike(response, { headers: fieldsWith(response, "content-type", "text/plain") })
          : response;
      }),
    ),
  },
  {
    id: "published-only-in-its-words",
    title: "treats an answer to a publish with unknown members as a failure",
    breaks: ["CORE-UNKNOWN-1"],
    make: byFetch((send) => async (input, init) => {
      const response = await send(input, init);
      if (init?.method !== "POST" || !response.ok) return response;
      const members = Object.keys(Object(await response.clone().json()));
      return members.some((name) => !["cursor", "cursors"].includes(name))
        ? answerLike(response, { status: 500 })
        : response;
    }),
  },
  {
    id: "waits-for-the-first-block",
    title: "waits forever for a sign of life instead of falling back",
    breaks: ["CLI-LADDER-1", "CLI-LADDER-2", "CLI-LADDER-4"],
    slow: true,
    make: only(
      "auto",
      byOptions(() => ({ delay: unwatched })),
    ),
  },
];

/** The usual waits, except that the wait for a sign of life never ends. */
const unwatched: Delay = (ms, signal, purpose) =>
  purpose === "watchdog"
    ? new Promise((resolve) => signal.addEventListener("abort", () => resolve()))
    : delay(ms, signal);
