import { test } from "uvu";
import * as assert from "uvu/assert";
import { cutReads } from "../../log/test/cut-reads.ts";
import { CuttingProxy } from "../../log/test/cutting-proxy.ts";
import { freshPrefix } from "../../log/test/steps.ts";
import { RedisServer } from "../test/redis-server.ts";
import { RedisLog } from "./redis-log.ts";

/** With publishers off, and again with publishers on. */
const CUTS = 25;
const BYTES_PER_SECOND = 200_000;

const server = await RedisServer.start("--appendfsync", "always");
test.after(() => server.stop());

for (const publishing of [false, true])
  test(`${CUTS} cuts of a slow link lose nothing, with publishers ${publishing ? "on" : "off"}`, async () => {
    const proxy = await CuttingProxy.to(server.port, "redis", BYTES_PER_SECOND);
    const prefix = freshPrefix();
    const { hostname: host, port } = new URL(proxy.url);
    const cut = await RedisLog.open({ host, port: Number(port), retryStrategy: () => 5 }, { prefix });
    const whole = await RedisLog.open(server.url, { prefix });
    try {
      const { refused } = await cutReads({ cut, whole, proxy }, { cuts: CUTS, seed: 12, publishing });
      assert.ok(refused > 0, "some reads were cut off");
    } finally {
      await Promise.all([cut.dispose(), whole.dispose()]);
      await proxy.close();
    }
  });

test.run();
