import { MemoryLog } from "@tidemark/log-memory";
import { memoryHarness } from "@tidemark/log-memory/harness";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkRace, contractTests, type LogHarness, logContract } from "./index.ts";

const HONESTY = "harness: each capability is offered, or lacking with a reason";

/** A harness without any optional capability. */
function bare(lacks: NonNullable<LogHarness["lacks"]>): LogHarness {
  return {
    lacks,
    graceMs: 20,
    async create() {
      const log = new MemoryLog();
      return { log, dispose: () => log.dispose() };
    },
  };
}

const NONE = { trim: "no way", restart: "no way", lose: "no way", expireKeys: "no clock", another: "no way" };

async function failuresOf(harness: LogHarness): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of contractTests(harness).tests) await run().catch(() => failed.push(name));
  return failed;
}

test("tests that need a missing capability are reported by name, and all others run", async () => {
  const { tests, notRun } = contractTests(bare(NONE));
  const whole = contractTests(memoryHarness());
  assert.is(tests.length + notRun.length, whole.tests.length + whole.notRun.length);
  assert.equal(
    [...new Set(notRun.map(({ name }) => name.split(":")[0]))],
    [...["retention", "keys", "restarting", "failover", "concurrency", "nodes"]],
  );
  assert.ok(notRun.some(({ reason }) => reason === "expireKeys: no clock"));
  assert.equal(await failuresOf(bare(NONE)), []);
});

test("an undeclared missing capability fails, and so do the tests that need it", async () => {
  const { trim: _, ...rest } = NONE;
  const failed = await failuresOf(bare(rest));
  assert.ok(failed.includes(HONESTY));
  assert.ok(failed.includes("retention: a position is valid iff no message after it was dropped"));
});

test("a capability that exists cannot be declared as lacking", async () => {
  const harness = { ...memoryHarness(), lacks: { ...memoryHarness().lacks, lose: "not true" } };
  assert.equal(await failuresOf(harness), [HONESTY]);
});

test("a log that does nothing fails every contract test", async () => {
  const nothing = async () => undefined as never;
  const log = { append: nothing, read: nothing, watch: nothing, remove: nothing, dispose: nothing };
  const harness = { ...bare(NONE), create: async () => ({ log, dispose: nothing }) };
  const { tests } = contractTests(harness);
  assert.equal(
    await failuresOf(harness),
    tests.map(({ name }) => name).filter((name) => name !== HONESTY),
  );
});

test("a log that rejects every call fails every contract test", async () => {
  const refuse = async () => Promise.reject(new Error("no"));
  const log = { append: refuse, read: refuse, watch: refuse, remove: refuse, dispose: refuse };
  const harness = { ...bare(NONE), create: async () => ({ log, dispose: async () => {} }) };
  const { tests } = contractTests(harness);
  assert.equal(
    await failuresOf(harness),
    tests.map(({ name }) => name).filter((name) => name !== HONESTY),
  );
});

/** After its first append every read fails, each node's some turns later than the previous node's. */
class FailingNode extends MemoryLog {
  readonly #turns: number;
  #isWritten = false;

  constructor(turns: number) {
    super();
    this.#turns = turns;
  }

  override append(...args: Parameters<MemoryLog["append"]>): ReturnType<MemoryLog["append"]> {
    this.#isWritten = true;
    return super.append(...args);
  }

  override async read(...args: Parameters<MemoryLog["read"]>): ReturnType<MemoryLog["read"]> {
    if (!this.#isWritten && args[1] === "start") return super.read(...args);
    for (let turn = 0; turn < this.#turns; turn++) await new Promise(setImmediate);
    throw new Error(`the node fails after ${this.#turns} turns`);
  }
}

test("a failed check leaves no unhandled rejection", async () => {
  const unhandled: string[] = [];
  const note = (error: unknown): void => void unhandled.push(String(error));
  process.on("unhandledRejection", note);
  let nodes = 0;
  const create = () => new FailingNode(5 * nodes++);
  const harness: LogHarness = {
    create: async () => ({ log: create(), another: async () => create(), dispose: async () => {} }),
  };
  const failure = await checkRace(harness, Array(20).fill(2)).then(() => "", String);
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  process.off("unhandledRejection", note);
  assert.match(failure, /the node fails after 0 turns/);
  assert.equal(unhandled, []);
});

test("the contract registers with any runner", () => {
  const registered: string[] = [];
  logContract("mine", memoryHarness(), (name) => registered.push(name));
  assert.equal(
    registered,
    contractTests(memoryHarness()).tests.map(({ name }) => `mine: ${name}`),
  );
});

test.run();
