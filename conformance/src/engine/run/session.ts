import { randomBytes } from "node:crypto";
import { type BaselineFault, baselineFaults, knownFailure, today } from "../baseline/baseline.ts";
import type { TestResult } from "../model/result.ts";
import { createRedactor, type Redactor } from "../wire/secrets.ts";
import type { RunContext } from "./context.ts";
import { LagMonitor } from "./lag.ts";
import type { RunOptions } from "./options.ts";
import { type RunEnvironment, runTest, skippedResult, stopped } from "./run-test.ts";
import { isSelected } from "./selection.ts";
import type { Suite } from "./suite.ts";
import type { Test } from "./test.ts";
import { Turnstile } from "./turnstile.ts";

/** One run of a suite against one target: what its tests share, and the discovery that they wait for. */
export class Session<
  Options extends RunOptions = RunOptions,
  Context extends RunContext = RunContext,
  Need extends string = string,
> {
  readonly suite: Suite<Options, Context, Need>;
  readonly options: Options;
  readonly seed: number;
  readonly jobs: number;
  /** Hides the secrets of the options. */
  readonly redact: Redactor;
  readonly #lag = new LagMonitor();
  readonly #stop = new AbortController();
  readonly #cleanups: Promise<void>[] = [];
  readonly #doubtful = new Set<string>();
  #environment: Promise<RunEnvironment<Context, Need>> | undefined;
  #budget: NodeJS.Timeout | undefined;
  readonly #turnstile = new Turnstile();
  #undo: (() => Promise<void> | undefined)[] = [];

  constructor(suite: Suite<Options, Context, Need>, options: Options) {
    this.suite = suite;
    this.options = options;
    this.seed = options.seed ?? Math.floor(Math.random() * 2 ** 32);
    this.jobs = options.jobs ?? suite.jobs;
    this.redact = createRedactor(suite.secretsOf?.(options) ?? []);
    const { signal, budgetMs } = options;
    signal?.addEventListener("abort", () => this.#stop.abort("INTERRUPTED"), { once: true });
    if (signal?.aborted) this.#stop.abort("INTERRUPTED");
    if (budgetMs !== undefined) this.#budget = setTimeout(() => this.#stop.abort("BUDGET"), budgetMs);
    this.#budget?.unref();
    this.#lag.start();
  }

  /** Aborted when the run has to end. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Discover the target, once. @throws {NoVerdict} when the suite cannot test it */
  environment(): Promise<RunEnvironment<Context, Need>> {
    this.#environment ??= this.#discover();
    return this.#environment;
  }

  /** The selected tests: those that wait longest come first, those that run alone last. */
  selected(): readonly Test<Context, Need>[] {
    const turn = ({ exclusive, waitsMs = 0 }: Test<Context, Need>): number => (exclusive ? 1 : -waitsMs);
    return this.suite.tests
      .filter((test) => isSelected(test, this.options))
      .sort((a, b) => turn(a) - turn(b));
  }

  /** Run one test, or report why it was not run. Each attempt has its own channels; a second one runs alone. */
  async run(test: Test<Context, Need>, attempt = 1): Promise<TestResult> {
    const environment = await this.environment();
    const { ledger } = this.suite;
    if (!isSelected(test, this.options))
      return skippedResult(test, ledger, { outcome: "not-run", reason: "FILTERED", detail: "not selected" });
    if (this.signal.aborted) return skippedResult(test, ledger, stopped(this.signal, "the run was stopped"));
    const isAlone = test.exclusive === true || attempt > 1;
    const leave = await this.#turnstile.enter(isAlone);
    try {
      if (isAlone) await Promise.all(this.#cleanups); // their requests could wake somebody
      const tidy = (t: Context): void => void this.#cleanups.push(environment.found.tidy?.(t) ?? DONE);
      const { result, isDoubtful } = await runTest(test, environment, attempt, tidy);
      if (isDoubtful) this.#doubtful.add(test.id);
      else this.#doubtful.delete(test.id);
      return this.#judge(result);
    } finally {
      leave();
    }
  }

  /** Whether a second attempt may decide what this one did not, or did only by the time that something took. */
  isWorthAnother({ id, reason }: TestResult): boolean {
    return reason === "LAGGED" || reason === "REFUSED" || (this.suite.retriesSlow && this.#doubtful.has(id));
  }

  /** Mark a failure that the baseline lists. */
  #judge(result: TestResult): TestResult {
    const known = knownFailure(result, this.options.baseline ?? [], today());
    return known ? { ...result, known } : result;
  }

  /** The entries of the baseline that these results show to be outdated. */
  baselineFaults(results: readonly TestResult[]): readonly BaselineFault[] {
    const ids = new Set(this.suite.tests.map(({ id }) => id));
    return baselineFaults(this.options.baseline ?? [], results, ids, today());
  }

  /** Stop the running tests. */
  stop(): void {
    this.#stop.abort("INTERRUPTED");
  }

  /** Wait until what all tests left behind has been removed, and release everything. Idempotent. */
  async end(): Promise<void> {
    await Promise.all(this.#cleanups);
    const undo = this.#undo;
    this.#undo = [];
    for (const step of undo) await step();
    clearTimeout(this.#budget);
    this.#lag.stop();
  }

  async #discover(): Promise<RunEnvironment<Context, Need>> {
    const { suite, options, seed, signal } = this;
    const { ledger, testLimitMs } = suite;
    const unprepare = await options.prepare?.(signal);
    if (unprepare) this.#undo.push(unprepare);
    const tools = { seed, signal, lag: this.#lag, redact: this.redact };
    const found = await suite.discover(options, { ...tools, id: randomBytes(4).toString("hex") });
    this.#undo.unshift(() => found.end?.());
    return { ...tools, found, ledger: found.ledger ?? ledger, strict: options.strict ?? false, testLimitMs };
  }
}

const DONE = Promise.resolve();
