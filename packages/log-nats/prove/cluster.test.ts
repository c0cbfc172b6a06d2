import { jetstreamManager } from "@nats-io/jetstream";
import { contractTests, type LogHarness } from "@tidemark/log-contract";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { killedUnderLoad } from "../../log/test/killed-under-load.ts";
import { connectTo } from "../src/connection.ts";
import { NatsLog } from "../src/nats-log.ts";
import { freshStream } from "../test/harness.ts";
import { NatsCluster } from "../test/nats-cluster.ts";

const KILLS = 3;

const cluster = await NatsCluster.start(3);
test.after(() => cluster.stop());

const reason = "tested on a single NATS, because it changes the data directly";
const harness: LogHarness = {
  lacks: { trim: reason, restart: reason, lose: reason, expireKeys: reason },
  async create() {
    const options = { stream: freshStream() };
    const log = await NatsLog.open(cluster.address, options);
    return { log, another: () => NatsLog.open(cluster.address, options), dispose: () => log.dispose() };
  },
};

/** The topics for which forwarding between servers could matter; a stream with one copy is on one server. */
const TOPICS = /^(appending|keys|only after|removal|watching|concurrency|nodes):/;

const tests = contractTests(harness).tests.filter(({ name }) => TOPICS.test(name));
assert.ok(tests.length > 40);
for (const { name, run } of tests) test(`cluster: ${name}`, run);

test("killing the server that has the stream under load loses and duplicates nothing", async () => {
  const options = { stream: freshStream() };
  const logs = [
    await NatsLog.open(cluster.address, options),
    await NatsLog.open(cluster.address, options),
  ] as const;
  const leader = await cluster.leaderOf(options.stream);
  assert.ok(leader, "a leader");
  await killedUnderLoad(logs, KILLS, () => leader.restart());
  for (const log of logs) await log.dispose();
});

test("several copies are rejected on a NATS that can accept two appends after the same message", async () => {
  const connection = await connectTo(cluster.address);
  const { version = "" } = connection.info ?? {};
  const stream = freshStream();
  const opening = NatsLog.open(cluster.address, { stream, replicas: 3 });
  const message = await opening.then(
    () => "opened",
    (error: Error) => error.message,
  );
  if (version.startsWith("2.9.")) assert.match(message, /use one copy, or at least 2\.10\.20/);
  else assert.is(message, "opened");
  const manager = await jetstreamManager(connection);
  const found = await manager.streams.info(stream).catch(() => undefined);
  assert.is(
    found?.config.num_replicas,
    message === "opened" ? 3 : undefined,
    "rejected before the stream is created",
  );
  await connection.close();
});

test.run();
