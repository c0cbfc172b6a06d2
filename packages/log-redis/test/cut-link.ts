import * as assert from "uvu/assert";
import type { RedisServer } from "../../../testing/engines/redis-server.ts";
import { CuttingProxy } from "../../../testing/proxies/cutting-proxy.ts";
import { type CutOptions, cutReads } from "../../log/test/cut-reads.ts";
import { freshPrefix } from "../../log/test/steps.ts";
import { RedisLog } from "../src/redis-log.ts";

const BYTES_PER_SECOND = 200_000;

/** Read at a node whose connection to Redis is slow and is cut repeatedly. */
export async function cutLink(server: RedisServer, options: CutOptions): Promise<void> {
  const proxy = await CuttingProxy.to(server.port, "redis", BYTES_PER_SECOND);
  const prefix = freshPrefix();
  const { hostname: host, port } = new URL(proxy.url);
  const cut = await RedisLog.open({ host, port: Number(port), retryStrategy: () => 5 }, { prefix });
  const whole = await RedisLog.open(server.url, { prefix });
  try {
    const { refused } = await cutReads({ cut, whole, proxy }, options);
    assert.ok(refused > 0, "some reads were cut off");
  } finally {
    await Promise.all([cut.dispose(), whole.dispose()]);
    await proxy.close();
  }
}
