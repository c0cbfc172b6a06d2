import { createColors } from "picocolors";
import type { RunEvent, RunReport } from "../model/event.ts";
import type { Requirement } from "../model/ledger.ts";
import type { Outcome } from "../model/outcome.ts";
import type { TestResult } from "../model/result.ts";
import { failureLines, isNotable, knownText, shortLines } from "./failure.ts";
import type { Reporter, Sink } from "./reporter.ts";

/** What the reporter for people needs. */
export interface PrettyOptions {
  readonly ledger: ReadonlyMap<string, Requirement>;
  readonly color: boolean;
  readonly replay: (test: string) => string;
  /** The `doctor` command for this target; runs against a client have none. */
  readonly doctor?: string;
}

/** Failures shown in full, each for another requirement; the rest show only "expected" and "actual". */
const FULL_FAILURES = 10;

/** Running tests that a progress line names. */
const SHOWN_RUNNING = 3;

/** For people: live progress on a terminal, plain lines elsewhere; failures in full; the verdict last. */
export function prettyReporter(sink: Sink, options: PrettyOptions): Reporter {
  return new Pretty(sink, options);
}

class Pretty implements Reporter {
  readonly #sink: Sink;
  readonly #options: PrettyOptions;
  readonly #colors: ReturnType<typeof createColors>;
  readonly #running = new Set<string>();
  readonly #toldInFull = new Set<string>();
  #full = 0;
  #short = 0;
  #done = 0;
  #total = 0;
  #progress = false;

  constructor(sink: Sink, options: PrettyOptions) {
    this.#sink = sink;
    this.#options = options;
    this.#colors = createColors(options.color);
  }

  on(event: RunEvent): void {
    if (event.type === "run-started")
      this.#line(`tidemark-conformance: ${event.url} (spec ${event.spec}, seed ${event.seed})`);
    if (event.type === "target-found") {
      const { target } = event;
      const publish = target.driver ? `publish by ${target.driver}` : "read only";
      const way = target.allowed === undefined ? "" : `, ${publish}, may ${target.allowed}`; // not for clients
      this.#total = event.tests;
      this.#line(`${target.mechanisms.join(" + ")}${way}: ${countOf(event.tests)} at ${target.template}`);
    }
    if (event.type === "test-started") this.#running.add(event.id);
    if (event.type === "test-finished") this.#finished(event.result);
    if (event.type === "run-finished") this.#end(event.report);
    this.#showProgress(event.type !== "run-finished");
  }

  #finished(result: TestResult): void {
    this.#running.delete(result.id);
    this.#done += 1;
    if (result.known) this.#line(this.#colors.dim(knownLine(result)));
    else if (NOTABLE.has(result.outcome)) {
      const lines = this.#isFull(result) ? failureLines : shortLines;
      const [head = "", ...rest] = lines(result, this.#options);
      this.#line(["", this.#paint(result.outcome, head), ...rest, ""].join("\n"));
    }
  }

  /** Several tests that blame the same requirement are one finding: only the first is shown in full. */
  #isFull({ requirements }: TestResult): boolean {
    const blamed = requirements.filter(isNotable).map(({ requirement }) => requirement);
    const isNew = blamed.length === 0 || blamed.some((requirement) => !this.#toldInFull.has(requirement));
    const isFull = isNew && this.#full < FULL_FAILURES;
    if (isFull) this.#full += 1;
    else this.#short += 1;
    if (isFull) for (const requirement of blamed) this.#toldInFull.add(requirement);
    return isFull;
  }

  #end(report: RunReport): void {
    const counts = Object.entries(report.summary?.outcomes ?? {}).map(
      ([outcome, count]) => `${count} ${outcome}`,
    );
    if (counts.length > 0) {
      const sum = report.tests.reduce((total, test) => total + test.durationMs, 0);
      const times = `${(report.durationMs / 1000).toFixed(1)} s (${(sum / 1000).toFixed(1)} s if run one by one)`;
      this.#line(`${countOf(report.tests.length)}: ${counts.join(", ")} in ${times}`);
    }
    for (const line of [...standingLines(report), ...baselineLines(report)]) this.#line(line);
    if (this.#short > 0)
      this.#line(
        "each requirement is shown in full once, at most ten; --reporter html=report.html shows all failures, --run <id> one",
      );
    if (report.summary === undefined && this.#options.doctor !== undefined)
      this.#line(`to find the cause, run: ${this.#options.doctor}`);
    const bad = report.verdict.exitCode === 0 ? this.#colors.green : this.#colors.red;
    this.#line(this.#colors.bold(bad(report.verdict.line)));
  }

  #paint(outcome: Outcome, text: string): string {
    const { red, yellow } = this.#colors;
    return outcome === "fail" || outcome === "error" ? red(text) : yellow(text);
  }

  #line(text: string): void {
    this.#clear();
    this.#sink.write(`${text}\n`);
  }

  #clear(): void {
    if (this.#progress) this.#sink.write("\r\u001b[K");
    this.#progress = false;
  }

  #showProgress(going: boolean): void {
    if (!this.#sink.terminal || !going || this.#total === 0) return;
    const names = [...this.#running].slice(0, SHOWN_RUNNING).join(", ");
    const rest = this.#running.size > SHOWN_RUNNING ? ` and ${this.#running.size - SHOWN_RUNNING} more` : "";
    const text = `${this.#done}/${this.#total} ${names}${rest}`.slice(0, this.#sink.columns - 1);
    this.#sink.write(`\r\u001b[K${this.#colors.dim(text)}`);
    this.#progress = true;
  }
}

function countOf(tests: number): string {
  return tests === 1 ? "1 test" : `${tests} tests`;
}

const NOTABLE: ReadonlySet<Outcome> = new Set(["fail", "warn", "inconclusive", "error"]);

function knownLine(result: TestResult): string {
  return `${result.outcome.toUpperCase()} ${result.id}, a ${knownText(result)}`;
}

/** One line for each outdated entry of the baseline. */
function baselineLines({ baselineFaults = [] }: RunReport): string[] {
  return baselineFaults.map(({ test, fault, detail }) => `${fault}: ${test}: ${detail}`);
}

/** One line for each requirement that is violated or not met, with the tests that saw it. */
function standingLines({ summary, tests }: RunReport): string[] {
  return (summary?.requirements ?? [])
    .filter(({ standing }) => standing === "violated" || standing === "not-met")
    .map(({ requirement, level, standing }) => {
      const seen = tests.filter(({ requirements }) =>
        requirements.some((row) => row.requirement === requirement && UNMET.has(row.outcome)),
      );
      return `${standing}: ${requirement} (${level}), see ${seen.map(({ id }) => id).join(", ")}`;
    });
}

const UNMET: ReadonlySet<Outcome> = new Set(["fail", "warn"]);
