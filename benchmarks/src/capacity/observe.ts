import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ensureProgram } from "../../../tools/ensure.mjs";
import { expectSuccess, pin } from "../bench.ts";
import { Connection } from "../load/connection.ts";
import { messageText } from "../load/message-text.ts";
import { percentile } from "../load/statistics.ts";
import { Audience } from "../load/stream-reader.ts";
import { usageOf } from "../process-usage.ts";
import { get, send } from "../targets/target.ts";

/** What one node with one worker showed: `tidemark serve` on a real Redis, streams of one channel, messages one by one. */
export interface Observed {
  readonly readers: number;
  readonly perSecond: number;
  /** CPU of the node for one message to all its readers, in microseconds. */
  readonly messageUs: number;
  /** CPU of Redis for one message, its append and its read by this node included, in microseconds. */
  readonly logUs: number;
  readonly connectUs: number;
  readonly kibPerStream: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const COMMAND = fileURLToPath(new URL("../../../packages/server/dist/main.js", import.meta.url));
const WARM_UP = 30;
const TIMEOUT_MS = 60_000;

/** Start a node on a Redis of its own, open the streams, publish at a steady pace, and end all of it. */
export async function observe(readers: number, perSecond: number, seconds: number): Promise<Observed> {
  const started: ChildProcess[] = [];
  const audience: Audience[] = [];
  try {
    const redis = await freePort();
    const engine = start(started, ensureProgram("redis-server"), redisOptions(redis));
    await says(engine, /Ready to accept/);
    const serve = ["serve", "--port", "0", "--log", `redis://127.0.0.1:${redis}`];
    const node = start(started, process.execPath, ["--expose-gc", COMMAND, ...serve]);
    const [, port] = await says(node, /listening on http:\/\/[^:]+:(\d+)/);
    pin(node.pid ?? 0, 0);
    audience.push(new Audience(Number(port)));
    return await pace(Number(port), audience[0] as Audience, node.pid ?? 0, engine.pid ?? 0, {
      readers,
      perSecond,
      seconds,
    });
  } finally {
    for (const group of audience) group.close();
    for (const child of started) child.kill("SIGKILL");
  }
}

async function pace(
  port: number,
  audience: Audience,
  node: number,
  engine: number,
  { readers, perSecond, seconds }: { readers: number; perSecond: number; seconds: number },
): Promise<Observed> {
  const publisher = new Connection(port);
  const publish = async (): Promise<void> => {
    const body = `{"messages":[{"data":${messageText()}}]}`;
    expectSuccess(await publisher.ask(send("POST", "/channels/one", body)));
  };
  await publish();
  const before = usageOf(node);
  const request = get("/channels/one?stream=1&after=end", { Accept: "text/event-stream" });
  await audience.open(Array.from({ length: readers }, () => request));
  const opened = usageOf(node);
  for (let number = 1; number <= WARM_UP; number += 1) {
    await publish();
    await audience.until(number * readers, TIMEOUT_MS);
  }
  audience.timed = true;
  const [nodeBefore, engineBefore] = [usageOf(node).cpuUs, usageOf(engine).cpuUs];
  const count = Math.round(perSecond * seconds);
  const startedAt = performance.now();
  for (let number = 0; number < count; number += 1) {
    const waitMs = startedAt + (number * 1_000) / perSecond - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    await publish();
  }
  await audience.until((WARM_UP + count) * readers, TIMEOUT_MS);
  return {
    readers,
    perSecond,
    messageUs: (usageOf(node).cpuUs - nodeBefore) / count,
    logUs: (usageOf(engine).cpuUs - engineBefore) / count,
    connectUs: (opened.cpuUs - before.cpuUs) / readers,
    kibPerStream: (opened.residentBytes - before.residentBytes) / 1_024 / readers,
    p50Ms: percentile(audience.ages, 0.5),
    p99Ms: percentile(audience.ages, 0.99),
  };
}

function redisOptions(port: number): string[] {
  return ["--port", String(port), "--bind", "127.0.0.1", "--appendonly", "no", "--save", ""];
}

function start(started: ChildProcess[], command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  started.push(child);
  return child;
}

/** Wait for a line of its output; the rest is dropped. */
async function says(child: ChildProcess, text: RegExp): Promise<RegExpExecArray> {
  if (child.stdout === null) throw new Error(`${child.spawnfile} has no output`);
  for await (const line of createInterface(child.stdout)) {
    const found = text.exec(line);
    if (found === null) continue;
    child.stdout.resume();
    return found;
  }
  throw new Error(`${child.spawnfile} ended before it said ${text}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
