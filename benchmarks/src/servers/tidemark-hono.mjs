// Its packages are installed beside the benchmarks only, so the type check leaves it out.
import { once } from "node:events";
import { serve } from "@hono/node-server";
import { channels } from "@tidemark/server-fetch";
import { Hono } from "hono";
import { CountedLog } from "./counted-log.ts";
import { tell } from "./tell.ts";

const log = new CountedLog();
const handle = channels(log);
const app = new Hono().all("/channels/:channel", (c) => handle(c.req.raw));
const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" });
await once(server, "listening");
tell(server.address().port, () => log.reads);
