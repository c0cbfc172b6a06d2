import * as assert from "uvu/assert";
import type { NatsServer } from "../../../testing/engines/nats-server.ts";
import { CuttingProxy } from "../../../testing/proxies/cutting-proxy.ts";
import { type CutOptions, cutReads } from "../../log/test/cut-reads.ts";
import { NatsLog } from "../src/nats-log.ts";
import { freshStream, type OpenLog } from "./harness.ts";

const BYTES_PER_SECOND = 200_000;

/** Read at a node whose connection to NATS is slow and is cut repeatedly. */
export async function cutLink(
  server: NatsServer,
  options: CutOptions,
  open: OpenLog = NatsLog.open,
): Promise<void> {
  const proxy = await CuttingProxy.to(server.port, "nats", BYTES_PER_SECOND);
  const stream = freshStream();
  const servers = proxy.url.replace("nats://", "");
  const cut = await open({ servers, reconnectTimeWait: 5, reconnectJitter: 5 }, { stream });
  const whole = await NatsLog.open(server.url, { stream });
  try {
    const { refused } = await cutReads({ cut, whole, proxy }, options);
    assert.ok(refused > 0, "some reads were cut off");
  } finally {
    await Promise.all([cut.dispose(), whole.dispose()]);
    await proxy.close();
  }
}
