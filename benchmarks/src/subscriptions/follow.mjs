// Follows a stream with many subscriptions in one process, and prints what they cost.
// Usage: node --expose-gc follow.mjs <client> <url> <count>
import process from "node:process";

const [, , name, url, count] = process.argv;

/** How each client follows; `seen` is called for each message. */
const CLIENTS = {
  async subscribe() {
    const { subscribe } = await import("@tidemark/client-sse");
    return async (seen) => {
      for await (const _ of subscribe(url)) seen();
    };
  },
  async readEventStream() {
    const { readEventStream } = await import("@tidemark/client-sse/event-stream");
    return async (seen) => {
      for await (const { event } of readEventStream(`${url}?stream=1`)) if (event === "message") seen();
    };
  },
  async EventSource() {
    const { EventSource } = await import("@tidemark/client-sse/event-source");
    return (seen) => {
      new EventSource(url).onmessage = seen;
    };
  },
  /** With the `fetch` of Node, as the npm package uses it. */
  async "subscribe, Node's fetch"() {
    const { subscribe } = await import("@tidemark/client-sse");
    return async (seen) => {
      for await (const _ of subscribe(url, { fetch: globalThis.fetch })) seen();
    };
  },
  async eventsource() {
    const { EventSource } = await import("eventsource");
    return (seen) => {
      new EventSource(url).onmessage = seen;
    };
  },
};

/** Follow `many` times, until each subscription has the first message. */
async function open(follow, many) {
  let seen = 0;
  await new Promise((resolve, reject) => {
    const one = () => {
      seen += 1;
      if (seen === many) resolve();
    };
    for (let index = 0; index < many; index++) void Promise.resolve(follow(one)).catch(reject);
  });
}

async function memory() {
  for (let pass = 0; pass < 4; pass++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heapUsed, external };
}

const follow = await CLIENTS[name]();
await open(follow, 1); // loads and compiles what the first request needs
const before = await memory();
const began = process.cpuUsage();
await open(follow, Number(count));
const { user, system } = process.cpuUsage(began);
const after = await memory();
const grown = (key) => Number(((after[key] - before[key]) / 2 ** 20).toFixed(1));
const cost = {
  cpuMs: Math.round((user + system) / 1000),
  rss: grown("rss"),
  heap: grown("heapUsed"),
  external: grown("external"),
};
process.stdout.write(`${JSON.stringify(cost)}\n`, () => process.exit(0));
