import { performance } from "node:perf_hooks";
import type { Claim } from "../model/claim.ts";
import type { RequirementResult } from "../model/result.ts";
import type { ExchangeRecord } from "../wire/transcript.ts";
import { type Checks, NotApplicable, Undecided } from "./checks.ts";
import type { LagMonitor } from "./lag.ts";

/** Seeded random numbers from 0 (inclusive) to 1 (exclusive). */
export type Random = () => number;

/** The mulberry32 generator: small, fast, good enough to vary tests, and the same on every machine. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** What the runner gives the context of one test. */
export interface ContextTools {
  readonly checks: Checks;
  readonly lag: LagMonitor;
  /** The same choices in every run with the same seed. */
  readonly random: Random;
  /** Aborted when the test has to end. */
  readonly signal: AbortSignal;
  /** 1, or 2 when an undecided test is retried: it must not meet what the first attempt left behind. */
  readonly attempt: number;
}

/**
 * What a test works with. A suite derives its own context; `Seen` is what it records for each exchange. Only
 * {@link RunContext.check} decides.
 */
export abstract class RunContext<Seen = unknown> {
  readonly random: Random;
  readonly startedAt: number = performance.now();
  readonly notes: string[] = [];
  /** What was sent and received, in order. Evidence points at its index. */
  readonly exchanges: Seen[] = [];
  protected readonly tools: ContextTools;

  constructor(tools: ContextTools) {
    this.tools = tools;
    this.random = tools.random;
  }

  /** Decide whether the requirement is met. The evidence is the last exchange, unless another is given. */
  check(requirement: string, claimed: Claim, exchange?: Seen): boolean {
    const index = exchange === undefined ? this.exchanges.length - 1 : this.exchanges.indexOf(exchange);
    const inDoubt = claimed.isDoubtful?.((span) => this.tools.lag.within(span)) ?? false;
    this.tools.checks.add(requirement, claimed, index < 0 ? undefined : index, inDoubt);
    return claimed.ok;
  }

  /** Report a violation that the test has come across, of a requirement that it does not declare. */
  protected imply(requirement: string, claimed: Claim, exchange: Seen): void {
    if (!claimed.ok) this.tools.checks.imply(requirement, claimed, this.exchanges.indexOf(exchange));
  }

  /** A precondition of the test: if it does not hold, the test ends as inconclusive and blames no requirement. */
  need(claimed: Claim): void {
    if (!claimed.ok) throw new Undecided("PRECONDITION_FAILED", unmet(claimed));
  }

  /** The control of a negative test: a similar request has to work before a refusal or a silence means anything. */
  control(claimed: Claim): void {
    if (!claimed.ok) throw new Undecided("CONTROL_FAILED", unmet(claimed));
  }

  /** End the test: it does not apply to this target. */
  notApplicable(why: string): never {
    throw new NotApplicable(why);
  }

  /** Add an observation to the report that no requirement is about. */
  note(text: string): void {
    this.notes.push(text);
  }

  /** Whether this process has lagged so much during the test that upper bounds on time decide nothing. */
  get isLate(): boolean {
    return this.tools.lag.isLate(this.startedAt);
  }

  /** The exchanges as plain data without secrets, for reports. */
  abstract records(): readonly ExchangeRecord[];

  /** The kind of an exchange, by its index: one of the suite's `words.kinds`. */
  kindOf(_index: number): string {
    return "other";
  }

  /** A command or script that shows a failure again; `index` is the exchange that showed it. */
  reproduction(_index: number | undefined): string | undefined {
    return undefined;
  }

  /** The suite's last word on a result, for instance to excuse what lag explains. */
  adjust(result: RequirementResult): RequirementResult {
    return result;
  }

  /** Called once before the test. */
  async begin(): Promise<void> {}

  /** Called once after the test, before its result is made. */
  async conclude(): Promise<void> {}

  /** Called once when the test is over: drop everything that is still open. */
  end(): void {}
}

function unmet({ what, expected, actual }: Claim): string {
  return `${what}: expected ${expected}, got ${actual}`;
}
