import { fieldOf } from "../load/connection.ts";
import { nodeTarget } from "./node-target.ts";
import { type Dialect, get, send } from "./target.ts";

const dialect: Dialect = {
  create: (channel) => send("PUT", `/${channel}`, ""),
  publish: (channel, text) => send("POST", `/${channel}`, text),
  fill: (channel, texts) => send("POST", `/${channel}`, `[${texts.join(",")}]`),
  stream: (channel) => get(`/${channel}?offset=now&live=sse`, { Accept: "text/event-stream" }),
  replay: (channel) => get(`/${channel}?offset=-1&live=sse`, { Accept: "text/event-stream" }),
  // Its pages have no limit: a read returns everything.
  poll: (channel, from = "-1", _limit, seen) => {
    const tag = seen && fieldOf(seen, "etag");
    return get(`/${channel}?offset=${from}`, tag ? { "If-None-Match": tag } : {});
  },
  wait: (channel, from = "-1") => get(`/${channel}?offset=${from}&live=long-poll`),
  positionOf: (answer) => fieldOf(answer, "stream-next-offset"),
  hasMore: (answer) => fieldOf(answer, "stream-up-to-date") !== "true",
};

/** The Node reference server of Durable Streams, in memory. */
export const durableStreams = nodeTarget(
  "durable-streams",
  "Durable Streams (memory)",
  "durable-streams.mjs",
  dialect,
);
