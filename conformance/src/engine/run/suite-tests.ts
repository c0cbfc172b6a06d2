import type { TestResult } from "../model/result.ts";
import { failureLines } from "../report/failure.ts";
import { quote } from "../wire/shell.ts";
import type { RunContext } from "./context.ts";
import type { RunOptions } from "./options.ts";
import { Session } from "./session.ts";
import { afterRetry, mostRetries } from "./side-by-side.ts";
import type { Suite } from "./suite.ts";
import type { Test } from "./test.ts";

/** One test for any test framework: `it(test.id, () => test.run())`. */
export interface FrameworkTest {
  readonly id: string;
  readonly title: string;
  readonly requirements: readonly string[];
  /**
   * Run the test. Resolves to its result, also if it was inconclusive or does not apply. A test that is in doubt only
   * because something took too long is retried once, alone; at most a tenth of the tests are.
   * @throws {ConformanceFailure} when a requirement is violated or the suite failed, unless the baseline
   * lists the failure; when the test's entry in the baseline is outdated; under `requireComplete`, when a
   * MUST was not decided
   * @throws {NoVerdict} when the suite cannot test the target
   */
  run(): Promise<TestResult>;
}

/** A failed test; the message is its whole report. */
export class ConformanceFailure extends Error {
  override readonly name = "ConformanceFailure";
  readonly result: TestResult;

  constructor(result: TestResult, message: string) {
    super(message);
    this.result = result;
  }
}

/** What {@link suiteTests} can do besides a run. */
export interface FrameworkOptions {
  /**
   * For frameworks that run tests one by one: the first `run` starts the other tests too, `jobs` at once, and
   * each `run` waits for its own result. Most tests only wait, so this takes seconds instead of minutes.
   * @defaultValue false: each `run` starts its own test, and the framework decides how many run at once
   */
  readonly ahead?: boolean;
}

/** The tests of the suite as functions. They share one discovery, which the first of them makes. */
export function suiteTests<Options extends RunOptions, Context extends RunContext, Need extends string>(
  suite: Suite<Options, Context, Need>,
  options: Options & FrameworkOptions,
): readonly FrameworkTest[] {
  const session = new Session(suite, options);
  const tests = session.selected();
  const started = options.ahead
    ? startedAhead(session, tests)
    : (test: Test<Context, Need>) => session.run(test);
  let retries = mostRetries(tests.length);
  const decided = async (test: Test<Context, Need>): Promise<TestResult> => {
    const first = await started(test);
    if (retries === 0 || !session.isWorthAnother(first)) return first;
    retries -= 1;
    return afterRetry(first, await session.run(test, 2));
  };
  return tests.map((test) => ({
    id: test.id,
    title: test.title,
    requirements: test.requirements,
    async run(): Promise<TestResult> {
      const result = await decided(test);
      const fault = faultOf(session, result);
      if (fault !== undefined) throw new ConformanceFailure(result, fault);
      return result;
    },
  }));
}

/** Runs each test once; the first call starts all of them side by side. */
function startedAhead<Options extends RunOptions, Context extends RunContext, Need extends string>(
  session: Session<Options, Context, Need>,
  tests: readonly Test<Context, Need>[],
): (test: Test<Context, Need>) => Promise<TestResult> {
  const runs = new Map<Test<Context, Need>, Promise<TestResult>>();
  const start = (test: Test<Context, Need>): Promise<TestResult> => {
    const run = runs.get(test) ?? session.run(test);
    runs.set(test, run);
    return run;
  };
  const waiting = [...tests];
  const work = async (): Promise<void> => {
    for (let test = waiting.shift(); test; test = waiting.shift()) await Promise.allSettled([start(test)]);
  };
  return (test) => {
    const run = start(test);
    if (waiting.length === tests.length) for (let job = 1; job < session.jobs; job += 1) void work();
    return run;
  };
}

/** The whole report of a result that should throw; undefined for any other. */
function faultOf<Options extends RunOptions, Context extends RunContext, Need extends string>(
  session: Session<Options, Context, Need>,
  result: TestResult,
): string | undefined {
  const { id, outcome } = result;
  const { suite, options } = session;
  const [stale] = session.baselineFaults([result]).filter((row) => row.test === id);
  if (stale) return `baseline: ${id} is ${stale.fault}: ${stale.detail}`;
  const failed = outcome === "fail" || outcome === "error";
  const undecided = outcome === "inconclusive" || outcome === "not-run";
  const isMust = result.requirements.some(({ level }) => level === "MUST") && !result.candidate;
  if (result.known || !(failed || (undecided && isMust && options.requireComplete))) return undefined;
  const replay = (test: string): string =>
    `npx @tidemark/conformance ${suite.name} ${quote(suite.nameOf(options))} --run ${quote(test)}`;
  return failureLines(result, { ledger: suite.ledger, replay }).join("\n");
}
