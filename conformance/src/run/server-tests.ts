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
   * Run it. Resolves to its result, also when it decided nothing or does not apply.
   * @throws {ConformanceFailure} when a requirement is violated or the harness failed, and that is not known; under
   * `requireComplete` also when it could not decide; also when the baseline has it as known and that is not right any more
   * @throws {NoVerdict} when the target speaks no Tidemark
   */
  run(): Promise<TestResult>;
}

/** A test failed; the message is the whole report of it. */
export class ConformanceFailure extends Error {
  override readonly name = "ConformanceFailure";
  readonly result: TestResult;

  constructor(result: TestResult, message: string) {
    super(message);
    this.result = result;
  }
}

/** What {@link serverTests} can be told beside what a run can. */
export interface ServerTestsOptions extends ServerOptions {
  /**
   * For frameworks that run one test after another: as soon as one is run, the others are begun too, `jobs` at once,
   * and each `run` waits for its own. Most tests only wait, so this takes seconds instead of minutes.
   * @defaultValue false: each begins when it is run, and the framework says how many at once
   */
  readonly ahead?: boolean;
  /** A test that has to decide a MUST, and does not, throws too; one that does not apply (`n/a`) never does. */
  readonly requireComplete?: boolean;
}

/** The tests of the suite as functions; they share one discovery, made when the first of them runs. */
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

/** Runs each test once, and all of them side by side from the first that is asked for. */
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

/** Why a result is no good, as a whole report; undefined where it is. */
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
