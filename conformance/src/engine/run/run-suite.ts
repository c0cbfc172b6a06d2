import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import type { BaselineFault } from "../baseline/baseline.ts";
import type { RunEvent, RunReport } from "../model/event.ts";
import type { TestResult } from "../model/result.ts";
import { type Summary, summarize } from "../model/summary.ts";
import { decide } from "../model/verdict.ts";
import type { TargetReport, Verdict } from "../model/words.ts";
import type { RunContext } from "./context.ts";
import type { RunOptions } from "./options.ts";
import { Session } from "./session.ts";
import { sideBySide } from "./side-by-side.ts";
import { type Found, NoVerdict, observable, type Suite } from "./suite.ts";
import type { Test } from "./test.ts";

/** The version of this package. */
export const PACKAGE_VERSION: string = createRequire(import.meta.url)("../../../package.json").version;

/**
 * Run a suite against a target. The last event is always `run-finished`; problems of the target are reported, not
 * thrown.
 */
export async function* runSuite<Options extends RunOptions, Context extends RunContext, Need extends string>(
  suite: Suite<Options, Context, Need>,
  options: Options,
): AsyncGenerator<RunEvent, void> {
  const session = new Session(suite, options);
  const run = new Run(session);
  yield { type: "run-started", url: run.name, seed: session.seed, spec: suite.version };
  try {
    const { found } = await session.environment();
    const tests = session.selected();
    yield { type: "target-found", target: run.target(found), tests: tests.length };
    yield* run.tests(tests);
    const lost = await found.lost?.();
    await session.end();
    yield { type: "run-finished", report: run.report(found, { lost }) };
  } catch (error) {
    await session.end();
    if (!(error instanceof NoVerdict)) throw error;
    yield { type: "run-finished", report: run.report(undefined, { noVerdict: error.message }) };
  } finally {
    session.stop(); // the caller may leave the loop early
    await session.end();
  }
}

/** Why there is no verdict: the target could not be tested, or was gone at the end. */
interface Reasons {
  readonly noVerdict?: string | undefined;
  readonly lost?: string | undefined;
}

class Run<Options extends RunOptions, Context extends RunContext, Need extends string> {
  readonly #session: Session<Options, Context, Need>;
  readonly #results = new Map<string, TestResult>();
  readonly #begun = performance.now();
  readonly #startedAt = new Date().toISOString();

  constructor(session: Session<Options, Context, Need>) {
    this.#session = session;
  }

  /** What the options call the target. */
  get name(): string {
    const { suite, options } = this.#session;
    return suite.nameOf(options);
  }

  /** Run the tests, at most `jobs` at once, and yield their events. */
  async *tests(tests: readonly Test<Context, Need>[]): AsyncGenerator<RunEvent, void> {
    const run = async (test: Test<Context, Need>, attempt: number): Promise<TestResult> => {
      const result = await this.#session.run(test, attempt);
      this.#results.set(test.id, result);
      return result;
    };
    const isWorthAnother = (result: TestResult): boolean => this.#session.isWorthAnother(result);
    yield* sideBySide(tests, { jobs: this.#session.jobs, run, isWorthAnother });
  }

  target(found: Found<Context, Need> | undefined): TargetReport {
    const { identity } = this.#session.options;
    const report = found?.report ?? { mechanisms: [], publish: false };
    return { url: this.name, ...report, ...(identity ? { identity } : {}) };
  }

  report(found: Found<Context, Need> | undefined, why: Reasons): RunReport {
    const { suite, options, seed } = this.#session;
    const target = this.target(found);
    const tests = [...this.#results.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    const summary = found ? this.#summary(found, tests) : undefined;
    const baselineFaults = this.#session.baselineFaults(tests);
    return {
      complete: true,
      suite: PACKAGE_VERSION,
      suiteName: suite.name,
      spec: suite.version,
      startedAt: this.#startedAt,
      durationMs: Math.round(performance.now() - this.#begun),
      seed,
      target,
      verdict: this.#verdict(target, summary, baselineFaults, why),
      ...(summary ? { summary } : {}),
      ...(options.baseline ? { baselineFaults } : {}),
      ...(options.invocation ? { invocation: options.invocation } : {}),
      tests,
    };
  }

  #summary(found: Found<Context, Need>, tests: readonly TestResult[]): Summary {
    const { suite } = this.#session;
    const { ledger = suite.ledger } = found;
    const binding = observable({ ledger, subject: suite.subject }).filter((row) => found.binds(row));
    const counted = suite.tests.filter(({ candidate }) => !candidate);
    const tested = new Set(counted.flatMap(({ requirements }) => requirements));
    return summarize(binding, tests, { spec: suite.version, tested });
  }

  #verdict(
    target: TargetReport,
    summary: Summary | undefined,
    baselineFaults: readonly BaselineFault[],
    { noVerdict, lost }: Reasons,
  ): Verdict {
    const { options, signal, suite, redact } = this.#session;
    const unbroken = summary?.must.violated === 0;
    const interrupted =
      signal.reason === "INTERRUPTED" && unbroken ? "interrupted before the end" : undefined;
    const text = noVerdict ?? (unbroken ? lost : undefined);
    const why = text === undefined ? interrupted : redact(text);
    return decide({
      ...(summary ? { summary } : {}),
      ...(why === undefined ? {} : { noVerdict: why }),
      target,
      words: suite.words,
      strict: options.strict ?? false,
      requireComplete: options.requireComplete ?? false,
      baselineFaults,
    });
  }
}
