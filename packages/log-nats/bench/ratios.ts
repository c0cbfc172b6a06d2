// Compare the log with bare nats.js, and measure how the cost of a page grows. Starts its own NATS.
//   npm run bench -w @tidemark/log-nats -- [rounds, 31] [longest channel as a power of ten, 6] [most channels, 5]
import { NatsLog } from "@tidemark/log-nats";
import { NatsServer } from "../../../testing/engines/nats-server.ts";
import { askChannels, askLength, askRatios } from "../../log/bench/questions.ts";
import { openPlain, openSame } from "./bare.ts";

const [rounds = 31, longest = 6, most = 5] = process.argv.slice(2).map(Number);
const options = { rounds, longest, most };
const nats = await NatsServer.start();
const opened: NatsLog[] = [];

async function openLog(stream: string): Promise<NatsLog> {
  const log = await NatsLog.open(nats.url, { stream, retention: { maxMessages: null, maxBytes: null } });
  opened.push(log);
  return log;
}

try {
  for (const [name, open] of [
    ["NATS, against the same requests", openSame],
    ["NATS, against publish and a consumer alone", openPlain],
  ] as const) {
    const bare = await open(nats.url);
    await askRatios(name, await openLog(open.name), bare, options);
    await bare.close();
  }
  await askLength(await openLog("length"), options);
  await askChannels((number) => openLog(`channels-${number}`), options);
} finally {
  for (const log of opened) await log.dispose();
  await nats.stop();
}
