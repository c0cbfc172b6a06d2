import { MemoryLog } from "@tidemark/log-memory";
import { channels } from "@tidemark/server-fetch";
import { Hono } from "hono";

const handle = channels(new MemoryLog());
const app = new Hono();
app.all("/channels/:channel", (c) => handle(c.req.raw));
export default { port: process.env.PORT ?? 3000, idleTimeout: 0, fetch: app.fetch };
