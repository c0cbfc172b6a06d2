import { randomBytes } from "node:crypto";
import { removeChannels } from "../../suites/tidemark/server/cleanup.ts";
import { discover } from "../../suites/tidemark/server/discover.ts";
import { protocolDriver } from "../../suites/tidemark/server/protocol-driver.ts";
import type { Target } from "../../suites/tidemark/server/target.ts";
import { ALL_TESTS } from "../../suites/tidemark/server/tests/all.ts";
import { type BaselineFault, baselineFaults, knownFailure, today } from "../baseline/baseline.ts";
import type { Driver } from "../drive/driver.ts";
import { loadLedger, type Requirement } from "../model/ledger.ts";
import type { TestResult } from "../model/result.ts";
import type { TestDefinition } from "./definition.ts";
import { matchesAny } from "./glob.ts";
import { LagMonitor } from "./lag.ts";
import { type ServerOptions, type Settings, settle } from "./options.ts";
import { type RunEnvironment, runTest, skippedResult, stopReason } from "./run-test.ts";
import { Turnstile } from "./turnstile.ts";

const KNOWN_TESTS: ReadonlySet<string> = new Set(ALL_TESTS.map(({ id }) => id));

/** One run against one target: what its tests share, and the discovery that they wait for. */
export class Session {
  readonly settings: Settings;
  readonly ledger: ReadonlyMap<string, Requirement> = loadLedger();
  readonly #run = randomBytes(4).toString("hex");
  readonly #lag = new LagMonitor();
  readonly #stop = new AbortController();
  readonly #cleanups: Promise<void>[] = [];
  #environment: Promise<RunEnvironment> | undefined;
  #budget: NodeJS.Timeout | undefined;
  readonly #turnstile = new Turnstile();
  #unprepare: (() => Promise<void>) | undefined;

  constructor(options: ServerOptions) {
    this.settings = settle(options);
    const { signal, budgetMs } = this.settings;
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

  /** Discover the target, once. @throws {NoVerdict} when it does not speak Tidemark */
  environment(): Promise<RunEnvironment> {
    this.#environment ??= this.#discover();
    return this.#environment;
  }

  /** The selected tests: those that wait longest come first, those that run alone last. */
  selected(): readonly TestDefinition[] {
    const turn = ({ exclusive, waitsMs = 0 }: TestDefinition): number => (exclusive ? 1 : -waitsMs);
    return ALL_TESTS.filter((test) => this.#wanted(test)).sort((a, b) => turn(a) - turn(b));
  }

  /** Run one test, or report why it was not run. Each attempt has its own channels. */
  async run(test: TestDefinition, attempt = 1): Promise<TestResult> {
    const environment = await this.environment();
    if (!this.#wanted(test)) return skippedResult(test, environment, "not-run", "FILTERED", "not selected");
    if (this.signal.aborted)
      return skippedResult(test, environment, "not-run", stopReason(this.signal), "the run was stopped");
    const leave = await this.#turnstile.enter(test.exclusive ?? false);
    try {
      return this.#judge(await this.#attempt(test, attempt, environment));
    } finally {
      leave();
    }
  }

  async #attempt(test: TestDefinition, attempt: number, environment: RunEnvironment): Promise<TestResult> {
    const used: string[] = [];
    const result = await runTest(test, {
      ...environment,
      channelName: (definition, n) => {
        const first = environment.channelName(definition, n);
        const name = attempt === 1 ? first : `${first}-${attempt}`;
        used.push(name);
        return name;
      },
    });
    this.#cleanups.push(removeChannels(environment, used));
    return result;
  }

  /** Mark a failure that the baseline lists. */
  #judge(result: TestResult): TestResult {
    const known = knownFailure(result, this.settings.baseline ?? [], today());
    return known ? { ...result, known } : result;
  }

  /** The entries of the baseline that these results show to be outdated. */
  baselineFaults(results: readonly TestResult[]): readonly BaselineFault[] {
    return baselineFaults(this.settings.baseline ?? [], results, KNOWN_TESTS, today());
  }

  /** Stop the running tests. */
  stop(): void {
    this.#stop.abort("INTERRUPTED");
  }

  /** Wait until the channels of all tests have been removed, and release everything. Idempotent. */
  async end(): Promise<void> {
    await Promise.all(this.#cleanups);
    const unprepare = this.#unprepare;
    this.#unprepare = undefined;
    await unprepare?.();
    clearTimeout(this.#budget);
    this.#lag.stop();
  }

  #wanted(test: TestDefinition): boolean {
    const { run, skip, requirements } = this.settings;
    if (run && !matchesAny(test.id, run)) return false;
    if (skip && matchesAny(test.id, skip)) return false;
    return !requirements || test.requirements.some((id) => matchesAny(id, requirements));
  }

  async #discover(): Promise<RunEnvironment> {
    const { settings } = this;
    this.#unprepare = await settings.prepare?.(this.signal);
    const target = await discover(settings, this.#run);
    return {
      target,
      driver: this.#driver(target),
      control: target.grade === "provoke" ? settings.control : undefined,
      ledger: this.ledger,
      lag: this.#lag,
      seed: settings.seed,
      strict: settings.strict,
      signal: this.signal,
      channelName: (test, n) => this.#channelName(test, n),
    };
  }

  #driver(target: Target): Driver | undefined {
    if (target.grade === "observe") return undefined;
    return this.settings.driver ?? (target.claims.publish ? protocolDriver : undefined);
  }

  #channelName(test: TestDefinition, n: number): string {
    const slug = test.id.split("/").slice(1).join("-");
    const name = this.settings.channels.replaceAll("{run}", this.#run).replaceAll("{test}", slug);
    return `${name}-${n}`;
  }
}
