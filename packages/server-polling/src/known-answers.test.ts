// `handle` answers polls from memory if nothing has changed. Here each poll is sent in every way to the server.
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { MemoryLog } from "@tidemark/log-memory";
import type { ServeOptions, ServerMiddleware } from "@tidemark/server-core/koa";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { numbers } from "../../../testing/logs/drafts.ts";
import { WatchedLog } from "../../../testing/logs/watched-log.ts";
import { listenerFor, RIMS, type Rim } from "../../../testing/servers/serving.ts";
import { type PollingOptions, polling } from "./polling.ts";

/** An answer without the fields that differ each time: the date, and those of the connection. */
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

/** One middleware, served in every way. */
async function onAllWays(
  middleware: ServerMiddleware,
  run: (origins: Readonly<Record<Rim, string>>) => Promise<void>,
): Promise<void> {
  const servers = RIMS.map((rim) => [rim, createServer(listenerFor(middleware, rim))] as const);
  try {
    const origins: [Rim, string][] = [];
    for (const [rim, server] of servers) origins.push([rim, await listen(server)]);
    await run(Object.fromEntries(origins) as Record<Rim, string>);
  } finally {
    for (const [, server] of servers) {
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

/** One step, chosen by numbers: change the channel, let time pass, or send a poll. */
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

test("an answer from memory equals a fresh one", () =>
  fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      let nowMs = 0;
      const log = new MemoryLog({ retention: { maxAgeMs: 10 }, now: () => nowMs });
      const positions = ["start"];
      const tags = new Map<string, string>();
      await onAllWays(polling(log, { eventFilter: true }), async ({ node, koa, fetch }) => {
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
          const plain = await ask(koa, path, headers);
          for (const [time, origin] of [node, node, node, fetch].entries())
            assert.equal(
              await ask(origin, path, headers),
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
  await onAllWays(polling(log, options), async ({ node }) => {
    for (let time = 1; time <= 3; time += 1) await ask(node, `a?${query(cursor)}`, headers);
  });
  return log.reads;
}

test("three equal polls cause one read if the answer depends only on the request", async () => {
  const after = (cursor: string) => `after=${cursor}`;
  assert.is(await readsOf({}, after), 1);
  assert.is(await readsOf({}, after, { "if-none-match": "*" }), 3, "a tag other than the page's");
  assert.is(await readsOf({}, () => ""), 3, "a page that no cache may keep");
  assert.is(await readsOf({}, after, { "last-event-id": "x" }), 3);
  assert.is(await readsOf({ authorize: () => "somebody" }, after), 3);
  assert.is(await readsOf({ channels: () => true }, after), 3);
  assert.is(await readsOf({ cors: { origin: ["https://a.example"] } }, after), 3);
  assert.is(await readsOf({ isPublic: () => true }, after), 3);
  assert.is(await readsOf({ retryMs: 10 }, after), 1);
});

test.run();
