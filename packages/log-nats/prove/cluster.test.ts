import { jetstreamManager } from "@nats-io/jetstream";
import { contractTests, type LogHarness } from "@tidemark/log/contract";
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

const reason = "shown on a single NATS: they are done to its data";
const harness: LogHarness = {
  lacks: { trim: reason, restart: reason, lose: reason, expireKeys: reason },
  async create() {
    const options = { stream: freshStream() };
    const log = await NatsLog.open(cluster.address, options);
    return { log, another: () => NatsLog.open(cluster.address, options), dispose: () => log.dispose() };
  },
};

/** Where it could matter that requests pass from server to server; a stream of one copy is at one of them. */
const TOPICS = /^(appending|keys|only after|removal|watching|concurrency|nodes):/;

const tests = contractTests(harness).tests.filter(({ name }) => TOPICS.test(name));
assert.ok(tests.length > 40);
for (const { name, run } of tests) test(`cluster: ${name}`, run);

test("the server that has the stream is killed under load: nothing is lost, nothing doubled", async () => {
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

test("several copies are refused where NATS lets two append behind the same message", async () => {
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
  assert.is(found?.config.num_replicas, message === "opened" ? 3 : undefined, "refused before it is made");
  await connection.close();
});

test.run();
