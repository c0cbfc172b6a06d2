import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { subscribe } from "@tidemark/client";
import { MemoryLog } from "@tidemark/log";
import { tidemark } from "@tidemark/server";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { until } from "../../../packages/server-core/test/serving.ts";

type Subscription = ReturnType<typeof subscribe>;

/** Connections that a user may have, and one tab more than that. */
const PLACES = 2;
const TABS = PLACES + 1;
const MESSAGES = 60;

/** Between two messages; a client that came back at the usual time would be seen before the last one. */
const PAUSE_MS = 80;

/** Collect the data of a subscription until it ends. */
function collect(subscription: Subscription): unknown[] {
  const seen: unknown[] = [];
  const read = async (): Promise<void> => {
    for await (const { data } of subscription) seen.push(data);
  };
  read().catch((error) => seen.push(error));
  return seen;
}

for (const mechanism of ["auto", "sse", "long-polling"] as const)
  test(`${mechanism}: of one tab more than there are places, one is sent away and the others are left alone`, async () => {
    const log = new MemoryLog();
    const channels = tidemark(log, { authorize: () => "anna", maxConnectionsPerPrincipal: PLACES });
    let requests = 0;
    const server = createServer((req, res) => {
      requests += 1;
      channels.handle(req, res);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/channels/a`;
    const waiting = (one: Subscription): boolean => one.state.phase === "waiting";
    const tabs: Subscription[] = [];
    const seen: unknown[][] = [];
    try {
      for (let tab = 0; tab < TABS; tab += 1) {
        const subscription = subscribe(url, { mechanism });
        tabs.push(subscription);
        seen.push(collect(subscription));
        await until(() => {
          const { streams, held } = channels.stats();
          return streams + held === Math.min(tab + 1, PLACES);
        }, "the tab has a place");
      }
      await until(() => tabs.filter(waiting).length === TABS - PLACES, "the first was sent away");
      requests = 0;
      const all = Array.from({ length: MESSAGES }, (_, index) => index);
      for (const index of all) {
        await log.append("a", [{ json: String(index) }]);
        await delay(PAUSE_MS);
      }
      await until(() => seen.slice(1).every(({ length }) => length === MESSAGES), "the others get all");
      assert.equal(seen.slice(1), [all, all]);
      assert.ok(waiting(tabs[0] as Subscription), "it does not come back at once");
      const expected = mechanism === "long-polling" ? PLACES * MESSAGES : 0;
      assert.ok(requests <= expected, `nobody connects anew: ${requests} requests of ${expected}`);
    } finally {
      for (const tab of tabs) await tab.return?.();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

test.run();
