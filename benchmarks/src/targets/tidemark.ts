import { nodeTarget } from "./node-target.ts";
import { type Dialect, get, send } from "./target.ts";

const path = (channel: string, query = ""): string => `/channels/${channel}${query}`;

const dialect: Dialect = {
  publish: (channel, text) => send("POST", path(channel), `{"messages":[{"data":${text}}]}`),
  fill: (channel, texts) =>
    send("POST", path(channel), `{"messages":[${texts.map((text) => `{"data":${text}}`).join(",")}]}`),
  stream: (channel) => get(path(channel, "?stream=1&after=end"), { Accept: "text/event-stream" }),
  replay: (channel) => get(path(channel, "?stream=1&after=start"), { Accept: "text/event-stream" }),
  poll: (channel, from = "start", limit, seen) => {
    const tag = seen && /\r\netag: ([^\r]+)/i.exec(seen.head)?.[1];
    const fields = tag === undefined ? {} : { "If-None-Match": tag };
    return get(path(channel, `?after=${from}&limit=${limit}`), fields);
  },
  wait: (channel, from = "start") => get(path(channel, `?after=${from}&wait=60&limit=1000`)),
  positionOf: ({ tail }) => /"cursor":"([^"]+)","more"/.exec(tail)?.[1] ?? "start",
  hasMore: ({ tail }) => tail.includes('"more":true'),
};

/** The reference server with the in-memory log, served by `listen` of `@tidemark/server`. */
export const tidemark = nodeTarget("tidemark", "Tidemark", "tidemark.ts", dialect);

/** The same server in a Koa application, as with middleware of your own. */
export const tidemarkKoa = nodeTarget("tidemark-koa", "Tidemark behind Koa", "tidemark-koa.ts", dialect);

/** `@tidemark/server-fetch/node` in a plain server, as in Express and Fastify before their own code. */
export const tidemarkNode = nodeTarget(
  "tidemark-node",
  "Tidemark in `node:http`",
  "tidemark-node.ts",
  dialect,
);

/** `@tidemark/server-fetch` in Hono on Node: the cost of web requests and responses. */
export const tidemarkHono = nodeTarget("tidemark-hono", "Tidemark in Hono", "tidemark-hono.mjs", dialect);

/** The same server as `tidemark`, with metrics for Prometheus. */
export const tidemarkMetrics = nodeTarget(
  "tidemark-metrics",
  "Tidemark with metrics",
  "tidemark-metrics.ts",
  dialect,
);
