import { ConnectionError } from "@tidemark/client-core";
import {
  answerLike,
  atUrl,
  batches,
  bodyWith,
  byFetch,
  byMechanism,
  type ClientMutant,
  fieldsWith,
  reading,
} from "./mutant.ts";

/** Clients that request or read a stream wrongly. */
export const streamMutants: readonly ClientMutant[] = [
  {
    id: "stream-retry-ignored",
    title: "ignores the retry of a stream",
    breaks: ["SSE-CLIENT-10"],
    make: batches(({ retry: _, ...batch }) => batch, "sse"),
  },
  {
    id: "refusal-counts-as-a-failure",
    title: "treats a stream that has only retry as a cut stream",
    breaks: ["SSE-CLIENT-12"],
    make: byMechanism(
      ({ open }) =>
        async function* (connection) {
          const inner = open(connection);
          for (let step = await inner.next(); ; step = await inner.next()) {
            if (step.done) return step.value;
            if (step.value.refused) throw new ConnectionError("cut", "nothing but retry");
            yield step.value;
          }
        },
    ),
  },
  {
    id: "believes-any-heartbeat",
    title: "considers a stream dead because of a heartbeat of 0 seconds",
    breaks: ["SSE-CLIENT-7"],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        const dieAtOnce = (text: string): string => {
          if (/"heartbeat":(?:0\b|-)/.test(text)) throw new Error("no event for 0 seconds");
          return text;
        };
        return answerLike(response, { body: bodyWith(response, dieAtOnce) });
      }),
    ),
  },
  {
    id: "partial-event-kept",
    title: "treats an unfinished block as a complete one",
    breaks: ["SSE-CLIENT-3", "CLI-ORDER-1"],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        return answerLike(response, { body: bodyWith(response, (text) => text, "\n\n") });
      }),
    ),
  },
  {
    id: "bookmark-ignored",
    title: "moves its position only with messages",
    breaks: ["SSE-CLIENT-2", "SSE-CLIENT-4", "SSE-CLIENT-6"],
    make: batches(
      ({ cursor, ...batch }) =>
        batch.messages.length === 0 || cursor === undefined
          ? batch
          : { ...batch, cursor: batch.messages.at(-1)?.cursor ?? cursor },
      "sse",
    ),
  },
  {
    id: "any-type-is-a-stream",
    title: "accepts an answer of any media type as a stream",
    breaks: ["SSE-CLIENT-1"],
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
    title: "decodes each chunk of UTF-8 separately",
    breaks: ["SSE-CLIENT-2"],
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
    title: "counts a CRLF that was split between chunks as two line ends",
    breaks: ["SSE-CLIENT-2"],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        return answerLike(response, { body: bodyWith(response, (text) => text.replace(/\r\n?/g, "\n")) });
      }),
    ),
  },
  {
    id: "own-events-handed-on",
    title: "delivers a heartbeat as a message",
    breaks: ["SSE-CLIENT-5"],
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
    id: "resumes-by-last-event-id",
    title: "sends Last-Event-ID where it could send after",
    breaks: ["SSE-CLIENT-9"],
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
    breaks: ["SSE-CLIENT-8"],
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
    id: "asks-in-header-fields-alone",
    title: "puts the mechanism and the position only into header fields",
    breaks: ["SSE-CLIENT-8", "SSE-CLIENT-9"],
    make: reading(
      byFetch((send) => (input, init) => {
        const asked = new URL(String(input));
        if (!asked.searchParams.has("stream")) return send(input, init);
        const headers = new Headers(init?.headers);
        const position = asked.searchParams.get("after") ?? "start";
        if (position !== "start") headers.set("last-event-id", position);
        for (const name of ["stream", "after"]) asked.searchParams.delete(name);
        return send(asked, { ...init, headers });
      }),
    ),
  },
];
