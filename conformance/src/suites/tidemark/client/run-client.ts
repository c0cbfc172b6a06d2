import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import type { RunEvent, RunReport, TargetReport } from "../../../engine/model/event.ts";
import { loadLedger, type Requirement, SPEC_VERSION } from "../../../engine/model/ledger.ts";
import type { TestResult } from "../../../engine/model/result.ts";
import { summarize } from "../../../engine/model/summary.ts";
import { decide } from "../../../engine/model/verdict.ts";
import { matchesAny } from "../../../engine/run/glob.ts";
import { LagMonitor } from "../../../engine/run/lag.ts";
import { sideBySide } from "../../../engine/run/side-by-side.ts";
import { NoVerdict } from "../server/discover.ts";
import { USUAL_PATIENCE_MS } from "./client-context.ts";
import type { ClientTestDefinition } from "./client-definition.ts";
import type { ClientOptions } from "./client-options.ts";
import { commandAdapter } from "./command-adapter.ts";
import type { Hello } from "./contract.ts";
import { Harness } from "./harness.ts";
import { Origin } from "./origin.ts";
import { type ClientEnvironment, runClientTest, skippedTest } from "./run-client-test.ts";
import { CLIENT_TESTS } from "./tests/all.ts";

const { version } = createRequire(import.meta.url)("../../../../package.json") as { version: string };

/** The requirements that have a test, whether a run selects it or not. */
const TESTED: ReadonlySet<string> = new Set(CLIENT_TESTS.flatMap(({ requirements }) => requirements));

/** Most tests only wait for timers of the client, so this many at once overload neither side. */
const DEFAULT_JOBS = 16;

/**
 * Run the suite against a client. The last event is always `run-finished`; faults of the client are reported, not
 * thrown.
 */
export async function* runClient(options: ClientOptions): AsyncGenerator<RunEvent, void> {
  const run = new ClientRun(options);
  yield { type: "run-started", url: run.name, seed: run.seed, spec: SPEC_VERSION };
  try {
    const hello = await run.begin();
    const tests = run.selected();
    yield { type: "target-found", target: run.target(hello), tests: tests.length };
    yield* run.tests(hello, tests);
    yield { type: "run-finished", report: run.report(hello) };
  } catch (error) {
    if (!(error instanceof NoVerdict)) throw error;
    yield { type: "run-finished", report: run.report(undefined, error.message) };
  } finally {
    await run.end();
  }
}

/** Client requirements that a black-box test can observe. */
export function observableOfClients(ledger: ReadonlyMap<string, Requirement>): Requirement[] {
  return [...ledger.values()].filter((row) => row.subject === "client" && row.observable);
}

class ClientRun {
  readonly seed: number;
  readonly name: string;
  readonly #options: ClientOptions;
  readonly #ledger = loadLedger();
  readonly #lag = new LagMonitor();
  readonly #origin: Origin;
  readonly #harness: Harness;
  readonly #stop = new AbortController();
  readonly #results = new Map<string, TestResult>();
  /** The tests whose failures can be due to a slow machine. */
  readonly #doubtful = new Set<string>();
  readonly #begun = performance.now();
  readonly #startedAt = new Date().toISOString();
  #budget: NodeJS.Timeout | undefined;

