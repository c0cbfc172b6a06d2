import { contractTests } from "@tidemark/log-contract";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { type Parts, redisHarness } from "../test/harness.ts";
import { LOSSES } from "../test/losses.ts";
import { missedWakeUps } from "../test/missed-wake-ups.ts";
import { moveClock } from "../test/moved-clock.ts";
import { SCRIPTS, type Scripts } from "./engine.ts";

const server = await RedisServer.start("--appendfsync", "always");
test.after(() => server.stop());

/** The scripts with one line changed. Fails if the line does not occur exactly once. */
function changed(name: keyof Scripts, ...changes: readonly (readonly [from: string, to: string])[]): Parts {
  let lua = SCRIPTS[name];
  for (const [from, to] of changes) {
    assert.is(lua.split(from).length, 2, `occurs once in ${name}: ${from}`);
    lua = lua.replace(from, () => to);
  }
  return { scripts: { ...SCRIPTS, [name]: lua }, graceMs: 200 };
}

/** The same change in both scripts that load the state. */
function changedState(from: string, to: string): Parts {
  const [append, read] = [changed("append", [from, to]), changed("read", [from, to])];
  return { scripts: { ...SCRIPTS, ...pick(append, "append"), ...pick(read, "read") } };
}

function pick({ scripts = SCRIPTS }: Parts, name: keyof Scripts): Partial<Scripts> {
  return { [name]: scripts[name] };
}

/** The contract detects this fault with the named test. */
function caughtByContract(fault: string, by: string, parts: Parts): void {
  test(`caught: ${fault}`, async () => {
    const found = contractTests(redisHarness(server, parts)).tests.find(({ name }) => name === by);
    assert.ok(found, `a test of the contract: ${by}`);
    await assertFails(found.run());
  });
}

/** A test of this package detects this fault. */
function caught(fault: string, run: () => Promise<void> | undefined): void {
  test(`caught: ${fault}`, () => assertFails(run()));
}

async function assertFails(attempt: Promise<void> | undefined): Promise<void> {
  assert.ok(attempt, "the test exists");
  const failure = await attempt.then(() => undefined, String);
  assert.ok(failure, "passed in spite of the fault");
  assert.not.match(failure, /ReplyError|user_script/, "the fault is not a syntax error");
}

caughtByContract(
  "the tag is not compared",
  "failover: it stays a gap when more messages are appended than were lost",
  changed("read", ["if entries[1][1] ~= at then return '', '', {} end", ""]),
);

caughtByContract(
  "`after` is checked when the messages are written",
  "only after: an append after a former end is rejected with the present one",
  changed(
    "append",
    [
      "if after ~= '' and after ~= state.epoch .. ' ' .. state.last then",
      "local formerEnd = state.last\nif false then",
    ],
    [
      "local closes = close",
      "if after ~= '' and after ~= state.epoch .. ' ' .. formerEnd then return { 'not-at-end', state.epoch, formerEnd, state.closed, 0 } end\nlocal closes = close",
    ],
  ),
);

caughtByContract(
  "closed is checked before the key",
  "keys: the key is checked before closed, so a publish-and-close can be retried",
  changed("append", [
    "if KEY then\n  local remembered",
    "if state.closed == '1' and count > 0 then return { 'closed', state.epoch, state.last, '1', 0 } end\nif KEY then\n  local remembered",
  ]),
);

caughtByContract(
  "a key never expires",
  "keys: an expired key counts as new",
  changed("append", ["redis.call('SET', KEY, answer, 'PX', keyTtlMs)", "redis.call('SET', KEY, answer)"]),
);

caughtByContract(
  "a key is remembered across epochs",
  "keys: a key is scoped to its epoch",
  changed("append", ["if epoch == state.epoch then", "if epoch then"]),
);

caughtByContract(
  "an append wakes nobody",
  "watching: each append wakes watchers, including the first to an unwritten channel",
  changed("append", ["  wakeWatchers()\n", ""]),
);

caughtByContract(
  "trimmed messages are skipped without a gap",
  "retention: a position is valid iff no message after it was dropped",
  changed("read", [
    "local before = seqOf(at)",
    "local before = seqOf(at)\n  if before < first then before, at = first, state.first end",
  ]),
);

caughtByContract(
  "a removed channel keeps its start position",
  "removal: all its cursors become gaps, including the empty channel's",
  changed("remove", ["redis.call('HSET', REMOVED, channel, nonce)", ""]),
);

caught("the epoch is kept when everything is flushed", () =>
  LOSSES["everything is flushed"]?.(server, changedState("seed = nonce", "seed = 'the same'")),
);

caught("a partly lost channel continues with what is left", () =>
  LOSSES["the description is gone, and the messages are left"]?.(
    server,
    changedState("if meta[1] or redis.call('EXISTS', MESSAGES) == 1 then forget() end", ""),
  ),
);

caught("the tag is not compared, and an older state is restored", () =>
  LOSSES["an older state is restored"]?.(
    server,
    changed("read", ["if entries[1][1] ~= at then return '', '', {} end", ""]),
  ),
);

caught("message age depends on the Redis clock alone", () =>
  moveClock(server, changedState(", tonumber(toldMs) or math.huge)", ")")),
);

caught("no watcher is woken after a reconnect", () =>
  missedWakeUps(server, {
    graceMs: 500,
    opened({ subscriber }) {
      subscriber.options.autoResubscribe = true; // ioredis resubscribes by itself, without a wake-up
      subscriber.removeAllListeners("ready");
    },
  }),
);

test.run();
