// The reference server with the control interface of the conformance suite, and a log in memory that survives a
// restart. For tests only: anyone who can reach it can delete messages. Prints where it listens.
// Usage: node tools/controlled-server.mjs [port]
import { createServer } from "node:http";
import { memoryHarness } from "@tidemark/log-memory/harness";
import { controlled } from "@tidemark/server/control";
import Koa from "koa";

const subject = await memoryHarness({ durable: true }).create();
// The suite waits for a heartbeat; with the default of 15 s, that would take half of its time.
const app = new Koa().use(controlled(subject, { sse: { heartbeatS: 2 } }));
app.on("error", (error) => {
  if (!["EPIPE", "ECONNRESET", "ERR_STREAM_PREMATURE_CLOSE"].includes(error?.code)) console.error(error);
});
const server = createServer(app.callback()).listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/channels/{channel}`);
});
