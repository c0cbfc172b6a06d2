import type { TestResult } from "../model/result.ts";

/** Failed tests that have one cause, as far as their results tell. */
export interface Finding {
  /** The test that shows it with the fewest requests. */
  readonly shown: TestResult;
  /** The others. */
  readonly also: readonly TestResult[];
  /** Every requirement that they blame, those of most tests first. */
  readonly requirements: readonly string[];
}

/** An answer that has nothing to do with what a test is about; all tests that got it probably have one cause. */
const UNRELATED = /^(?:5\d\d|401|403|404|no answer)\b/;

/**
 * Group failed tests by their cause: two tests have the same one if they blame the same requirement, or if they got the
 * same answer that no test can have expected. Findings with the most tests come first.
 */
export function findingsOf(tests: readonly TestResult[]): readonly Finding[] {
  const failed = tests.filter(({ outcome, known }) => !known && BROKEN.has(outcome));
  const groups: TestResult[][] = [];
  for (const test of failed) {
    const keys = keysOf(test);
    const mine = groups.filter((group) =>
      group.some((other) => keysOf(other).some((key) => keys.includes(key))),
    );
    const merged = [...mine.flat(), test];
    groups.splice(0, groups.length, ...groups.filter((group) => !mine.includes(group)), merged);
  }
  return groups.map(findingOf).sort((a, b) => b.also.length - a.also.length);
}

const BROKEN: ReadonlySet<string> = new Set(["fail", "warn", "error"]);

/** What a test has in common with others of the same cause. */
function keysOf({ id, requirements }: TestResult): readonly string[] {
  const blamed = requirements.filter(({ outcome }) => BROKEN.has(outcome));
  const answers = blamed
    .flatMap(({ evidence }) => evidence.filter(({ ok }) => !ok).map(({ actual }) => actual))
    .filter((actual) => UNRELATED.test(actual));
  const keys = [...blamed.map(({ requirement }) => requirement), ...answers];
  return keys.length > 0 ? keys : [id];
}

function findingOf(group: readonly TestResult[]): Finding {
  const rank = ({ outcome }: TestResult): number => (outcome === "warn" ? 1 : 0);
  const sorted = [...group].sort(
    (a, b) => rank(a) - rank(b) || a.exchanges.length - b.exchanges.length || (a.id < b.id ? -1 : 1),
  );
  const [shown, ...also] = sorted as [TestResult, ...TestResult[]];
  const counts = new Map<string, number>();
  for (const { requirements } of group)
    for (const { requirement, outcome } of requirements)
      if (BROKEN.has(outcome)) counts.set(requirement, (counts.get(requirement) ?? 0) + 1);
  const ordered = [...counts].sort(([, a], [, b]) => b - a).map(([requirement]) => requirement);
  return { shown, also, requirements: ordered };
}
