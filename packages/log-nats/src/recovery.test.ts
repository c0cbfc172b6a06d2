import { test } from "uvu";
import * as assert from "uvu/assert";
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
import { NatsServer } from "../test/nats-server.ts";
import type { NatsAddress } from "./connection.ts";
import { NatsLog, type NatsLogOptions } from "./nats-log.ts";

const server = await NatsServer.start();
test.after(() => server.stop());

/** An otherwise unused log, and the lines that it reports about its engine. */
async function listened(options: NatsLogOptions, address: NatsAddress = server.url) {
  const log = await NatsLog.open(address, options);
  const said: string[] = [];
  log.onHealth(({ usable, detail }) => said.push(`${usable ? "usable" : "away"}: ${detail}`));
  return { log, said };
}

function assertSaid(said: readonly string[], ...patterns: readonly RegExp[]): void {
  assert.is(said.length, patterns.length, said.join("\n"));
  for (const [i, pattern] of patterns.entries()) assert.match(said[i] ?? "", pattern);
}

test("a removed stream is created again, and every reader gets a gap", async () => {
  const stream = freshStream();
  const { log, said } = await listened({ stream });
  const positions = await positionsAfter(log, "news", 5);
  let wakes = 0;
  const unwatch = await log.watch("news", () => {
    wakes += 1;
  });
  await withManager(server, (manager) => manager.streams.delete(stream));
  const asked = failureOf(startOf(log, "news"));
  await until("the missing stream", () => !log.health().usable);
  assert.equal([await asked, await failureOf(startOf(log, "news"))], ["unavailable", "unavailable"]);
  const woken = wakes;
  await until("a stream", () => said.length === 3);
  assertSaid(said, /^away: A stream .* is missing.*created again/, /^usable: /, /^usable: .*was replaced/);
  assert.equal(
    await gapReasons(log, "news", positions),
    positions.map(() => "epoch"),
  );
  await until("a wake-up", () => wakes > woken);
  await log.append("news", drafts(6));
  assert.equal(await dataAfter(log, "news"), ["6"]);
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
  const { log, said } = await listened({ stream, createStream: false });
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
  const stream = freshStream();
  const { log, said } = await listened({ stream });
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
  const stream = freshStream();
  const { log, said } = await listened({ stream });
  const update = (max_age: number) =>
    withManager(server, (manager) => manager.streams.update(stream, { max_age }));
  await update(3_600_000_000_000);
  await until("a refusal", () => !log.health().usable);
  await update(0);
  await until("a usable stream", () => log.health().usable);
  assertSaid(said, /^away: .*max_age drops/, /^usable: /);
  await log.dispose();
});

test("NATS going away and coming back is reported in one line each, even if nobody reads", async () => {
  const { log, said } = await listened({ stream: freshStream() });
  assert.is(log.health().usable, true);
  await server.kill();
  await until("the loss", () => said.length === 1);
  assert.is(log.health().usable, false);
  await server.start();
  await until("the return", () => said.length === 2);
  assertSaid(
    said,
    /^away: NATS cannot be reached: the connection to 127\.0\.0\.1:\d+ was lost$/,
    /^usable: /,
  );
  assert.is(log.health().usable, true);
  await log.dispose();
  assert.equal(log.health(), { usable: false, detail: "The log is disposed of" });
  assert.is(said.length, 2, "disposing of the log is not reported");
});

test("a silent NATS is reported, even if nobody reads", async () => {
  const address = { servers: [`127.0.0.1:${server.port}`], timeout: 200, pingInterval: 200 };
  const { log, said } = await listened({ stream: freshStream() }, address);
  server.signal("SIGSTOP");
  await until("silence", () => !log.health().usable);
  server.signal("SIGCONT");
  await until("NATS to answer", () => log.health().usable);
  assertSaid(said, /^away: NATS cannot be/, /^usable: /);
  await log.dispose();
});

test.run();
