import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Outcome } from "../model/outcome.ts";
import type { TestResult } from "../model/result.ts";
import { type SideBySide, sideBySide } from "./side-by-side.ts";

const IDS = [..."abcdefghij"].map((id) => ({ id }));

function result(id: string, outcome: Outcome): TestResult {
  const rest = { title: id, candidate: false, requirements: [], durationMs: 1, notes: [], exchanges: [] };
  return {
    ...rest,
    id,
    outcome,
    ...(outcome === "inconclusive" ? { reason: "LAGGED", detail: "late" } : {}),
  };
}

/** Run the tests with four jobs; returns the attempts in order, and the results. */
async function ran(outcomeOf: (id: string, attempt: number) => Outcome, quiet: readonly string[] = []) {
  const tries: string[] = [];
  const run: SideBySide<{ id: string }>["run"] = async ({ id }, attempt) => {
    tries.push(`${id}${attempt}`);
    return result(id, outcomeOf(id, attempt));
  };
  const tests = IDS.map(({ id }) => ({ id, quiet: quiet.includes(id) }));
  const isWorthAnother = ({ reason }: TestResult): boolean => reason === "LAGGED";
  const [started, finished]: [string[], TestResult[]] = [[], []];
  for await (const event of sideBySide(tests, { jobs: 4, run, isWorthAnother })) {
    if (event.type === "test-started") started.push(event.id);
    if (event.type === "test-finished") finished.push(event.result);
  }
  return { tries, started, finished };
}

test("an undecided test is retried once, after all others, and the second result counts", async () => {
  const { tries, started, finished } = await ran((id, attempt) =>
    id === "b" && attempt === 1 ? "inconclusive" : "pass",
  );
  assert.equal(tries.slice(-2), ["j1", "b2"]);
  assert.is(started.length, IDS.length);
  assert.equal(finished.map(({ id, outcome }) => `${id} ${outcome}`).slice(-2), ["j pass", "b pass"]);
  assert.equal(finished.at(-1)?.notes, ["retried; the first attempt was inconclusive: LAGGED, late"]);
});

test("the second attempt is the last", async () => {
  const { tries, finished } = await ran((id) => (id === "b" ? "inconclusive" : "pass"));
  assert.is(tries.length, IDS.length + 1);
  assert.is(finished.at(-1)?.outcome, "inconclusive");
});

test("if more than a tenth are undecided, none is retried, and each is reported once", async () => {
  const { tries, finished } = await ran((id) => ("bc".includes(id) ? "inconclusive" : "fail"));
  assert.is(tries.length, IDS.length);
  assert.equal(
    finished.map(({ id }) => id).sort(),
    IDS.map(({ id }) => id),
  );
});

test("a quiet test that passes beside others runs again when they are over, and that result counts", async () => {
  const { tries, finished } = await ran(
    (id, attempt) => (id === "b" && attempt === 2 ? "fail" : "pass"),
    ["b", "c"],
  );
  assert.equal(tries.slice(-2), ["b2", "c2"]);
  assert.equal(finished.map(({ id, outcome }) => `${id} ${outcome}`).slice(-2), ["b fail", "c pass"]);
  assert.equal(finished.at(-2)?.notes, ["beside other tests, it passed"]);
});

test("a quiet test that fails beside others does not run again, and lag when it is alone decides nothing", async () => {
  const failed = await ran((id) => (id === "b" ? "fail" : "pass"), ["b"]);
  assert.is(failed.tries.length, IDS.length);
  const lagged = await ran((id, attempt) => (id === "b" && attempt > 1 ? "inconclusive" : "pass"), ["b"]);
  assert.equal(lagged.tries.slice(-2), ["b2", "b3"]);
  assert.is(lagged.finished.at(-1)?.outcome, "pass");
});

test("an error of the runner ends the run", async () => {
  const faulty = ran(() => {
    throw new TypeError("no such outcome");
  });
  await faulty.then(
    () => assert.unreachable(),
    (error: unknown) => assert.instance(error, TypeError),
  );
});

test.run();
