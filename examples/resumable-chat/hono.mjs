import { serve } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { read, resume, say } from "./chats.mjs";

const app = new Hono();
app.post("/api/chat", (c) => say(c.req.raw));
app.get("/api/chat/:id/stream", (c) => resume(c.req.raw, c.req.param("id")));
app.get("/api/chat/:id", (c) => read(c.req.param("id")));
app.use(serveStatic({ root: "public" }));
serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) });
