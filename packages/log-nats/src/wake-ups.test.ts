import { test } from "uvu";
import * as assert from "uvu/assert";
import { NatsServer } from "../../../testing/engines/nats-server.ts";
import { CuttingProxy } from "../../../testing/proxies/cutting-proxy.ts";
import { drafts, follow, until } from "../../log/test/steps.ts";
import { freshStream } from "../test/harness.ts";
import { missedWakeUps } from "../test/missed-wake-ups.ts";
import { NatsLog } from "./nats-log.ts";

const server = await NatsServer.start();
test.after(() => server.stop());

test("messages published during a lost connection are read after the reconnect", () => missedWakeUps(server));

test("one connection serves a thousand channels, and wakes all after a reconnect", async () => {
  const proxy = await CuttingProxy.to(server.port, "nats");
  const log = await NatsLog.open(proxy.url, { stream: freshStream() });
  const woken = new Set<string>();
  const names = Array.from({ length: 1_000 }, (_, i) => `channel-${i}`);
  const unwatches = await Promise.all(names.map((name) => log.watch(name, () => woken.add(name))));
  assert.is(proxy.connections, 1);
  assert.is(woken.size, 0);
  proxy.cut();
  await until("every watcher to be woken", () => woken.size === names.length);
  woken.clear();
  await log.append("channel-7", drafts(1));
  await until("a wake-up", () => woken.has("channel-7"));
  assert.is(woken.size, 1);
  await Promise.all(unwatches.map((unwatch) => unwatch()));
  await log.dispose();
  await proxy.close();
});

test("two nodes wake each other", async () => {
  const options = { stream: freshStream() };
  const [one, two] = [await NatsLog.open(server.url, options), await NatsLog.open(server.url, options)];
  const [atOne, atTwo] = [await follow(one, "news"), await follow(two, "news")];
  for (let number = 1; number <= 20; number++) {
    await (number % 2 ? one : two).append("news", drafts(number));
    await until("both", () => atOne.seen.length === number && atTwo.seen.length === number);
  }
  assert.equal(atOne.seen, atTwo.seen);
  for (const part of [atOne, atTwo]) await part.stop();
  for (const log of [one, two]) await log.dispose();
});

test.run();
