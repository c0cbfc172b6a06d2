import { test } from "uvu";
import * as assert from "uvu/assert";
import { coverageOf, describeCoverage, exitCodeOf } from "./covered.ts";
import { collect } from "./ledger.ts";
import { listSuite } from "./suite.ts";

const TEXT = `
> **CORE-A-1** · server · MUST
> A server MUST answer.

> **CORE-A-2** · client · SHOULD
> A client SHOULD ask, unless it knows.

> **CORE-A-3** · server · MUST · not observable: it concerns memory
> A server MUST forget.
`;
const { requirements } = collect([{ file: "core.md", markdown: TEXT }]);

test("an observable requirement without a test is counted, and fails the gate", () => {
  const coverage = coverageOf(requirements, [{ id: "a", requirements: ["CORE-A-1"] }]);
  assert.is(
    describeCoverage(coverage),
    [
      "  core client: 0 of 1",
      "  core server: 1 of 1",
      "no test: CORE-A-2 · client · SHOULD · A client SHOULD ask, unless it knows.",
      "2 observable requirements: 1 with a test, 1 without",
    ].join("\n"),
  );
  assert.is(exitCodeOf(coverage, false), 0);
  assert.is(exitCodeOf(coverage, true), 1);
});

test("the gate passes if every observable requirement has a test", () => {
  const coverage = coverageOf(requirements, [{ id: "a", requirements: ["CORE-A-1", "CORE-A-2"] }]);
  assert.is(exitCodeOf(coverage, true), 0);
});

test("a test of an unknown requirement always fails", () => {
  const coverage = coverageOf(requirements, [{ id: "a", requirements: ["CORE-A-1", "CORE-Z-9"] }]);
  assert.match(describeCoverage(coverage), "not in the ledger: a shows CORE-Z-9");
  assert.is(exitCodeOf(coverage, false), 1);
});

test("the suite lists its tests with their requirements", () => {
  const tests = listSuite();
  assert.ok(tests.length > 100);
  assert.ok(tests.every((one) => one.requirements.length > 0));
});

test.run();
