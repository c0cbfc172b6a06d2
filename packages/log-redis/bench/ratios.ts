// Compare the log with bare ioredis, and measure how the cost of a page grows. Starts its own Redis.
//   npm run bench -w @tidemark/log-redis -- [rounds, 31] [longest channel as a power of ten, 7] [most channels, 5]
import { RedisLog } from "@tidemark/log-redis";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { askChannels, askLength, askRatios } from "../../log/bench/questions.ts";
import { openStreams, openTransactions } from "./bare.ts";

const [rounds = 31, longest = 7, most = 5] = process.argv.slice(2).map(Number);
const options = { rounds, longest, most };
const redis = await RedisServer.start("--appendfsync", "everysec");
const opened: RedisLog[] = [];

async function openLog(prefix: string): Promise<RedisLog> {
  const log = await RedisLog.open(redis.url, { prefix, retention: { maxMessages: null, maxBytes: null } });
  opened.push(log);
  return log;
}

try {
  for (const [name, open] of [
    ["Redis, against the same commands in a MULTI", openTransactions],
    ["Redis, against XADD and XRANGE alone", openStreams],
  ] as const) {
    const bare = open(redis.url);
    await askRatios(name, await openLog(open.name), bare, options);
    bare.close();
  }
  await askLength(await openLog("length"), options);
  await askChannels((number) => openLog(`channels-${number}`), options);
} finally {
  for (const log of opened) await log.dispose();
  await redis.stop();
}
