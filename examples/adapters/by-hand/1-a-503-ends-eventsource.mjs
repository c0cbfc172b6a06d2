// `eventsource` stops permanently at one 503, whatever its `Retry-After`
import { createServer } from "node:http";
import { EventSource } from "eventsource";

let requests = 0;
const server = createServer((_, response) => {
  requests += 1;
  response.writeHead(503, { "Retry-After": "1" }).end();
}).listen(0, "127.0.0.1", () => {
  const source = new EventSource(`http://127.0.0.1:${server.address().port}/`);
  source.onerror = ({ code }) => console.log(`error: ${code}`);
  setTimeout(() => {
    console.log(`5 s later: requests ${requests}, readyState ${source.readyState} (2: closed)`);
    server.close();
  }, 5000);
});
