import { MemoryLog } from "@tidemark/log-memory";
import { ProtocolError } from "@tidemark/protocol";
import { tidemark } from "@tidemark/server";
import Koa from "koa";

const log = new MemoryLog({
  retention: { maxMessages: 10_000, maxAgeMs: 86_400_000 },
});

const channels = tidemark(log, {
  path: "/channels/:channel",
  authorize({ method, headers }) {
    if (method === "GET" || method === "HEAD") return undefined; // everybody can read
    if (headers.authorization !== `Bearer ${process.env.PUBLISH_TOKEN}`)
      throw new ProtocolError("unauthorized", "Publishing needs a token");
    return "publisher";
  },
});

const app = new Koa();
app.use(channels);
const server = app.listen(3000, () => console.log("ready"));

process.once("SIGTERM", async () => {
  server.close();
  // Answers held polls at once, and ends streams one by one.
  await channels.drain({ windowMs: 5_000 });
});
