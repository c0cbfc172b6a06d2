import { MemoryLog } from "@tidemark/log-memory";
import { channels } from "@tidemark/server-fetch";
import { Hono } from "hono";

const handle = channels(new MemoryLog());
const app = new Hono();
app.all("/channels/:channel", (c) => handle(c.req.raw));
Deno.serve({ port: Number(Deno.env.get("PORT") ?? 3000) }, app.fetch);
