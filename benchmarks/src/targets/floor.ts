import { nodeTarget } from "./node-target.ts";
import { type Dialect, get, send } from "./target.ts";

/** The requests of all floors: numbers as positions, and no refusals. */
const dialect: Dialect = {
  publish: (channel, text) => send("POST", `/publish/${channel}`, text),
  fill: (channel, texts) => send("POST", `/publish/${channel}`, texts.join("\n")),
  stream: (channel) => get(`/stream/${channel}`, { Accept: "text/event-stream" }),
  replay: (channel) => get(`/replay/${channel}`, { Accept: "text/event-stream" }),
  poll: (channel, from = "0", limit, seen) => {
    const tag = seen && /\r\netag: ([^\r]+)/i.exec(seen.head)?.[1];
    return get(
      `/page/${channel}?after=${from}&limit=${limit}`,
      tag === undefined ? {} : { "If-None-Match": tag },
    );
  },
  wait: (channel, from = "0") => get(`/wait/${channel}?after=${from}&limit=1000`),
  positionOf: ({ tail }) => /"cursor":"(\d+)","more"/.exec(tail)?.[1] ?? "0",
  hasMore: ({ tail }) => tail.includes('"more":true'),
};

/** A minimal Node server: no checks, no limits, no back-pressure. */
export const floor = nodeTarget("floor", "floor: bare `node:http`", "http-floor.ts", dialect);

/** The same on bare sockets, with HTTP written by hand. */
export const raw = nodeTarget("raw", "floor: raw sockets", "socket-floor.ts", dialect);
