// h3's event streams, as its documentation shows them.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createEventStream, H3 } from "h3";
import { toNodeHandler } from "h3/node";
import { originOf, publisher, ready, tick } from "./program.ts";

const readers = new Set<(payload: string) => unknown>();
const publish = (payload: string): void => {
  for (const push of readers) push(payload);
};

const app = new H3();
app.get("/sse", (event) => {
  const stream = createEventStream(event);
  const push = (payload: string): Promise<void> => stream.push(payload);
  readers.add(push);
  stream.onClosed(async () => {
    readers.delete(push);
    await stream.close();
  });
  return stream.send();
});

const server = createServer(toNodeHandler(app)).listen(0, "127.0.0.1");
await once(server, "listening");
if (process.env.QUIET === "1") setTimeout(publish, 3_000, "the only message");
else tick(publish);
ready({ url: `${originOf(server.address() as AddressInfo)}/sse`, publish: await publisher(publish) });
