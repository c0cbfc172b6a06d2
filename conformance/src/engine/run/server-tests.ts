import type { TestResult } from "../model/result.ts";
import { failureLines } from "../report/failure.ts";
import { quote } from "../wire/shell.ts";
import type { TestDefinition } from "./definition.ts";
import type { ServerOptions } from "./options.ts";
import { Session } from "./session.ts";

/** One test for any test framework: `it(test.id, () => test.run())`. */
export interface ServerTest {
  readonly id: string;
  readonly title: string;
  readonly requirements: readonly string[];
  /**
   * Run the test. Resolves to its result, also if it was inconclusive or does not apply.
   * @throws {ConformanceFailure} when a requirement is violated or the suite failed, unless the baseline
   * lists the failure; when the test's entry in the baseline is outdated; under `requireComplete`, when a
   * MUST was not decided
   * @throws {NoVerdict} when the target does not speak Tidemark
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

/** Options of {@link serverTests}: those of a run, and two more. */
export interface ServerTestsOptions extends ServerOptions {
  /**
   * For frameworks that run tests one by one: the first `run` starts the other tests too, `jobs` at once, and
   * each `run` waits for its own result. Most tests only wait, so this takes seconds instead of minutes.
   * @defaultValue false: each `run` starts its own test, and the framework decides how many run at once
   */
  readonly ahead?: boolean;
  /** Throw also if a test leaves a MUST undecided. A test that does not apply (`n/a`) never throws. */
  readonly requireComplete?: boolean;
}

/** The tests of the suite as functions. They share one discovery, which the first of them makes. */
export function serverTests(options: ServerTestsOptions): readonly ServerTest[] {
  const session = new Session(options);
  const tests = session.selected();
  const started = options.ahead ? startedAhead(session, tests) : (test: TestDefinition) => session.run(test);
  return tests.map((test) => ({
    id: test.id,
    title: test.title,
    requirements: test.requirements,
    async run(): Promise<TestResult> {
      const result = await started(test);
      const fault = faultOf(session, result);
      if (fault !== undefined) throw new ConformanceFailure(result, fault);
      return result;
    },
  }));
}

/** Runs each test once; the first call starts all of them side by side. */
function startedAhead(
  session: Session,
  tests: readonly TestDefinition[],
): (test: TestDefinition) => Promise<TestResult> {
  const runs = new Map<TestDefinition, Promise<TestResult>>();
  const start = (test: TestDefinition): Promise<TestResult> => {
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
    if (waiting.length === tests.length) for (let job = 1; job < session.settings.jobs; job += 1) void work();
    return run;
  };
}

/** The whole report of a result that should throw; undefined for any other. */
function faultOf(session: Session, result: TestResult): string | undefined {
  const { id, outcome } = result;
  const [stale] = session.baselineFaults([result]).filter((row) => row.test === id);
  if (stale) return `baseline: ${id} is ${stale.fault}: ${stale.detail}`;
  const failed = outcome === "fail" || outcome === "error";
  const undecided = outcome === "inconclusive" || outcome === "not-run";
  const isMust = result.requirements.some(({ level }) => level === "MUST") && !result.candidate;
  if (result.known || !(failed || (undecided && isMust && session.settings.requireComplete)))
    return undefined;
  const replay = (test: string): string =>
    `npx @tidemark/conformance server ${quote(session.settings.url)} --run ${quote(test)}`;
  return failureLines(result, { ledger: session.ledger, replay }).join("\n");
}
