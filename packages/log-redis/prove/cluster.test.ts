import { contractTests, type LogHarness } from "@tidemark/log-contract";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { drafts, failureOf, follow, freshPrefix, until } from "../../log/test/steps.ts";
import { RedisLog } from "../src/redis-log.ts";
import { RedisCluster } from "../test/redis-cluster.ts";

const cluster = await RedisCluster.start(3);
test.after(() => cluster.stop());

const reason = "tested on a single Redis, because it changes the data directly";
const harness: LogHarness = {
  lacks: { trim: reason, restart: reason, lose: reason, expireKeys: reason, another: reason },
  async create() {
    const log = await RedisLog.open(cluster.address, { prefix: freshPrefix() });
    return { log, dispose: () => log.dispose() };
  },
};

/** The topics for which slots could matter. The others run the same scripts on one node. */
const TOPICS = /^(appending|keys|only after|removal|watching|concurrency):/;

const tests = contractTests(harness).tests.filter(({ name }) => TOPICS.test(name));
assert.ok(tests.length > 40);
for (const { name, run } of tests) test(`cluster: ${name}`, run);

test("channels are spread over all nodes, and wake-ups reach every node", async () => {
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

test("while a node is down, its channels are unavailable", async () => {
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
  await until("all channels to be available", async () =>
    (await appendAll()).every((code) => code === undefined),
  );
  await log.dispose();
});

test.run();
