// undici’s EventSource ignores an empty event name after another one in the same block
import { createServer } from "node:http";
import { EventSource } from "undici";

process.removeAllListeners("warning"); // it warns that it is experimental
const server = createServer((_, response) => {
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  response.write("event: x\nevent:\ndata: one\n\n"); // WHATWG: the last name counts; an empty one means message
}).listen(0, "127.0.0.1", () => {
  const source = new EventSource(`http://127.0.0.1:${server.address().port}/`);
  for (const name of ["message", "x"])
    source.addEventListener(name, ({ type, data }) => {
      console.log(`${type}: ${data}`);
      process.exit();
    });
});
