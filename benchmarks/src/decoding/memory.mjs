// Follows a stream of a million messages and prints the size of the heap after each hundred thousand, in MiB.
// Usage: node --expose-gc memory.mjs [messages]
import { subscribe } from "@tidemark/client-sse";
import { CASES, streamChunks } from "./cases.mjs";

const total = Number(process.argv[2] ?? 1_000_000);
const PART = 10_000;
const shape = CASES["200 bytes, chunks of 16 KiB"];
const chunks = streamChunks(PART, shape);
const OPENING = 'event: $open\ndata: {"heartbeat":15}\nid: Zk3vQ9xT2bLm.0.aB3dE5gH\n\n';
const CLOSING = "event: $closed\ndata: {}\nid: Zk3vQ9xT2bLm.9999.aB3dE5gH\n\n";

const CLAIMS = "v=1, mechanisms=(sse), heartbeat=15";

/** A server's answer that repeats the same messages. */
function answer() {
  let sent = 0;
  const body = new ReadableStream(
    {
      pull(controller) {
        if (sent === 0) controller.enqueue(Buffer.from(OPENING));
        if (sent < (total / PART) * chunks.length) controller.enqueue(chunks[sent++ % chunks.length]);
        else {
          controller.enqueue(Buffer.from(CLOSING));
          controller.close();
        }
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: { "Content-Type": "text/event-stream", Tidemark: CLAIMS } });
}

const heap = [];
let seen = 0;
for await (const _message of subscribe("http://127.0.0.1:1/channels/a", { fetch: async () => answer() })) {
  seen += 1;
  if (seen % (total / 10) !== 0) continue;
  globalThis.gc();
  heap.push(Number((process.memoryUsage().heapUsed / 2 ** 20).toFixed(2)));
}
console.log(JSON.stringify({ seen, heap }));
