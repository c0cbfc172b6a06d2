import { expectSuccess, pin } from "../bench.ts";
import { Connection } from "../load/connection.ts";
import { messageText } from "../load/message-text.ts";
import { percentile } from "../load/statistics.ts";
import { Audience } from "../load/stream-reader.ts";
import { usageOf } from "../process-usage.ts";
import { get, send } from "../targets/target.ts";
import { RedisNodes, type Running } from "./node-on-redis.ts";

/** Measured on one node with one worker: `tidemark serve` on a real Redis, streams of one channel, messages one by one. */
export interface Observed {
  /** CPU of the node for one message to all its readers, in microseconds. */
  readonly messageUs: number;
  readonly connectUs: number;
  readonly kibPerStream: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const WARM_UP = 30;
const TIMEOUT_MS = 60_000;

/** Start a node with its own Redis, open the streams, publish at a steady pace, and stop everything. */
export async function observe(readers: number, perSecond: number, seconds: number): Promise<Observed> {
  const started = new RedisNodes();
  const audience: Audience[] = [];
  try {
    const node = await started.node(await started.engine());
    pin(node.pid, 0);
    const all = new Audience(node.port);
    audience.push(all);
    return await pace(node, all, readers, perSecond, Math.round(perSecond * seconds));
  } finally {
    for (const group of audience) group.close();
    started.stop();
  }
}

async function pace(
  node: Running,
  audience: Audience,
  readers: number,
  perSecond: number,
  count: number,
): Promise<Observed> {
  const publisher = new Connection(node.port);
  const publish = async (): Promise<void> => {
    const body = `{"messages":[{"data":${messageText()}}]}`;
    expectSuccess(await publisher.ask(send("POST", "/channels/one", body)));
  };
  await publish();
  const before = usageOf(node.pid);
  const request = get("/channels/one?stream=1&after=end", { Accept: "text/event-stream" });
  await audience.open(Array.from({ length: readers }, () => request));
  const opened = usageOf(node.pid);
  for (let number = 1; number <= WARM_UP; number += 1) {
    await publish();
    await audience.until(number * readers, TIMEOUT_MS);
  }
  audience.timed = true;
  const warm = usageOf(node.pid).cpuUs;
  const startedAt = performance.now();
  for (let number = 0; number < count; number += 1) {
    const waitMs = startedAt + (number * 1_000) / perSecond - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    await publish();
  }
  await audience.until((WARM_UP + count) * readers, TIMEOUT_MS);
  return {
    messageUs: (usageOf(node.pid).cpuUs - warm) / count,
    connectUs: (opened.cpuUs - before.cpuUs) / readers,
    kibPerStream: (opened.residentBytes - before.residentBytes) / 1_024 / readers,
    p50Ms: percentile(audience.ages, 0.5),
    p99Ms: percentile(audience.ages, 0.99),
  };
}
