import * as assert from "uvu/assert";
import { CuttingProxy } from "../../log/test/cutting-proxy.ts";
import { drafts, failureOf, follow, startOf, until } from "../../log/test/steps.ts";
import { NatsLog } from "../src/nats-log.ts";
import { freshStream, type OpenLog } from "./harness.ts";
import type { NatsServer } from "./nats-server.ts";

/** Publish while a node's link is cut: it hears of nothing, and whoever follows there reads it all the same. */
export async function missedWakeUps(
  server: NatsServer,
  open: OpenLog = NatsLog.open,
  graceMs?: number,
): Promise<void> {
  const options = { stream: freshStream() };
  const proxy = await CuttingProxy.to(server.port, "nats");
  const [log, other] = [await open(proxy.url, options), await open(server.url, options)];
  const follower = await follow(log, "news");
  try {
    for (let round = 1; round <= 5; round++) {
      proxy.cut();
      await other.append("news", drafts(round));
      await until("what nobody heard of", () => follower.seen.length === round, graceMs);
      await until("a link", async () => (await failureOf(startOf(log, "news"))) === undefined);
    }
    assert.equal(follower.seen, ["1", "2", "3", "4", "5"]);
  } finally {
    await follower.stop();
    await Promise.all([log.dispose(), other.dispose()]);
    await proxy.close();
  }
}
