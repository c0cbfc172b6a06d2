import { readdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { publish } from "@tidemark/client";
import { NatsServer } from "../../../testing/engines/nats-server.ts";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { freePort } from "../../../testing/processes/free-port.ts";
import { CuttingProxy } from "../../../testing/proxies/cutting-proxy.ts";
import { randomFrom } from "../../../testing/random-from.ts";
import { type ServerNode, startNode } from "../../../testing/servers/server-node.ts";
import { type HistoryReads, readHistory } from "./history-readers.ts";
import { Load, type Outcome } from "./load.ts";

/** A slow link: a page of the history takes a twelfth of a second, and everything else waits behind it. */
const BYTES_PER_SECOND = 4_000_000;
/** A cut waits for this many more acknowledged messages, so that it happens under load. */
const PROGRESS = 5;
/** After that, a cut waits for up to this many bytes, so that most cuts are in the middle of an answer. */
const MAX_BYTES = 400_000;
const HISTORY = 300;
const DATA_BYTES = 1_000;

/** How many more descriptors an idle server may have than at its start, because clients keep connections open. */
const SPARE_DESCRIPTORS = 8;
/** Several times as long as a publisher waits after a refusal, or a server for a silent engine. */
const HANG_MS = 60_000;
const SETTLING_MS = 30_000;

/** The engines, by name. */
export const ENGINES = {
  NATS: { scheme: "nats", start: () => NatsServer.start() },
  Redis: { scheme: "redis", start: () => RedisServer.start("--appendfsync", "always") },
} as const;

/** The outcome of repeatedly cutting the link of a log under load. */
export interface CutOutcome extends Outcome, HistoryReads {
  readonly cuts: number;
  /** Descriptors of the server before the load, and when it is idle again. */
  readonly descriptors: readonly [before: number, after: number];
}

/**
 * For some seconds, publish to and read from a server whose link to its engine is slow and is cut at random
 * moments. Another server on the same log has a link that is never cut.
 */
export async function cutUnderLoad(
  name: keyof typeof ENGINES,
  seconds: number,
  onCut: (cuts: number) => void = () => undefined,
): Promise<CutOutcome> {
  const { scheme, start } = ENGINES[name];
  const engine = await start();
  const proxy = await CuttingProxy.to(engine.port, scheme, BYTES_PER_SECOND);
  const [cut, whole] = [await serve(proxy.url), await serve(engine.url)];
  try {
    const cursors = await storeHistory(whole.url("history"));
    const before = await descriptorsOf(cut);
    const load = new Load(cut.url("news"));
    const over = new AbortController();
    const urls = { cut: cut.url("history"), whole: whole.url("history") };
    const history = readHistory(urls, cursors, over.signal);
    const cuts = await cutFor(proxy, load, seconds, onCut);
    over.abort();
    const [reads, outcome] = [await history, await load.finish()];
    return { ...outcome, ...reads, cuts, descriptors: [before, await settled(cut, before)] };
  } finally {
    await Promise.all([cut.kill(), whole.kill()]);
    await proxy.close();
    await engine.stop();
  }
}

/** Start a server that retains everything, so that retention causes no gap. */
async function serve(log: string): Promise<ServerNode> {
  const keep = ["--retain-messages", "10000000", "--retain-bytes", "10000000000", "--heartbeat", "1"];
  return startNode("--port", String(await freePort()), "--log", log, ...keep);
}

/** Publish the history; returns the cursor of each message. */
async function storeHistory(url: string): Promise<string[]> {
  const text = "x".repeat(DATA_BYTES);
  const cursors: string[] = [];
  for (let number = 1; number <= HISTORY; number++)
    cursors.push((await publish(url, [{ data: { number, text } }])).cursor);
  return cursors;
}

/** Cut the link again and again, at moments that depend on its traffic; returns how often. */
async function cutFor(
  proxy: CuttingProxy,
  load: Load,
  seconds: number,
  onCut: (cuts: number) => void,
): Promise<number> {
  const random = randomFrom(12);
  const endMs = performance.now() + seconds * 1_000;
  let cuts = 0;
  while (performance.now() < endMs) {
    await withoutHang(load.progress(PROGRESS));
    await withoutHang(proxy.passes(Math.ceil(random() * MAX_BYTES)));
    proxy.cut();
    onCut(++cuts);
  }
  return cuts;
}

/** Rejects if there is no progress for too long. */
async function withoutHang(progress: Promise<void>): Promise<void> {
  const over = new AbortController();
  const hang = sleep(HANG_MS, undefined, { signal: over.signal }).then(
    () => Promise.reject(new Error(`no progress in ${HANG_MS} ms`)),
    () => undefined, // aborted, because there was progress
  );
  await Promise.race([progress, hang]).finally(() => over.abort());
}

async function descriptorsOf({ pid }: ServerNode): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length;
}

/** The number of descriptors of an idle server, once it is down to `before` or {@link SETTLING_MS} have passed. */
async function settled(node: ServerNode, before: number): Promise<number> {
  const endMs = performance.now() + SETTLING_MS;
  for (;;) {
    const now = await descriptorsOf(node);
    if (now <= before || performance.now() > endMs) return now;
    await sleep(100);
  }
}

/** Whether nothing was lost, doubled, out of order, stuck or leaked. */
export function isWhole({ lost, doubled, astray, gaps, hung, wrong, descriptors }: CutOutcome): boolean {
  const [before, after] = descriptors;
  return lost + doubled + astray + gaps + hung + wrong === 0 && after <= before + SPARE_DESCRIPTORS;
}
