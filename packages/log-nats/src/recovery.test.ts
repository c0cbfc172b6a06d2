import { test } from "uvu";
import * as assert from "uvu/assert";
import { NatsServer } from "../../../testing/engines/nats-server.ts";
import {
  dataAfter,
  drafts,
  failureOf,
  gapReasons,
  positionsAfter,
  startOf,
  until,
} from "../../log/test/steps.ts";
import { freshStream, withManager } from "../test/harness.ts";
import { assertSaid, listened } from "../test/listened.ts";
import { NatsLog } from "./nats-log.ts";

const server = await NatsServer.start();
test.after(() => server.stop());

for (const [who, recreate] of [
  ["the log itself", async () => undefined],
  [
    "another server when it starts",
    async (stream: string) => (await NatsLog.open(server.url, { stream })).dispose(),
  ],
] as const)
  test(`a removed stream is created again by ${who}, and every reader gets a gap`, async () => {
    const { log, said, stream } = await listened(server.url);
    const positions = await positionsAfter(log, "news", 5);
    let wakes = 0;
    const unwatch = await log.watch("news", () => {
      wakes += 1;
    });
    await withManager(server, (manager) => manager.streams.delete(stream));
    const calls = [startOf(log, "news"), log.append("news", drafts(6))];
    assert.equal(await Promise.all(calls.map(failureOf)), ["unavailable", "unavailable"]);
    await until("the missing stream", () => said.length > 0);
    const woken = wakes;
    await recreate(stream);
    await until("a stream", () => said.length === 3);
    assertSaid(said, /^away: A stream .* is missing.*created again/, /^usable: /, /^usable: .*was replaced/);
    const gaps = positions.map(() => "epoch");
    assert.equal(await gapReasons(log, "news", positions), gaps);
    await until("a wake-up", () => wakes > woken);
    for (let number = 1; number <= 8; number++) await log.append("news", drafts(number + 100));
    assert.equal(await gapReasons(log, "news", positions), gaps, "more was appended than there was");
    assert.is((await dataAfter(log, "news")).length, 8);
    await unwatch();
    await log.dispose();
  });

test("with `createStream: false`, the log waits for a removed stream", async () => {
  const stream = freshStream();
  assert.match(
    await NatsLog.open(server.url, { stream, createStream: false }).then(String, (error) => error.message),
    /NATS has no stream .*createStream is false/,
  );
  await (await NatsLog.open(server.url, { stream })).dispose();
  const { log, said } = await listened(server.url, { stream, createStream: false });
  const config = await withManager(server, async (manager) => {
    const info = await manager.streams.info(stream);
    await manager.streams.delete(stream);
    return info.config;
  });
  await until("the missing stream", () => said.length === 1);
  const before = performance.now();
  await until("several checks", () => performance.now() - before > 4_000);
  assert.is(await failureOf(startOf(log, "news")), "unavailable");
  await withManager(server, (manager) => manager.streams.add({ ...config, name: stream }));
  await until("a stream", () => said.length === 3);
  assertSaid(said, /^away: .*must be restored/, /^usable: /, /^usable: .*was replaced/);
  await log.append("news", drafts(1));
  await log.dispose();
});

test("a removed stream of keys is created again, and the messages stay", async () => {
  const { log, said, stream } = await listened(server.url);
  const positions = await positionsAfter(log, "news", 2);
  await withManager(server, (manager) => manager.streams.delete(`${stream}-keys`));
  await until("both streams", () => said.length === 2);
  assertSaid(said, /^away: .*missing/, /^usable: /);
  assert.equal(await dataAfter(log, "news", positions[0]), ["1", "2"]);
  const key = { id: "k", digest: "d" };
  await log.append("news", drafts(3), { key });
  assert.is((await log.append("news", drafts(3), { key })).replayed, true);
  await log.dispose();
});

test("a stream that becomes unsuitable is reported, and used again when it is fixed", async () => {
  const { log, said, stream } = await listened(server.url);
  const update = (max_age: number) =>
    withManager(server, (manager) => manager.streams.update(stream, { max_age }));
  await update(3_600_000_000_000);
  await until("a refusal", () => !log.health().usable);
  await update(0);
  await until("a usable stream", () => log.health().usable);
  assertSaid(said, /^away: .*max_age drops/, /^usable: /);
  await log.dispose();
});

test.run();
