import { expectSuccess } from "../bench.ts";
import { Connection } from "../load/connection.ts";
import { messageText } from "../load/message-text.ts";
import { Audience } from "../load/stream-reader.ts";
import { usageOf } from "../process-usage.ts";
import { get, send } from "../targets/target.ts";
import { RedisNodes } from "./node-on-redis.ts";

const MESSAGES = 3_000;
const TIMEOUT_MS = 60_000;

/** CPU microseconds per message that is published on one node and read by one reader on each node. */
export interface ObservedLog {
  readonly redisUs: number;
  /** CPU of the last node; it only reads, unless it is the only node. */
  readonly nodeUs: number;
}

/** Publish one message after the other, as fast as possible, with `count` nodes on one Redis. */
export async function observeLog(count: number): Promise<ObservedLog> {
  const started = new RedisNodes();
  const audiences: Audience[] = [];
  try {
    const engine = await started.engine();
    let node = engine;
    for (let number = 0; number < count; number += 1) {
      node = await started.node(engine);
      audiences.push(new Audience(node.port));
    }
    for (const audience of audiences)
      await audience.open([get("/channels/one?stream=1&after=end", { Accept: "text/event-stream" })]);
    const publisher = new Connection(audiences[0]?.port ?? 0);
    const [redisUs, nodeUs] = [usageOf(engine.pid).cpuUs, usageOf(node.pid).cpuUs];
    for (let number = 1; number <= MESSAGES; number += 1) {
      expectSuccess(
        await publisher.ask(send("POST", "/channels/one", `{"messages":[{"data":${messageText()}}]}`)),
      );
      // Every node reads each message before the next one is published.
      for (const audience of audiences) await audience.until(number, TIMEOUT_MS);
    }
    publisher.close();
    return {
      redisUs: (usageOf(engine.pid).cpuUs - redisUs) / MESSAGES,
      nodeUs: (usageOf(node.pid).cpuUs - nodeUs) / MESSAGES,
    };
  } finally {
    for (const audience of audiences) audience.close();
    started.stop();
  }
}
