// `@microsoft/fetch-event-source` resumes from the id of an event that was cut, and so loses the event
import { createServer } from "node:http";
import { fetchEventSource } from "@microsoft/fetch-event-source";

Object.assign(globalThis, { window: globalThis, document: { removeEventListener() {} } });
const server = createServer((request, response) => {
  console.log(`request with Last-Event-ID: ${request.headers["last-event-id"]}`);
  if (request.headers["last-event-id"] !== undefined) process.exit();
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  response.end("id: A\ndata: one\n\nid: B\ndata: tw"); // WHATWG: an unfinished event is dropped, the last event ID is A
}).listen(0, "127.0.0.1", () => {
  void fetchEventSource(`http://127.0.0.1:${server.address().port}/`, {
    openWhenHidden: true,
    onmessage: ({ data }) => console.log(`message: ${data}`),
    onclose() {
      throw new Error("go on");
    },
  });
});
