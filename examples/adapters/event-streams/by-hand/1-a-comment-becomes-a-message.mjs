// `@microsoft/fetch-event-source` delivers an empty message for each comment that stands alone, as heartbeats do
import { createServer } from "node:http";
import { fetchEventSource } from "@microsoft/fetch-event-source";

Object.assign(globalThis, { window: globalThis, document: { removeEventListener() {} } });
const server = createServer((_, response) => {
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  response.end(": heartbeat\n\ndata: one\n\n"); // WHATWG: a block without data is no event
}).listen(0, "127.0.0.1", () => {
  void fetchEventSource(`http://127.0.0.1:${server.address().port}/`, {
    openWhenHidden: true,
    onmessage: ({ data }) => console.log(`message: ${JSON.stringify(data)}`),
    onclose: () => process.exit(),
  });
});
