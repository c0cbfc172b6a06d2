import { test } from "uvu";
import * as assert from "uvu/assert";
import { NatsServer } from "../../../testing/engines/nats-server.ts";
import { CuttingProxy } from "../../../testing/proxies/cutting-proxy.ts";
import {
  ALL_UNAVAILABLE,
  dataAfter,
  drafts,
  failureOf,
  failures,
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

async function isBack(log: NatsLog): Promise<void> {
  await until("the log to work again", async () => (await failureOf(startOf(log, "news"))) === undefined);
}

test("while NATS is down calls are unavailable; one line reports that it went away, one that it is back", async () => {
  const { log, said } = await listened(server.url);
  await log.append("news", drafts(1));
  assert.is(log.health().usable, true);
  await server.kill();
  await until("the loss", () => said.length === 1); // reported although nobody reads
  assert.is(log.health().usable, false);
  assert.equal(await failures(log), ALL_UNAVAILABLE);
  await server.start();
  await until("the return", () => said.length === 2);
  assertSaid(
    said,
    /^away: NATS cannot be reached: the connection to 127\.0\.0\.1:\d+ was lost$/,
    /^usable: /,
  );
  assert.is(log.health().usable, true);
  assert.equal(await dataAfter(log, "news"), ["1"]);
  await log.dispose();
  assert.equal(log.health(), { usable: false, detail: "The log is disposed of" });
  assert.is(said.length, 2, "disposing of the log is not reported");
});

test("while NATS is silent calls are unavailable; one line reports the silence, one its end", async () => {
  const address = { servers: [`127.0.0.1:${server.port}`], timeout: 1_000, pingInterval: 200 };
  const { log, said } = await listened(address);
  await log.append("news", drafts(1));
  server.signal("SIGSTOP");
  await until("silence", () => !log.health().usable); // reported although nobody reads
  assert.equal(await failures(log), ALL_UNAVAILABLE);
  server.signal("SIGCONT");
  await until("NATS to answer", () => log.health().usable);
  await isBack(log);
  assertSaid(said, /^away: NATS cannot be/, /^usable: /);
  assert.equal(await dataAfter(log, "news"), ["1"]);
  await log.dispose();
});

test("an append whose answer is lost is not retried", async () => {
  const options = { stream: freshStream() };
  const proxy = await CuttingProxy.to(server.port, "nats");
  const [log, other] = [await NatsLog.open(proxy.url, options), await NatsLog.open(server.url, options)];
  await log.append("news", drafts(1));
  proxy.swallowAnswers("HPUB ");
  const failed = failureOf(log.append("news", drafts(2)));
  await until("the append", async () => (await dataAfter(other, "news")).length === 2);
  proxy.cut();
  assert.is(await failed, "unavailable");
  await isBack(log);
  assert.equal(await dataAfter(log, "news"), ["1", "2"]);
  await Promise.all([log.dispose(), other.dispose()]);
  await proxy.close();
});

test("an append that does not fit in a NATS message is rejected as a whole", async () => {
  const small = await NatsServer.start("max_payload: 16KB");
  const log = await NatsLog.open(small.url);
  const draft = { json: `"${"x".repeat(7_000)}"` };
  assert.is(await failureOf(log.append("news", [draft, draft, draft])), "too-large");
  await log.append("news", [draft, draft]);
  assert.is((await dataAfter(log, "news")).length, 2);
  await log.dispose();
  await small.stop();
});

test("a NATS at its limits rejects the whole append, and continues to serve reads", async () => {
  const full = await NatsServer.start("", "max_file: 1MB");
  const log = await NatsLog.open(full.url);
  const draft = { json: `"${"x".repeat(50_000)}"` };
  const { cursor } = await log.append("news", drafts(1));
  await until("no more room", async () => (await failureOf(log.append("news", [draft]))) === "storage-full");
  const stored = await dataAfter(log, "news", cursor);
  assert.is(await failureOf(log.append("news", [draft, draft])), "storage-full");
  assert.equal(await dataAfter(log, "news", cursor), stored);
  await log.dispose();
  await full.stop();
});

test("a full stream rejects the whole append, and accepts appends again when there is space", async () => {
  const stream = freshStream();
  const log = await NatsLog.open(server.url, { stream });
  await withManager(server, (manager) => manager.streams.update(stream, { max_bytes: 1_000_000 }));
  const draft = { json: `"${"x".repeat(50_000)}"` };
  const positions = await positionsAfter(log, "news", 2);
  await until("no more room", async () => (await failureOf(log.append("news", [draft]))) === "storage-full");
  assert.is(await failureOf(log.append("other", [draft])), "storage-full");
  assert.equal((await dataAfter(log, "news", positions[1]))[0], "2");
  assert.is(await log.remove("news"), true, "space can be freed");
  assert.equal(await gapReasons(log, "news", positions), ["epoch", "epoch", "epoch"]);
  await log.append("news", [draft]);
  assert.equal(await dataAfter(log, "news"), [draft.json]);
  await log.dispose();
});

test.run();