  constructor(options: ClientOptions) {
    const {
      adapter,
      signal,
      budgetMs,
      inBrowser = false,
      seed = Math.floor(Math.random() * 2 ** 32),
    } = options;
    this.#options = options;
    this.#origin = new Origin(inBrowser);
    this.seed = seed;
    this.name = typeof adapter === "string" ? adapter : "adapter";
    this.#harness = new Harness(typeof adapter === "string" ? commandAdapter(adapter) : adapter);
    signal?.addEventListener("abort", () => this.#stop.abort("INTERRUPTED"), { once: true });
    if (signal?.aborted) this.#stop.abort("INTERRUPTED");
    if (budgetMs !== undefined) this.#budget = setTimeout(() => this.#stop.abort("BUDGET"), budgetMs);
  }

  /** Start listening and wait for the adapter's hello. @throws {NoVerdict} if none comes */
  async begin(): Promise<Hello> {
    this.#lag.start();
    await this.#origin.listen();
    return this.#harness.hello(this.#stop.signal);
  }

  async end(): Promise<void> {
    clearTimeout(this.#budget);
    this.#lag.stop();
    const words = await this.#harness.close();
    if (words !== "") this.#options.onLastWords?.(words);
    await this.#origin.close();
  }

  /** The selected tests, those that wait longest first. */
  selected(): readonly ClientTestDefinition[] {
    return CLIENT_TESTS.filter((test) => this.#wanted(test)).sort(
      (a, b) => (b.waitsMs ?? 0) - (a.waitsMs ?? 0),
    );
  }

  /** Run the tests, at most `jobs` at once, and report what happens. */
  async *tests(hello: Hello, tests: readonly ClientTestDefinition[]): AsyncGenerator<RunEvent, void> {
    const run = async (test: ClientTestDefinition, attempt: number): Promise<TestResult> => {
      const result = await this.#test(test, hello, attempt);
      this.#results.set(test.id, result);
      return result;
    };
    const isWorthAnother = ({ id, reason }: TestResult): boolean =>
      reason === "LAGGED" || this.#doubtful.has(id);
    yield* sideBySide(tests, { jobs: this.#options.jobs ?? DEFAULT_JOBS, run, isWorthAnother });
  }

  target(hello: Hello | undefined): TargetReport {
    if (!hello) return { url: this.name, mechanisms: [], publish: false };
    return {
      url: this.name,
      template: `${hello.name} ${hello.version} (${hello.language})`,
      mechanisms: hello.mechanisms,
      publish: hello.capabilities.includes("publish"),
    };
  }

  report(hello: Hello | undefined, noVerdict?: string): RunReport {
    const { strict = false, requireComplete = false } = this.#options;
    const tests = [...this.#results.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    const target = this.target(hello);
    const summary = hello ? summarize(this.#bindingOn(hello), tests, TESTED) : undefined;
    const verdict = decide({
      ...(summary ? { summary } : {}),
      ...(noVerdict === undefined ? {} : { noVerdict }),
      mechanisms: target.mechanisms,
      publish: target.publish,
      strict,
      requireComplete,
    });
    return {
      complete: true,
      suite: version,
      spec: SPEC_VERSION,
      startedAt: this.#startedAt,
      durationMs: Math.round(performance.now() - this.#begun),
      seed: this.seed,
      target,
      verdict,
      ...(summary ? { summary } : {}),
      tests,
    };
  }

  async #test(test: ClientTestDefinition, hello: Hello, attempt: number): Promise<TestResult> {
    const signal = this.#stop.signal;
    const env: ClientEnvironment = {
      hello,
      attempt,
      harness: this.#harness,
      origin: this.#origin,
      ledger: this.#ledger,
      lag: this.#lag,
      seed: this.seed,
      strict: this.#options.strict ?? false,
      patienceMs: this.#options.patienceMs ?? USUAL_PATIENCE_MS,
      signal,
      onDoubt: () => this.#doubtful.add(test.id),
    };
    if (!signal.aborted) return runClientTest(test, env);
    const reason = signal.reason === "BUDGET" ? "BUDGET" : "INTERRUPTED";
    return skippedTest(test, env, "not-run", reason, "the run was stopped");
  }

  #wanted(test: ClientTestDefinition): boolean {
    const { run, skip, requirements } = this.#options;
    if (run && !matchesAny(test.id, run)) return false;
    if (skip && matchesAny(test.id, skip)) return false;
    return !requirements || test.requirements.some((id) => matchesAny(id, requirements));
  }

  /** The observable requirements of the chapters that the client claims. */
  #bindingOn(hello: Hello): readonly Requirement[] {
    const any = hello.mechanisms.includes("auto");
    const claimed = {
      core: true,
      polling: any || hello.mechanisms.includes("poll"),
      "long-polling": any || hello.mechanisms.includes("long-poll"),
      sse: any || hello.mechanisms.includes("sse"),
      publishing: hello.capabilities.includes("publish"),
    };
    return observableOfClients(this.#ledger).filter((row) => claimed[row.class]);
  }
}
