import type { JetStreamManager } from "@nats-io/jetstream";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { NatsServer } from "../../../testing/engines/nats-server.ts";
import { dataAfter, drafts, failureOf, gapReasons, positionsAfter } from "../../log/test/steps.ts";
import { freshStream, withManager } from "../test/harness.ts";
import { rebuild } from "../test/rebuild.ts";
import { Names } from "./names.ts";
import { NatsLog, type NatsLogOptions } from "./nats-log.ts";

const server = await NatsServer.start();
test.after(() => server.stop());

const key = { id: "alice 1", digest: "digest" };

async function withLog(
  run: (log: NatsLog, manager: JetStreamManager, names: Names) => Promise<void>,
  options?: NatsLogOptions,
): Promise<void> {
  const stream = freshStream();
  const log = await NatsLog.open(server.url, { ...options, stream });
  await withManager(server, (manager) => run(log, manager, new Names(stream))).finally(() => log.dispose());
}

/** Simulate a node that died after storing the record and before remembering its key. */
function forgetAnswers(manager: JetStreamManager, names: Names): Promise<unknown> {
  return manager.streams.purge(names.keys);
}

test("an append whose node died before it remembered the key is recognized, and stored once", () =>
  withLog(async (log, manager, names) => {
    const first = await log.append("news", drafts(1, 2), { key });
    await log.append("news", drafts(3));
    await forgetAnswers(manager, names);
    assert.equal(await log.append("news", drafts(1, 2), { key }), { ...first, replayed: true });
    await forgetAnswers(manager, names);
    const other = log.append("news", drafts(4), { key: { ...key, digest: "other" } });
    assert.is(await failureOf(other), "key-reused");
    assert.equal(await dataAfter(log, "news"), ["1", "2", "3"]);
  }));

test("the same holds for an append that closed the channel or named an end", () =>
  withLog(async (log, manager, names) => {
    const { cursor } = await log.append("news", drafts(1));
    const options = { key, after: cursor, close: true };
    const first = await log.append("news", drafts(2), options);
    await forgetAnswers(manager, names);
    assert.equal(await log.append("news", drafts(2), options), { ...first, replayed: true });
    assert.is(await failureOf(log.append("news", drafts(3), { key: { ...key, id: "bob 1" } })), "closed");
  }));

test("an append that was lost since is stored again, although its answer is remembered", () =>
  withLog(async (log, manager, names) => {
    const before = await positionsAfter(log, "news", 2);
    const lost = await log.append("news", drafts(3), { key });
    const subject = names.channel("news");
    await rebuild(manager, names, (messages) => {
      const newest = messages.filter((message) => message.subject === subject).at(-1);
      return messages.filter((message) => message !== newest);
    });
    for (let number = 4; number <= 6; number++) await log.append("news", drafts(number));
    assert.is((await log.append("news", drafts(3), { key })).replayed, false);
    assert.equal(await gapReasons(log, "news", lost.cursors), ["epoch"]);
    assert.equal(await dataAfter(log, "news", before[2]), ["4", "5", "6", "3"]);
  }));

test("the answer to a key outlives its messages and NATS's duplicate window", () =>
  withLog(
    async (log, manager, names) => {
      const first = await log.append("news", drafts(1), { key });
      await positionsAfter(log, "news", 200);
      await rebuild(manager, names, (messages) => messages);
      assert.equal(await log.append("news", drafts(1), { key }), { ...first, replayed: true });
    },
    { retention: { maxMessages: 5 } },
  ));

test.run();
