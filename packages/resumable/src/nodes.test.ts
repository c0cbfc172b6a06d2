// Several processes with one log: any of them resumes and cancels any run, and tells its readers when a producer dies.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Log } from "@tidemark/log";
import { LmdbLog } from "@tidemark/log-lmdb";
import { MemoryLog } from "@tidemark/log-memory";
import { NatsLog } from "@tidemark/log-nats";
import { RedisLog } from "@tidemark/log-redis";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { NatsServer } from "../../../testing/engines/nats-server.ts";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { until } from "../../../testing/servers/serving.ts";
import { readEvents } from "../test/events.ts";
import { get, Hand, post, readBody, runOf, Watched } from "../test/runs.ts";
import { type ResumableOptions, type Runs, resumable } from "./index.ts";

/** Opens logs on one engine, as several processes do. */
interface Engine {
  open(): Promise<Log>;
  stop(): Promise<void>;
}

const ENGINES: Readonly<Record<string, () => Promise<Engine>>> = {
  async memory() {
    const log = new MemoryLog();
    return { open: async () => log, stop: () => log.dispose() };
  },
  async lmdb() {
    const folder = await mkdtemp(join(tmpdir(), "resumable-"));
    const log = await LmdbLog.open(folder);
    const stop = async (): Promise<void> => {
      await log.dispose();
      await rm(folder, { recursive: true });
    };
    return { open: async () => log, stop };
  },
  async redis() {
    const server = await RedisServer.start();
    return { open: () => RedisLog.open(server.url), stop: () => server.stop() };
  },
  async nats() {
    const server = await NatsServer.start();
    return { open: () => NatsLog.open(server.url), stop: () => server.stop() };
  },
};

interface Bench {
  readonly first: Runs;
  readonly second: Runs;
}

/** Two processes on one engine. */
async function withTwo(
  name: string,
  options: ResumableOptions,
  run: (bench: Bench) => Promise<void>,
): Promise<void> {
  const open = ENGINES[name];
  if (open === undefined) throw new RangeError(`no engine ${name}`);
  const engine = await open();
  const logs = [await engine.open(), await engine.open()] as const;
  const [first, second] = logs.map((log) =>
    resumable(log, { heartbeatS: 1, onError: () => undefined, ...options }),
  );
  try {
    if (first && second) await run({ first, second });
  } finally {
    await Promise.all([first?.dispose(), second?.dispose()]);
    for (const log of new Set(logs)) await log.dispose();
    await engine.stop();
  }
}

const dataOf = (text: string): string[] => readEvents(Buffer.from(text)).events.map(({ data }) => data);

for (const name of Object.keys(ENGINES)) {
  test(`${name}: another process resumes a run while it is produced, and after its end`, () =>
    withTwo(name, {}, async ({ first, second }) => {
      const hand = new Hand();
      const started = await first.start(post(), () => hand.response);
      const id = runOf(started);
      const reader = new Watched(started);
      hand.send("data: 1\n\ndata: 2\n\n");
      await reader.sees("data: 2\n");
      const [, last = ""] = /data: 1\nid: (\S+)/.exec(reader.text) ?? [];
      const other = new Watched(await second.resume(get(id, "", { "Last-Event-ID": last })));
      await other.sees("data: 2\n");
      hand.send("data: 3\n\n");
      await other.sees("data: 3\n");
      hand.end();
      assert.equal([await reader.isOver(), await other.isOver()], ["ended", "ended"]);
      assert.equal(
        [dataOf(reader.text), dataOf(other.text)],
        [
          ["1", "2", "3"],
          ["2", "3"],
        ],
      );
      const again = await readBody(await second.resume(get(id)));
      assert.is(again.bytes.toString(), reader.text.replace(/(^:\n\n)(:\n\n)*/g, "$1"));
    }));

  test(`${name}: another process cancels a run whose upstream is silent`, () =>
    withTwo(name, {}, async ({ first, second }) => {
      const hand = new Hand();
      const started = await first.start(post(), () => hand.response);
      const reader = new Watched(started);
      hand.send("data: 1\n\n");
      await reader.sees("data: 1\n");
      assert.is(await second.cancel(runOf(started)), true);
      assert.is(await reader.isOver(), "cut");
      await until(() => hand.cancelled !== undefined, "the upstream is cancelled");
    }));

  test(`${name}: starts with one key on two processes are one run`, () =>
    withTwo(name, {}, async ({ first, second }) => {
      let calls = 0;
      const start = (runs: Runs): Promise<Response> =>
        runs.start(post("{}", { "Idempotency-Key": "k" }), async function* () {
          calls += 1;
          yield "data: 1\n\n";
        } as () => AsyncGenerator<string>);
      const answers = await Promise.all([start(first), start(second), start(first), start(second)]);
      const texts = await Promise.all(
        answers.map(async (answer) => dataOf((await readBody(answer)).bytes.toString())),
      );
      assert.equal(texts, [["1"], ["1"], ["1"], ["1"]]);
      assert.is(new Set(answers.map(runOf)).size, 1);
      assert.is(calls, 1);
    }));
}

test("a reader on another process keeps a run from being abandoned", () =>
  withTwo("memory", { abandonMs: 300 }, async ({ first, second }) => {
    const hand = new Hand();
    const started = await first.start(post(), () => hand.response);
    const other = new Watched(await second.resume(get(runOf(started))));
    await new Watched(started).leave();
    const left = performance.now();
    while (performance.now() - left < 900) {
      hand.send("data: 1\n\n");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.is(other.state, "open");
    assert.is(first.stats().producing, 1);
    await other.leave();
    await until(() => first.stats().producing === 0, "it is abandoned when nobody reads it");
  }));

test.run();
