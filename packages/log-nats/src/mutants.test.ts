import { contractTests } from "@tidemark/log-contract";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { NatsServer } from "../../../testing/engines/nats-server.ts";
import { CLOCK_OPTIONS, jumpWallClock } from "../../log/test/wall-clock.ts";
import { type Change, faulty, removeFaulty } from "../test/faulty.ts";
import { freshStream, natsHarness, type OpenLog } from "../test/harness.ts";
import { LOSSES } from "../test/losses.ts";
import { madeAnew } from "../test/made-anew.ts";
import { missedWakeUps } from "../test/missed-wake-ups.ts";
import { wrongAnswers } from "../test/wrong-answers.ts";

const GRACE_MS = 500;
const RUNS = 10;

const server = await NatsServer.start();
test.after(async () => {
  await server.stop();
  await removeFaulty();
});

/** A test detects this fault, and fails only by an assertion. */
function caught(
  fault: string,
  run: (open: OpenLog) => Promise<void> | undefined,
  ...changes: readonly Change[]
): void {
  test(`caught: ${fault}`, async () => {
    const attempt = run(await faulty(changes));
    assert.ok(attempt, "the test exists");
    const failure = await attempt.then(() => undefined, String);
    assert.ok(failure, "passed in spite of the fault");
    assert.not.match(failure, /TypeError|ReferenceError|SyntaxError/, "the fault is not a programming error");
  });
}

/** The contract detects this fault with the named test. */
function caughtByContract(fault: string, by: string, ...changes: readonly Change[]): void {
  const run = (open: OpenLog): Promise<void> | undefined =>
    contractTests(natsHarness(server, { open, graceMs: GRACE_MS }))
      .tests.find(({ name }) => name === by)
      ?.run();
  caught(fault, run, ...changes);
}

caughtByContract(
  "the tag is not compared",
  "failover: it stays a gap when more messages are appended than were lost",
  ["reader.ts", "seq <= endOf(named) && cursorIn(named, seq) === from", "seq <= endOf(named)"],
);

caught(
  "the tag is not compared, and an older state is restored",
  (open) => LOSSES["an older state is restored"]?.(server, open),
  ["reader.ts", "seq <= endOf(named) && cursorIn(named, seq) === from", "seq <= endOf(named)"],
);

caughtByContract(
  "the sequence restarts after a restart of the log",
  "restarting: an earlier cursor continues as before or is a gap",
  ["appender.ts", "  readonly #retention: Retention;", "  readonly #retention: Retention;\n  #seq = 0;"],
  ["appender.ts", "base: before.seq,", "base: (this.#seq += drafts.length) - drafts.length,"],
);

caughtByContract(
  "every third wake-up is lost",
  "watching: each append wakes watchers, including the first to an unwritten channel",
  ["wake-ups.ts", "readonly #subjects =", "#count = 0;\n  readonly #subjects ="],
  [
    "wake-ups.ts",
    "callback: () => this.#watchers.wake(name)",
    "callback: () => ++this.#count % 3 && this.#watchers.wake(name)",
  ],
);

caught("no watcher is woken after a reconnect", (open) => missedWakeUps(server, open, GRACE_MS), [
  "nats-log.ts",
  "  latest.clear();\n  wakeUps.wakeAll();",
  "  latest.clear();",
]);

caughtByContract(
  "trimmed messages are skipped without a gap",
  "retention: a position is valid iff no message after it was dropped",
  [
    "reader.ts",
    "    const reason = gapReason(from, extent);",
    '    const reason = gapReason(from, extent);\n    if (reason === "retention") return { cursor: from, seq: floor.seq, record: oldest };',
  ],
);

caughtByContract("a removed channel keeps its epoch", "keys: a key is scoped to its epoch", [
  "store.ts",
  "{ epoch: newEpoch(),",
  "{ epoch: (await this.last(channel)).epoch,",
]);

caught("the seed outlives the stream", (open) => LOSSES["the stream is purged"]?.(server, open), [
  "store.ts",
  'randomBytes(24).toString("base64url")',
  '"seed"',
]);

caught(
  "a purged channel starts like an unwritten one",
  (open) => LOSSES["the channels are purged, and the rest of the stream is left"]?.(server, open),
  ["store.ts", "if (!written) return unwritten;", "return unwritten;"],
);

caught(
  "a missing record is not detected",
  (open) => LOSSES["a message in the middle is deleted"]?.(server, open),
  [
    "reader.ts",
    "return record.prevTag === tagAfter(before) && record.base === endOf(before);",
    "return true;",
  ],
);

caught(
  "a hole in a delivery is treated as a loss",
  (open) => wrongAnswers(server, RUNS, open),
  [
    "reader.ts",
    "const next = await this.#store.next(channel, reached.number + 1);\n      if (next",
    "const next = undefined as StoredRecord | undefined;\n      if (next",
  ],
  [
    "reader.ts",
    "return next !== undefined && next.number <= last.number && !isHeldBy(next);",
    "return true;",
  ],
);

caughtByContract(
  "`after` is checked when the messages are written",
  "only after: an append after a former end is rejected with the present one",
  [
    "appender.ts",
    "    if (refusal) return",
    '    if (refusal?.code === "not-at-end") await this.#put(request, last, undefined);\n    if (refusal) return',
  ],
);

caughtByContract(
  "closed is checked when the messages are written",
  "closing: a closed channel rejects messages, and the error has its end",
  [
    "appender.ts",
    "    if (refusal) return",
    "    if (refusal) await this.#put(request, last, undefined);\n    if (refusal) return",
  ],
);

caughtByContract(
  "closed is checked before the key",
  "keys: the key is checked before closed, so a publish-and-close can be retried",
  [
    "appender.ts",
    "    const key = options.key &&",
    "    if (last.closed && drafts.length > 0) throw closedError(cursorAfter(last));\n    const key = options.key &&",
  ],
);

for (const by of [
  "nodes: concurrent appends at all nodes are not lost, duplicated or split, and have one order",
  "nodes: of several appends after the same end, one is stored",
  "histories: some order of concurrent appends explains the contents and the answers",
])
  caughtByContract(`an append goes after any last record: ${by}`, by, [
    "store.ts",
    "      expect: { lastSubjectSequence: after },\n      ...(id",
    "      ...(id",
  ]);

caughtByContract(
  "an append after the process's own record skips the checks",
  "only after: an append after a former end is rejected with the present one",
  [
    "appender.ts",
    "if (options.key || drafts.length === 0 || refusalOf(latest, request)) return undefined;",
    "if (options.key || drafts.length === 0) return undefined;",
  ],
);

caught("a cached last record is used after the stream was recreated", (open) => madeAnew(server, open), [
  "latest-records.ts",
  "    this.#records.clear();\n  }\n\n  /** NATS",
  "  }\n\n  /** NATS",
]);

caught(
  "message age depends on a node's wall clock",
  async (open) => {
    const log = await open(server.url, { ...CLOCK_OPTIONS, stream: freshStream() });
    await jumpWallClock(log).finally(() => log.dispose());
  },
  ["floor.ts", "nowMs - retention.maxAgeMs", "Date.now() - retention.maxAgeMs"],
);

caughtByContract("a key outlives its expiry", "keys: an expired key counts as new", [
  "nats-log.ts",
  "keyTtlMs: atLeast(1_000",
  "keyTtlMs: 2 * atLeast(1_000",
]);

test.run();
