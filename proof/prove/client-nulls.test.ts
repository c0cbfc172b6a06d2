import { type ConnectAdapter, type RunReport, runClient } from "@tidemark/conformance";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { NULL_ADAPTERS } from "../src/clients/nulls.ts";

/** The report of a run, and how many tests were planned. */
interface Run {
  readonly report: RunReport;
  readonly planned: number;
}

/** How long the suite waits, in milliseconds. Nothing comes later, but adapters that send requests need this long. */
const PATIENCE_MS = 300;

async function runAgainst(adapter: ConnectAdapter): Promise<Run> {
  let planned = 0;
  for await (const event of runClient({ adapter, jobs: 200, patienceMs: PATIENCE_MS, seed: 1 })) {
    if (event.type === "target-found") planned = event.tests;
    if (event.type === "run-finished") return { report: event.report, planned };
  }
  throw new Error("no report");
}

/** More at once make the suite itself late, and then its tests are inconclusive. */
const AT_ONCE = 5;

const reports = new Map<string, RunReport>();

test("every test runs against every adapter without a client", async () => {
  const left = Object.entries(NULL_ADAPTERS);
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [name, adapter] = next;
      const { report, planned } = await runAgainst(adapter);
      assert.ok(planned > 100);
      assert.is(report.tests.length, planned);
      reports.set(name, report);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
});

const idsOf = ({ tests }: RunReport, ...outcomes: readonly string[]): string[] =>
  tests.filter(({ outcome }) => outcomes.includes(outcome)).map(({ id }) => id);

for (const name of Object.keys(NULL_ADAPTERS))
  test(`an adapter that ${name} passes nothing`, () => {
    const report = reports.get(name);
    assert.ok(report);
    assert.equal(idsOf(report, "pass", "info"), []);
    assert.equal(idsOf(report, "error", "not-run"), []);
    // The adapters claim everything; only the test of a cache does not apply, because they have none.
    assert.equal(idsOf(report, "n/a"), ["client/poll/not-modified-brings-nothing-again"]);
    const { exitCode, line } = report.verdict;
    assert.ok(exitCode === 1 || exitCode === 3, line);
  });

test.run();
