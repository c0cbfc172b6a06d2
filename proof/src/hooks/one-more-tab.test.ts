import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { subscribe } from "@tidemark/client";
import { MemoryLog } from "@tidemark/log-memory";
import { tidemark } from "@tidemark/server";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { until } from "../../../testing/servers/serving.ts";

type Subscription = ReturnType<typeof subscribe>;

/** How many connections a user may have, and how many tabs there are: one more. */
const PLACES = 2;
const TABS = PLACES + 1;
const MESSAGES = 60;

/** Between two messages, in milliseconds. A client with the usual delay would reconnect before the last one. */
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
  test(`${mechanism}: with one tab too many, one loses its place and the others stay connected`, async () => {
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
        }, "the tab gets a place");
      }
      await until(() => tabs.filter(waiting).length === TABS - PLACES, "the first tab loses its place");
      requests = 0;
      const all = Array.from({ length: MESSAGES }, (_, index) => index);
      for (const index of all) {
        await log.append("a", [{ json: String(index) }]);
        await delay(PAUSE_MS);
      }
      await until(
        () => seen.slice(1).every(({ length }) => length === MESSAGES),
        "the others get every message",
      );
      assert.equal(seen.slice(1), [all, all]);
      assert.ok(waiting(tabs[0] as Subscription), "the first tab reconnected too early");
      const expected = mechanism === "long-polling" ? PLACES * MESSAGES : 0;
      assert.ok(
        requests <= expected,
        `some tab reconnected: ${requests} requests, expected at most ${expected}`,
      );
    } finally {
      for (const tab of tabs) await tab.return?.();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

test.run();
