import type { Requirement } from "./blocks.ts";
import type { SuiteTest } from "./suite.ts";

/** Which requirements the suite tests. */
export interface Coverage {
  readonly observable: readonly Requirement[];
  /** Observable requirements without a test. */
  readonly untested: readonly Requirement[];
  /** `test shows ID` for every id that is not a requirement. */
  readonly dangling: readonly string[];
}

/** Find out which requirements have a test. */
export function coverageOf(requirements: readonly Requirement[], tests: readonly SuiteTest[]): Coverage {
  const known = new Set(requirements.map(({ id }) => id));
  const shown = new Set(tests.flatMap((test) => test.requirements));
  const observable = requirements.filter((requirement) => requirement.observable);
  return {
    observable,
    untested: observable.filter(({ id }) => !shown.has(id)),
    dangling: tests.flatMap((test) =>
      test.requirements.filter((id) => !known.has(id)).map((id) => `${test.id} shows ${id}`),
    ),
  };
}

/** The counts by class and subject, followed by what is missing. */
export function describeCoverage({ observable, untested, dangling }: Coverage): string {
  const rows = new Map<string, { all: number; without: number }>();
  for (const requirement of observable) {
    const name = `${requirement.class} ${requirement.subject}`;
    const row = rows.get(name) ?? { all: 0, without: 0 };
    const without = row.without + (untested.includes(requirement) ? 1 : 0);
    rows.set(name, { all: row.all + 1, without });
  }
  return [
    ...[...rows].sort().map(([name, { all, without }]) => `  ${name}: ${all - without} of ${all}`),
    ...untested.map(({ id, level, subject, text }) => `no test: ${id} · ${subject} · ${level} · ${text}`),
    ...dangling.map((message) => `not in the ledger: ${message}`),
    `${observable.length} observable requirements: ${observable.length - untested.length} with a test, ${untested.length} without`,
  ].join("\n");
}

/** The exit code: a test of an unknown requirement always fails, a requirement without a test only with `gate`. */
export function exitCodeOf({ untested, dangling }: Coverage, gate: boolean): number {
  return dangling.length > 0 || (gate && untested.length > 0) ? 1 : 0;
}
