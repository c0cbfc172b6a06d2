import { serve } from "@hono/node-server";
import { MemoryLog } from "@tidemark/log-memory";
import { channels } from "@tidemark/server-fetch";
import { Hono } from "hono";

const handle = channels(new MemoryLog());
const app = new Hono();
app.all("/channels/:channel", (c) => handle(c.req.raw));
serve({ fetch: app.fetch, port: process.env.PORT ?? 3000 });
