import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import { NoVerdict } from "../../suites/tidemark/server/discover.ts";
import { ALL_TESTS } from "../../suites/tidemark/server/tests/all.ts";
import type { BaselineFault } from "../baseline/baseline.ts";
import type { RunEvent, RunReport, TargetReport } from "../model/event.ts";
import { type Requirement, SPEC_VERSION } from "../model/ledger.ts";
import type { TestResult } from "../model/result.ts";
import { type Summary, summarize } from "../model/summary.ts";
import { decide, type Verdict } from "../model/verdict.ts";
import { createRedactor } from "../wire/secrets.ts";
import type { TestDefinition } from "./definition.ts";
import type { ServerOptions } from "./options.ts";
import type { RunEnvironment } from "./run-test.ts";
import { Session } from "./session.ts";
import { sideBySide } from "./side-by-side.ts";

const { version } = createRequire(import.meta.url)("../../../package.json") as { version: string };

/** Run the suite against a server. The last event is always `run-finished`; target problems never throw. */
export async function* runServer(options: ServerOptions): AsyncGenerator<RunEvent, void> {
  const session = new Session(options);
  const run = new Run(session);
  yield { type: "run-started", url: run.shownUrl, seed: session.settings.seed, spec: SPEC_VERSION };
  try {
    const environment = await session.environment();
    const tests = session.selected();
    const target = run.targetReport(environment);
    yield { type: "target-found", target, tests: tests.length };
    yield* run.tests(tests);
    await session.end();
    yield { type: "run-finished", report: run.report(environment) };
  } catch (error) {
    await session.end();
    if (!(error instanceof NoVerdict)) throw error;
    yield { type: "run-finished", report: run.report(undefined, error.message) };
  } finally {
    session.stop(); // the caller may leave the loop early
    await session.end();
  }
}

const TESTED: ReadonlySet<string> = new Set(
  ALL_TESTS.filter(({ candidate }) => !candidate).flatMap(({ requirements }) => requirements),
);

/** Server requirements that a black-box test can observe. */
export function observable(ledger: ReadonlyMap<string, Requirement>): Requirement[] {
  return [...ledger.values()].filter((row) => row.subject === "server" && row.observable);
}

class Run {
  readonly #session: Session;
  readonly #results = new Map<string, TestResult>();
  readonly #begun = performance.now();
  readonly #startedAt = new Date().toISOString();

  constructor(session: Session) {
    this.#session = session;
  }

  /** The URL as it was given, without credentials. */
  get shownUrl(): string {
    return this.#session.settings.url.replace(/\/\/[^/@]*@/, "//");
  }

  /** Run the tests, at most `jobs` at once, and yield their events. */
  async *tests(tests: readonly TestDefinition[]): AsyncGenerator<RunEvent, void> {
    const run = async (test: TestDefinition, attempt: number): Promise<TestResult> => {
      const result = await this.#session.run(test, attempt);
      this.#results.set(test.id, result);
      return result;
    };
    const isWorthAnother = ({ reason }: TestResult): boolean => reason === "LAGGED";
    yield* sideBySide(tests, { jobs: this.#session.settings.jobs, run, isWorthAnother });
  }

  targetReport(environment: RunEnvironment): TargetReport {
    const { target, driver } = environment;
    return {
      url: this.shownUrl,
      template: target.template.replace(/\/\/[^/@]*@/, "//"),
      mechanisms: target.mechanisms,
      publish: target.claims.publish,
      grade: target.grade,
      ...(driver ? { driver: driver.name } : {}),
      ...(target.claimed === undefined ? {} : { claimed: target.redact(target.claimed) }),
      ...this.#identity,
    };
  }

  get #identity(): Pick<TargetReport, "identity"> {
    const { identity } = this.#session.settings;
    return identity ? { identity } : {};
  }

  report(environment: RunEnvironment | undefined, noVerdict?: string): RunReport {
    const { settings, ledger } = this.#session;
    const target: TargetReport = environment
      ? this.targetReport(environment)
      : { url: this.shownUrl, mechanisms: [], publish: false, ...this.#identity };
    const tests = [...this.#results.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    const summary = environment ? summarize(bindingOn(environment, ledger), tests, TESTED) : undefined;
    const baselineFaults = this.#session.baselineFaults(tests);
    const verdict = this.#verdict(target, summary, baselineFaults, noVerdict);
    return {
      complete: true,
      suite: version,
      spec: SPEC_VERSION,
      startedAt: this.#startedAt,
      durationMs: Math.round(performance.now() - this.#begun),
      seed: settings.seed,
      target,
      verdict,
      ...(summary ? { summary } : {}),
      ...(settings.baseline ? { baselineFaults } : {}),
      ...(settings.invocation ? { invocation: settings.invocation } : {}),
      tests,
    };
  }

  #verdict(
    target: TargetReport,
    summary: Summary | undefined,
    baselineFaults: readonly BaselineFault[],
    noVerdict: string | undefined,
  ): Verdict {
    const { settings, signal } = this.#session;
    const unbroken = summary?.must.violated === 0;
    const interrupted =
      signal.reason === "INTERRUPTED" && unbroken ? "interrupted before the end" : undefined;
    const why = noVerdict === undefined ? interrupted : createRedactor(settings.headers)(noVerdict);
    return decide({
      ...(summary ? { summary } : {}),
      ...(why === undefined ? {} : { noVerdict: why }),
      mechanisms: target.mechanisms,
      publish: target.publish,
      strict: settings.strict,
      requireComplete: settings.requireComplete,
      baselineFaults,
    });
  }
}

/** The observable requirements of core and of the chapters that the target claims. */
function bindingOn(
  { target }: RunEnvironment,
  ledger: ReadonlyMap<string, Requirement>,
): readonly Requirement[] {
  const claimed = {
    core: true,
    polling: target.mechanisms.includes("poll"),
    "long-polling": target.mechanisms.includes("long-poll"),
    sse: target.mechanisms.includes("sse"),
    publishing: target.claims.publish,
  };
  return observable(ledger).filter((row) => claimed[row.class]);
}
