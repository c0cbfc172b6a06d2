// A process that produces and serves runs: `node run-process.ts <url of Redis>`. It prints its port.
import { setTimeout as sleep } from "node:timers/promises";
import { RedisLog } from "@tidemark/log-redis";
import { resumable } from "@tidemark/resumable";
import { serveRuns } from "./runs.ts";

/** Numbers, one by one, up to the one that the request names. */
async function* count(upTo: number): AsyncGenerator<string> {
  for (let number = 1; number <= upTo; number += 1) {
    yield `data: ${number}\n\n`;
    await sleep(5); // the pace of a model
  }
}

const log = await RedisLog.open(process.argv[2] ?? "");
const runs = resumable(log, { heartbeatS: 2, logGraceMs: 60_000 });
const upTo = (request: Request): number => Number(new URL(request.url).searchParams.get("to"));
const { origin } = await serveRuns(runs, (request) => count(upTo(request)));
process.stdout.write(`${origin}\n`);
