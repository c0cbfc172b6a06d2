import * as assert from "uvu/assert";
import type { NatsServer } from "../../../testing/engines/nats-server.ts";
import { CuttingProxy } from "../../../testing/proxies/cutting-proxy.ts";
import { drafts, failureOf, follow, startOf, until } from "../../log/test/steps.ts";
import { NatsLog } from "../src/nats-log.ts";
import { freshStream, type OpenLog } from "./harness.ts";

/**
 * Publish while a node's connection is cut: its wake-ups are lost, but its followers read the messages
 * anyway.
 */
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
      await until("the message without a wake-up", () => follower.seen.length === round, graceMs);
      await until("a connection", async () => (await failureOf(startOf(log, "news"))) === undefined);
    }
    assert.equal(follower.seen, ["1", "2", "3", "4", "5"]);
  } finally {
    await follower.stop();
    await Promise.all([log.dispose(), other.dispose()]);
    await proxy.close();
  }
}
