import { MemoryLog } from "@tidemark/log-memory";
import { sse } from "@tidemark/server-sse";
import Koa from "koa";

const log = new MemoryLog();
const app = new Koa();
app.use(sse(log, { heartbeatS: 20 })); // GET /channels/:channel, as a stream
app.listen(3000, () => console.log("ready"));

await log.append("news", [
  { event: "greeting", json: JSON.stringify({ text: "hello" }) },
]);
