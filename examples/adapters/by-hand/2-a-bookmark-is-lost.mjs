// `launchdarkly-eventsource` does not resume from the id of an event without data
import { createServer } from "node:http";
import { createRequire } from "node:module";

const { EventSource } = createRequire(import.meta.url)("launchdarkly-eventsource");
const server = createServer((request, response) => {
  console.log(`request with Last-Event-ID: ${request.headers["last-event-id"]}`);
  if (request.headers["last-event-id"] !== undefined) process.exit();
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  response.end("data: one\nid: A\n\nid: B\n\n"); // WHATWG: the last event ID is B
}).listen(0, "127.0.0.1", () => new EventSource(`http://127.0.0.1:${server.address().port}/`));
