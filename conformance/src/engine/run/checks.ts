import type { Claim } from "../model/claim.ts";
import type { Level, Requirement } from "../model/ledger.ts";
import { gravest, type Outcome, type ReasonCode } from "../model/outcome.ts";
import type { CheckCounts, Evidence, RequirementResult } from "../model/result.ts";

interface Check {
  readonly claim: Claim;
  /** Whether the lag of this process could explain the claim, or its failure. */
  readonly inDoubt: boolean;
  readonly exchange: number | undefined;
}

/** Most failed checks of one requirement that a result keeps. */
const MAX_EVIDENCE = 5;

/** Why a test ended before it had checked everything. */
export interface EarlyEnd {
  readonly code: ReasonCode;
  readonly detail: string;
  /** What was checked before still counts. */
  readonly partial: boolean;
}

/** Collects the checks of a test by requirement, and derives the outcomes. */
export class Checks {
  readonly #checks = new Map<string, Check[]>();
  readonly #ledger: ReadonlyMap<string, Requirement>;
  readonly #strict: boolean;

  /** @param ids the declared requirements @throws {RangeError} for one that the ledger does not have */
  constructor(ids: readonly string[], ledger: ReadonlyMap<string, Requirement>, strict: boolean) {
    this.#ledger = ledger;
    this.#strict = strict;
    for (const id of ids) {
      if (!ledger.has(id)) throw new RangeError(`the ledger has no requirement ${id}`);
      this.#checks.set(id, []);
    }
  }

  /** Record one check. @throws {RangeError} when the test does not declare the requirement */
  add(id: string, claim: Claim, exchange: number | undefined, inDoubt = false): void {
    const checks = this.#checks.get(id);
    if (!checks) throw new RangeError(`the test does not declare ${id}`);
    checks.push({ claim, exchange, inDoubt });
  }

  /** Record a failed check of any requirement: what a test happens to see counts, even if it is about another one. */
  imply(id: string, claim: Claim, exchange: number | undefined): void {
    const checks = this.#checks.get(id) ?? [];
    checks.push({ claim, exchange, inDoubt: false });
    this.#checks.set(id, checks);
  }

  /** Index of the exchange behind the first failed check. */
  get firstFailure(): number | undefined {
    return [...this.#checks.values()].flat().find(({ claim }) => !claim.ok)?.exchange;
  }

  /** Whether checks have failed, and each of them could have passed with more time. */
  get failedOnlyOnTime(): boolean {
    const failed = [...this.#checks.values()].flat().filter(({ claim }) => !claim.ok);
    return failed.length > 0 && failed.every(({ claim }) => claim.timed === true);
  }

  /**
   * The result for each requirement. One that was never checked is inconclusive: for the reason that ended
   * the test early, or else with `NO_DATA`.
   */
  results(
    lagged: boolean,
    early: EarlyEnd | undefined,
    kindOf: (exchange: number) => string = () => "other",
  ): RequirementResult[] {
    return [...this.#checks].map(([id, checks]) => {
      const level = this.#ledger.get(id)?.level ?? "MUST";
      const base = { requirement: id, level, checks: checks.length, by: countChecks(checks, kindOf) };
      const failed = checks.filter(({ claim }) => !claim.ok);
      const decided = failed.filter(({ claim, inDoubt }) => !inDoubt && !(claim.timed && lagged));
      if (decided.length > 0) return { ...base, outcome: this.#unmet(level), evidence: evidenceOf(decided) };
      const doubtful = checks.filter(({ claim, inDoubt }) => inDoubt || !claim.ok);
      if (doubtful.length > 0)
        return {
          ...base,
          ...undecided("LAGGED", "the suite itself was too slow to judge"),
          evidence: evidenceOf(doubtful),
        };
      if (early && !(early.partial && checks.length > 0)) {
        const unchecked = undecided(early.code, early.detail);
        return { ...base, ...unchecked, ...(early.partial ? { outcome: "not-run" } : {}), evidence: [] };
      }
      if (checks.length === 0)
        return {
          ...base,
          ...undecided("NO_DATA", "the target sent nothing that could be checked"),
          evidence: [],
        };
      return { ...base, outcome: level === "MAY" ? "info" : "pass", evidence: evidenceOf(checks.slice(-1)) };
    });
  }

  #unmet(level: Level): Outcome {
    if (level === "MUST") return "fail";
    if (level === "MAY") return "info";
    return this.#strict ? "fail" : "warn";
  }
}

function undecided(
  reason: ReasonCode,
  detail: string,
): { outcome: Outcome; reason: ReasonCode; detail: string } {
  return { outcome: "inconclusive", reason, detail };
}

function countChecks(checks: readonly Check[], kindOf: (exchange: number) => string): CheckCounts {
  const counts: Record<string, { made: number; failed: number }> = {};
  for (const { claim, exchange } of checks) {
    const kind = exchange === undefined ? "other" : kindOf(exchange);
    const { made, failed } = counts[kind] ?? { made: 0, failed: 0 };
    counts[kind] = { made: made + 1, failed: failed + (claim.ok ? 0 : 1) };
  }
  return counts;
}

function evidenceOf(checks: readonly Check[]): Evidence[] {
  return checks.slice(0, MAX_EVIDENCE).map(({ claim, exchange }) => ({
    ok: claim.ok,
    what: claim.what,
    expected: claim.expected,
    actual: claim.actual,
    ...(exchange === undefined ? {} : { exchange }),
  }));
}

/** The outcome of a test from those of its requirements. */
export function testOutcome(results: readonly RequirementResult[]): Outcome {
  return gravest(results.map((result) => result.outcome));
}

/** Ends a test as inconclusive, without blame: a precondition did not hold. */
export class Undecided extends Error {
  override readonly name = "Undecided";
  readonly code: ReasonCode;
  /** What the test has checked before still counts; the rest was not run. */
  readonly partial: boolean;

  constructor(code: ReasonCode, detail: string, options: { readonly partial?: boolean } = {}) {
    super(detail);
    this.code = code;
    this.partial = options.partial ?? false;
  }
}

/** Ends a test that turns out not to apply to this target. */
export class NotApplicable extends Error {
  override readonly name = "NotApplicable";
}
