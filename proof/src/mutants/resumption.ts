import { isCursor } from "@tidemark/protocol";
import { reading } from "../peer/change-answers.ts";
import { arriving } from "../peer/change-http.ts";
import type { Mutant } from "./mutant.ts";

/** Servers that resume streams at the wrong position. */
export const resumptionMutants: readonly Mutant[] = [
  {
    id: "after-beats-last-event-id",
    title: "starts a stream at after although the request has Last-Event-ID",
    breaks: ["SSE-RESUME-1"],
    ...reading(["sse"], ({ after }) => (after === undefined ? {} : { lastEventId: undefined })),
  },
  {
    id: "last-event-id-in-the-query-begins-at-the-end",
    title: "starts a stream with the parameter lastEventId at the end",
    breaks: ["CORE-PARAM-2", "SSE-RESUME-1"],
    ...reading(["sse"], (_read, { query }) =>
      query.has("lastEventId") ? { lastEventId: undefined, after: "end" } : {},
    ),
  },
  {
    id: "last-event-id-counts-for-polls",
    title: "starts a poll at Last-Event-ID",
    breaks: ["SSE-RESUME-2"],
    ...reading(["poll", "long-poll"], ({ after }, { headers }) => {
      const id = headers["last-event-id"];
      return typeof id === "string" && isCursor(id) ? { after: id } : { after };
    }),
  },
  {
    id: "empty-last-event-id-is-a-gap",
    title: "treats an empty Last-Event-ID as an unknown cursor",
    breaks: ["SSE-RESUME-3"],
    ...arriving((ctx) => {
      if (ctx.req.headers["last-event-id"] === "") ctx.req.headers["last-event-id"] = "-";
    }),
  },
  {
    id: "malformed-last-event-id-is-ignored",
    title: "starts from the beginning when Last-Event-ID is not a valid cursor",
    breaks: ["SSE-RESUME-4"],
    ...reading(["sse"], ({ lastEventId }) =>
      lastEventId === undefined || isCursor(lastEventId) ? {} : { lastEventId: undefined },
    ),
  },
];
