// `launchdarkly-eventsource` follows 301 and 307, but ends at 302, 303 and 308
import { createServer } from "node:http";
import { createRequire } from "node:module";

const { EventSource } = createRequire(import.meta.url)("launchdarkly-eventsource");
const server = createServer(({ url, headers: { host } }, response) => {
  if (url === "/stream") {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write("data: one\n\n");
  } else response.writeHead(Number(url.slice(1)), { Location: `http://${host}/stream` }).end(); // Fetch: all five are redirects
}).listen(0, "127.0.0.1", async () => {
  for (const status of [301, 302, 303, 307, 308]) {
    const source = new EventSource(`http://127.0.0.1:${server.address().port}/${status}`);
    await new Promise((resolve) => {
      source.onmessage = ({ data }) => resolve(console.log(`${status}: message: ${data}`));
      source.onerror = ({ message }) => resolve(console.log(`${status}: error: ${message}`));
    });
    source.close();
  }
  process.exit();
});
