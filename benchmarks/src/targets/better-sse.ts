import { nodeTarget } from "./node-target.ts";
import { type Dialect, get, send } from "./target.ts";

const dialect: Dialect = {
  publish: (channel, text) => send("POST", `/publish/${channel}`, text),
  stream: (channel) => get(`/stream/${channel}`, { Accept: "text/event-stream" }),
};

/** Event streams without a log: no polling and no catching up. */
export const betterSse = nodeTarget("better-sse", "better-sse", "better-sse.mjs", dialect);
