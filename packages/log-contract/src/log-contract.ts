import type { LogHarness } from "./harness.ts";
import { histories } from "./histories/histories.ts";
import { group, type LogTest, Subject } from "./subject.ts";
import { appending } from "./topics/appending.ts";
import { closing } from "./topics/closing.ts";
import { concurrency } from "./topics/concurrency.ts";
import { extremes } from "./topics/extremes.ts";
import { failover } from "./topics/failover.ts";
import { gaps } from "./topics/gaps.ts";
import { keys } from "./topics/keys.ts";
import { nodes } from "./topics/nodes.ts";
import { onlyAfter } from "./topics/only-after.ts";
import { reading } from "./topics/reading.ts";
import { removal } from "./topics/removal.ts";
import { restarting } from "./topics/restarting.ts";
import { retention } from "./topics/retention.ts";
import { watching } from "./topics/watching.ts";

/** The contract tests, for any runner: a test passes if its `run` resolves. */
export interface ContractTests {
  readonly tests: readonly { readonly name: string; readonly run: () => Promise<void> }[];
  /** The tests that the harness cannot run, each with the reason. */
  readonly notRun: readonly { readonly name: string; readonly reason: string }[];
}

/** Registers a test with a runner: the `test` function of uvu, `node:test`, Vitest or Jest. */
export type Register = (name: string, run: () => Promise<void>) => unknown;

const honesty = group("harness", {
  "each capability is offered, or lacking with a reason": async (subject) => subject.assertCapabilities(),
});

const ALL: readonly LogTest[] = [
  ...[honesty, appending, reading, gaps, retention, keys, onlyAfter, closing, removal],
  ...[watching, restarting, failover, extremes, concurrency, nodes, histories],
].flat();

/** The tests that every log must pass, as data: the ones the harness can run, and the names of the others. */
export function contractTests(harness: LogHarness): ContractTests {
  const { lacks = {} } = harness;
  const reasonOf = ({ needs }: LogTest): string | undefined => {
    const missing = needs.find((capability) => lacks[capability] !== undefined);
    return missing && `${missing}: ${lacks[missing]}`;
  };
  return {
    tests: ALL.filter((test) => reasonOf(test) === undefined).map((test) => ({
      name: test.name,
      run: () => runTest(test, harness),
    })),
    notRun: ALL.flatMap((test) => {
      const reason = reasonOf(test);
      return reason === undefined ? [] : [{ name: test.name, reason }];
    }),
  };
}

/**
 * Register the contract with a test runner. Tests that need a capability the harness lacks are skipped and
 * listed on standard output.
 *
 * @example logContract("log-lmdb", harness, test); test.run(); // with uvu
 */
export function logContract(suite: string, harness: LogHarness, register: Register): void {
  const { tests, notRun } = contractTests(harness);
  for (const { name, run } of tests) register(`${suite}: ${name}`, run);
  for (const { name, reason } of notRun) console.log(`not run: ${suite}: ${name} (lacks ${reason})`);
}

async function runTest({ run }: LogTest, harness: LogHarness): Promise<void> {
  const subject = await Subject.create(harness);
  try {
    await run(subject, "channel");
  } finally {
    await subject.dispose();
  }
}
