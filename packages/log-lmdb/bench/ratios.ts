// Compare the log with bare lmdb, and measure how the cost of a page grows.
//   npm run bench -w @tidemark/log-lmdb -- [rounds, 31] [longest channel as a power of ten, 7] [most channels, 5]
// TMPDIR selects the file system.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Durability, LmdbLog } from "@tidemark/log-lmdb";
import { askChannels, askLength, askRatios } from "../../log/bench/questions.ts";
import { openBare } from "./bare.ts";

const [rounds = 31, longest = 7, most = 5] = process.argv.slice(2).map(Number);
const options = { rounds, longest, most };
const directory = await mkdtemp(join(tmpdir(), "tidemark-bench-"));
const opened: { dispose(): Promise<void> }[] = [];

async function openLog(name: string, durability: Durability = "process"): Promise<LmdbLog> {
  const retention = { maxMessages: null, maxBytes: null };
  const log = await LmdbLog.open(join(directory, name), { durability, retention });
  opened.push(log);
  return log;
}

try {
  for (const durability of ["process", "disk"] as const) {
    const bare = openBare(join(directory, `bare ${durability}`), durability);
    await askRatios(`lmdb, durability ${durability}`, await openLog(durability, durability), bare, options);
    await bare.close();
  }
  await askLength(await openLog("length"), options);
  await askChannels((number) => openLog(`channels ${number}`), options);
} finally {
  for (const log of opened) await log.dispose();
  await rm(directory, { recursive: true });
}
