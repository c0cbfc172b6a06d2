import { type ConnectAdapter, type RunReport, runClient } from "@tidemark/conformance";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { NULL_ADAPTERS } from "./nulls.ts";

async function reportOn(adapter: ConnectAdapter): Promise<RunReport> {
  // What does not come will never come: there is nobody.
  for await (const event of runClient({ adapter, jobs: 200, patienceMs: 200, seed: 1 }))
    if (event.type === "run-finished") return event.report;
  throw new Error("no report");
}

const reports = Object.entries(NULL_ADAPTERS).map(([name, adapter]) => ({ name, report: reportOn(adapter) }));

for (const { name, report } of reports)
  test(`an adapter that ${name} passes nothing`, async () => {
    const { tests, verdict } = await report;
    assert.equal(
      tests.filter(({ outcome }) => outcome === "pass").map(({ id }) => id),
      [],
    );
    assert.equal(
      tests.filter(({ outcome }) => outcome === "error").map(({ id, detail }) => `${id} ${detail}`),
      [],
    );
    assert.ok(verdict.exitCode === 1 || verdict.exitCode === 3, verdict.line);
  });

test.run();
