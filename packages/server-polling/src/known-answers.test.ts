// Polls ahead of Koa are answered from memory where nothing has changed. Here each is asked on both ways.
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { MemoryLog } from "@tidemark/log";
import type { ServeOptions, ServerMiddleware } from "@tidemark/server-core";
import fc from "fast-check";
import Koa from "koa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { numbers } from "../../server-core/test/drafts.ts";
import { WatchedLog } from "../../server-core/test/watched-log.ts";
import { type PollingOptions, polling } from "./polling.ts";

/** An answer without what differs from one to the next: its date, and what is said of its connection. */
interface Seen {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

function ask(origin: string, path: string, headers: Readonly<Record<string, string>>): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const asked = request(`${origin}/channels/${path}`, { headers, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        body += chunk;
      });
      response.once("end", () => {
        const { date, connection, ...rest } = response.headers;
        resolve({ status: response.statusCode, headers: rest, body });
      });
    });
    asked.once("error", reject).end();
  });
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** One middleware on both ways: ahead of Koa, and through it. */
async function onBothWays(
  middleware: ServerMiddleware,
  run: (ahead: string, through: string) => Promise<void>,
): Promise<void> {
  const app = new Koa();
  app.use(middleware);
  const ahead = createServer((req, res) => void middleware.handle(req, res));
  const through = createServer(app.callback());
  try {
    await run(await listen(ahead), await listen(through));
  } finally {
    for (const server of [ahead, through]) {
      server.close();
      server.closeAllConnections();
    }
  }
}

const ACCEPTS = [
  {},
  { accept: "*/*" },
  { accept: "text/event-stream" },
  { cookie: "user=ann" },
  { accept: "*/*", authorization: "Bearer of-ann" },
] as const;
const LIMITS = ["", "&limit=2", "&event=x", "&gap=start"] as const;

/** What is done, by numbers: change the channel, let time go by, or ask. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("append", "close", "remove", "wait") }) },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant("poll"),
      position: fc.nat(3),
      accept: fc.constantFrom(...ACCEPTS),
      limit: fc.constantFrom(...LIMITS),
      tag: fc.boolean(),
    }),
  },
);

test("a poll that was answered before is answered as one that is looked at anew", () =>
  fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      let nowMs = 0;
      const log = new MemoryLog({ retention: { maxAgeMs: 10 }, now: () => nowMs });
      const positions = ["start"];
      const tags = new Map<string, string>();
      await onBothWays(polling(log, { eventFilter: true }), async (ahead, through) => {
        for (const one of steps) {
          if (one.do === "append")
            await log.append("a", numbers(3)).then(
              ({ cursors }) => positions.push(...cursors),
              (error) => assert.is(error.code, "closed"),
            );
          if (one.do === "close") await log.append("a", [], { close: true });
          if (one.do === "remove") await log.remove("a");
          if (one.do === "wait") nowMs += 6;
          if (!("position" in one)) continue;
          const path = `a?after=${positions[one.position % positions.length]}${one.limit}`;
          const tag = one.tag ? tags.get(path) : undefined;
          const headers = { ...one.accept, ...(tag === undefined ? {} : { "if-none-match": tag }) };
          const plain = await ask(through, path, headers);
          for (let time = 1; time <= 3; time += 1)
            assert.equal(
              await ask(ahead, path, headers),
              plain,
              `${time}: ${path} ${JSON.stringify(headers)}`,
            );
          if (typeof plain.headers.etag === "string") tags.set(path, plain.headers.etag);
        }
      });
    }),
    { numRuns: 30 },
  ));

/** How often the log was read for three equal polls. */
async function readsOf(
  options: PollingOptions & ServeOptions,
  query: (cursor: string) => string,
  headers = {},
) {
  const log = new WatchedLog();
  const { cursor } = await log.append("a", numbers(3));
  await onBothWays(polling(log, options), async (ahead) => {
    for (let time = 1; time <= 3; time += 1) await ask(ahead, `a?${query(cursor)}`, headers);
  });
  return log.reads;
}

test("three equal polls are one read, where nothing but the request decides what is answered", async () => {
  const after = (cursor: string) => `after=${cursor}`;
  assert.is(await readsOf({}, after), 1);
  assert.is(await readsOf({}, after, { "if-none-match": "*" }), 3, "another tag than that of the page");
  assert.is(await readsOf({}, () => ""), 3, "a page that no cache may keep");
  assert.is(await readsOf({}, after, { "last-event-id": "x" }), 3);
  assert.is(await readsOf({ authorize: () => "somebody" }, after), 3);
  assert.is(await readsOf({ channels: () => true }, after), 3);
  assert.is(await readsOf({ cors: { origin: ["https://a.example"] } }, after), 3);
  assert.is(await readsOf({ isPublic: () => true }, after), 3);
  assert.is(await readsOf({ retryMs: 10 }, after), 1);
});

test.run();
