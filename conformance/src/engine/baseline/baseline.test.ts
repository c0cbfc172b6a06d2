import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Outcome } from "../model/outcome.ts";
import type { KnownFailure, TestResult } from "../model/result.ts";
import { type BaselineFault, baselineFaults, knownFailure } from "./baseline.ts";

const TODAY = "2026-06-15";

function result(outcome: Outcome): TestResult {
  return {
    id: "server/a",
    title: "a",
    outcome,
    candidate: false,
    requirements: [],
    durationMs: 0,
    notes: [],
    exchanges: [],
  };
}

function faultsOf(entry: Partial<KnownFailure>, outcome?: Outcome): readonly BaselineFault["fault"][] {
  const results = outcome === undefined ? [] : [result(outcome)];
  const faults = baselineFaults(
    [{ test: "server/a", reason: "r", ...entry }],
    results,
    new Set(["server/a"]),
    TODAY,
  );
  return faults.map(({ fault }) => fault);
}

test("a known failure is excused, up to and including its last day", () => {
  for (const until of [undefined, "2026-06-15", "2027-01-01"]) {
    const entry = { test: "server/a", reason: "r", ...(until === undefined ? {} : { until }) };
    assert.equal(knownFailure(result("fail"), [entry], TODAY), entry);
    assert.equal(knownFailure(result("error"), [entry], TODAY), entry);
    assert.equal(faultsOf(entry, "fail"), []);
  }
});

test("after its last day, a failure is not excused, and its entry is expired", () => {
  const entry = { test: "server/a", reason: "r", until: "2026-06-14" };
  assert.is(knownFailure(result("fail"), [entry], TODAY), undefined);
  assert.equal(faultsOf(entry, "fail"), ["expired"]);
});

test("an entry is stale if its test passes, does not apply, or does not exist", () => {
  for (const outcome of ["pass", "info", "n/a"] as const) assert.equal(faultsOf({}, outcome), ["stale"]);
  assert.equal(faultsOf({ test: "server/none" }, "fail"), ["stale"]);
  assert.equal(faultsOf({ until: "2020-01-01" }, "pass"), ["stale"]);
});

test("an entry is left alone if its test decided nothing or was not selected", () => {
  for (const outcome of ["inconclusive", "not-run", "warn"] as const) assert.equal(faultsOf({}, outcome), []);
  assert.equal(faultsOf({}), []);
  assert.equal(faultsOf({ until: "2020-01-01" }, "inconclusive"), []);
});

test("only a failure of the same test is excused", () => {
  assert.is(knownFailure(result("fail"), [{ test: "server/ab", reason: "r" }], TODAY), undefined);
  assert.is(knownFailure(result("pass"), [{ test: "server/a", reason: "r" }], TODAY), undefined);
});

test.run();
