// Publishing through a proxy that forwards every request, and drops every third answer.
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { MemoryLog } from "@tidemark/log-memory";
import { listen } from "@tidemark/server";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { publish, subscribe } from "./index.ts";

const BATCHES = 200;
const BATCH = 3;
const AT_ONCE = 8;

/** Forwards requests to `target`, and drops every third answer. */
async function swallowingProxy(target: string) {
  let answers = 0;
  const server = createServer((asked, response) => {
    const onward = request(new URL(asked.url ?? "/", target), {
      method: asked.method,
      headers: asked.headers,
    });
    asked.pipe(onward).on("response", (answer) => {
      answers += 1;
      if (answers % 3 === 0) {
        answer.resume().on("end", () => response.destroy()); // the server has carried it out
      } else {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    swallowed: () => Math.floor(answers / 3),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test(`${BATCHES} publishes of ${BATCH} messages, every third answer dropped: every message once`, async () => {
  const server = await listen(new MemoryLog(), { port: 0 });
  const url = server.url.replace("{channel}", "a");
  const proxy = await swallowingProxy(url);
  const through = new URL(new URL(url).pathname, proxy.url);
  const left = Array.from({ length: BATCHES }, (_, batch) => batch);
  const told = new Map<string, number>();
  const work = async (): Promise<void> => {
    for (let batch = left.shift(); batch !== undefined; batch = left.shift()) {
      const messages = Array.from({ length: BATCH }, (_, at) => ({ data: BATCH * (batch ?? 0) + at }));
      const { cursors } = await publish(through, messages, { retryDelayMs: () => 1, maxAttempts: 20 });
      for (const [at, cursor] of cursors.entries()) told.set(cursor, messages[at]?.data ?? Number.NaN);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await publish(url, [], { close: true });
  const read = new Map<string, number>();
  for await (const { cursor, data } of subscribe<number>(url)) read.set(cursor, data);
  assert.is(read.size, BATCHES * BATCH);
  assert.is(new Set(read.values()).size, BATCHES * BATCH);
  // The cursors returned to the publisher are the messages' real ones.
  assert.equal([...told].sort(), [...read].sort());
  assert.ok(proxy.swallowed() >= BATCHES / 3, `${proxy.swallowed()}`);
  await Promise.all([proxy.close(), server.close({ windowMs: 0 })]);
});

test.run();
