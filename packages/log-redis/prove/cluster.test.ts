import { contractTests, type LogHarness } from "@tidemark/log/contract";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { drafts, failureOf, follow, freshPrefix, until } from "../../log/test/steps.ts";
import { RedisLog } from "../src/redis-log.ts";
import { RedisCluster } from "../test/redis-cluster.ts";

const cluster = await RedisCluster.start(3);
test.after(() => cluster.stop());

const reason = "shown on a single Redis: they are done to its data";
const harness: LogHarness = {
  lacks: { trim: reason, restart: reason, lose: reason, expireKeys: reason, another: reason },
  async create() {
    const log = await RedisLog.open(cluster.address, { prefix: freshPrefix() });
    return { log, dispose: () => log.dispose() };
  },
};

/** Where slots could matter; the rest is the same scripts on one node. */
const TOPICS = /^(appending|keys|only after|removal|watching|concurrency):/;

const tests = contractTests(harness).tests.filter(({ name }) => TOPICS.test(name));
assert.ok(tests.length > 40);
for (const { name, run } of tests) test(`cluster: ${name}`, run);

test("channels are spread over all nodes, and wake each other's nodes", async () => {
  const prefix = freshPrefix();
  const [one, two] = [
    await RedisLog.open(cluster.address, { prefix }),
    await RedisLog.open(cluster.address, { prefix }),
  ];
  for (let number = 1; number <= 20; number++) {
    const follower = await follow(one, `channel-${number}`);
    await two.append(`channel-${number}`, drafts(number));
    await until("a wake-up from another node", () => follower.seen.length === 1);
    await follower.stop();
  }
  for (const log of [one, two]) await log.dispose();
});

test("a node that is down takes its channels with it, and is told as unavailable", async () => {
  const log = await RedisLog.open(cluster.address, { prefix: freshPrefix() });
  const names = Array.from({ length: 20 }, (_, i) => `channel-${i}`);
  const appendAll = (): Promise<(string | undefined)[]> =>
    Promise.all(names.map((name) => failureOf(log.append(name, drafts(1)))));
  assert.equal(
    await appendAll(),
    names.map(() => undefined),
  );
  await cluster.nodes[1]?.kill();
  const failed = new Set(await appendAll());
  assert.ok(failed.has("unavailable"));
  await cluster.nodes[1]?.start();
  await until("a whole log", async () => (await appendAll()).every((code) => code === undefined));
  await log.dispose();
});

test.run();
