import { RetentionPolicy, type StreamConfig } from "@nats-io/jetstream";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { NatsServer } from "../../../testing/engines/nats-server.ts";
import { failureOf } from "../../log/test/steps.ts";
import { freshStream, withManager } from "../test/harness.ts";
import { Names } from "./names.ts";
import { NatsLog, type NatsLogOptions } from "./nats-log.ts";
import { unfit, unfitVersion } from "./stream-setup.ts";

const server = await NatsServer.start();
test.after(() => server.stop());

/** The configuration of a stream that a log created. */
async function configOf(stream: string): Promise<StreamConfig> {
  await (await NatsLog.open(server.url, { stream })).dispose();
  return (await withManager(server, (manager) => manager.streams.info(stream))).config;
}

const stream = freshStream();
const fit = await configOf(stream);

test("the stream that a log creates is suitable", () =>
  assert.is(unfit(fit, new Names(stream), 1), undefined));

for (const [changes, said] of [
  [{ max_age: 1 }, /max_age drops.*set it to 0/],
  [{ max_msgs: 1_000 }, /max_msgs drops/],
  [{ max_msgs_per_subject: 10 }, /max_msgs_per_subject drops records/],
  [{ max_bytes: 1_000, discard: "old" }, /discard new ones/],
  [{ retention: RetentionPolicy.Interest }, /interest.*limits/],
  [{ storage: "memory" }, /memory.*file/],
  [{ republish: undefined }, /republish/],
  [{ subjects: ["other"] }, /subjects must include/],
  [{ sealed: true }, /sealed/],
  [{ deny_purge: true }, /purge/],
] as const)
  test(`refused: ${JSON.stringify(changes)}`, () =>
    assert.match(unfit({ ...fit, ...changes } as StreamConfig, new Names(stream), 1) ?? "", said));

test("a stream may be bounded in bytes if it rejects new messages", () =>
  assert.is(unfit({ ...fit, max_bytes: 1_000 }, new Names(stream), 1), undefined));

function refusal(url: string, options?: NatsLogOptions): Promise<string> {
  return NatsLog.open(url, options).then(String, (error: Error) => error.message);
}

test("a stream that drops messages is rejected at the start, with what to change", async () => {
  await withManager(server, (manager) => manager.streams.update(stream, { max_age: 3_600_000_000_000 }));
  assert.match(await refusal(server.url, { stream }), /cannot keep a log: max_age.*set it to 0/);
});

test("a stream with too few copies is rejected, with what to change", () =>
  assert.match(unfit(fit, new Names(stream), 3) ?? "", /1 replicas, but 3 are required/));

for (const [version, replicas, said] of [
  ["2.8.4", 1, /2\.8\.4.*at least 2\.9/],
  ["2.9.10", 1, undefined],
  ["2.9.10", 3, /use one copy, or at least 2\.10\.20/],
  ["2.10.19", 3, /use one copy/],
  ["2.10.20", 3, undefined],
  ["2.12.0-RC.1", 3, undefined],
  ["3.0.0", 5, undefined],
  ["", 1, /at least/],
] as const)
  test(`version ${version}, with ${replicas} copies: ${said ?? "suitable"}`, () => {
    const wrong = unfitVersion(version, replicas);
    if (said === undefined) assert.is(wrong, undefined);
    else assert.match(wrong ?? "", said);
  });

test("the lifetime of keys is that of the last log to open", async () => {
  const other = freshStream();
  for (const keyTtlMs of [60_000, 90_000])
    await (await NatsLog.open(server.url, { stream: other, keyTtlMs })).dispose();
  const { config } = await withManager(server, (manager) => manager.streams.info(`${other}-keys`));
  assert.is(config.max_age, 90_000 * 1_000_000);
});

test("two logs that open at once create one stream", async () => {
  const options = { stream: freshStream() };
  const logs = await Promise.all([1, 2, 3].map(() => NatsLog.open(server.url, options)));
  await Promise.all(logs.map((log) => log.append("news", [{ json: "1" }])));
  assert.is((await logs[0]?.read("news", "start", { maxMessages: 10 }))?.messages.length, 3);
  await Promise.all(logs.map((log) => log.dispose()));
});

test("a NATS without JetStream is reported", async () => {
  const bare = await NatsServer.bare();
  assert.match(await refusal(bare.url), /[Jj]et[Ss]tream/);
  await bare.stop();
});

test("an unreachable NATS is reported with the reason", async () => {
  assert.match(await refusal("nats://127.0.0.1:1"), /cannot be reached.*connection refused/i);
  assert.is(await failureOf(NatsLog.open("nats://127.0.0.1:1")), "unavailable");
});

for (const name of ["a.b", "", "a b", "x".repeat(65)])
  test(`invalid stream name: ${JSON.stringify(name)}`, async () =>
    assert.match(await refusal(server.url, { stream: name }), /stream must be/));

test.run();
