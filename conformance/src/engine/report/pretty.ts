import { createColors } from "picocolors";
import type { RunEvent, RunReport } from "../model/event.ts";
import type { Requirement } from "../model/ledger.ts";
import type { Outcome } from "../model/outcome.ts";
import type { TestResult } from "../model/result.ts";
import type { Words } from "../model/words.ts";
import { failureLines, isNotable, knownText, shortLines } from "./failure.ts";
import { findingsOf } from "./findings.ts";
import type { Reporter, Sink } from "./reporter.ts";
import { unverifiedLines } from "./unverified.ts";

/** What the reporter for people needs. */
export interface PrettyOptions {
  readonly ledger: ReadonlyMap<string, Requirement>;
  readonly words: Words;
  readonly color: boolean;
  readonly replay: (test: string) => string;
  /** The `doctor` command for this target; runs against a client have none. */
  readonly doctor?: string;
}

/** Causes that are shown in full; of the others, the report names the tests. */
const FULL_FINDINGS = 10;

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
    else if (FINDINGS.has(result.outcome)) this.#line(this.#paint(result.outcome, headLine(result)));
    else if (result.outcome === "inconclusive") {
      const [head = "", ...rest] = shortLines(result, this.#options);
      this.#line(["", this.#paint(result.outcome, head), ...rest, ""].join("\n"));
    }
  }

  /** One cause is one finding: it is shown in full once, with the names of the other tests that see it. */
  #findings(tests: readonly TestResult[]): void {
    const findings = findingsOf(tests);
    for (const { shown, also, requirements } of findings.slice(0, FULL_FINDINGS)) {
      const [head = "", ...rest] = failureLines(shown, this.#options);
      const own = shown.requirements.filter(isNotable).map(({ requirement }) => requirement);
      const others = requirements.filter((id) => !own.includes(id));
      this.#line(
        [
          "",
          this.#paint(shown.outcome, head),
          ...rest,
          ...(also.length > 0 ? [`  probably the same cause: ${also.map(({ id }) => id).join(", ")}`] : []),
          ...(others.length > 0 ? [`  they also blame: ${others.join(", ")}`] : []),
          "",
        ].join("\n"),
      );
    }
    const hidden = findings.length - FULL_FINDINGS;
    if (hidden > 0) this.#line(`${hidden} further findings: ${SEE_ALL}`);
    else if (findings.some(({ also }) => also.length > 0))
      this.#line(`one test of each finding is shown; ${SEE_ALL}`);
  }

  #end(report: RunReport): void {
    this.#findings(report.tests);
    for (const line of unverifiedLines(report.summary, this.#options.words)) this.#line(line);
    const counts = Object.entries(report.summary?.outcomes ?? {}).map(
      ([outcome, count]) => `${count} ${outcome}`,
    );
    if (counts.length > 0) {
      const sum = report.tests.reduce((total, test) => total + test.durationMs, 0);
      const times = `${(report.durationMs / 1000).toFixed(1)} s (${(sum / 1000).toFixed(1)} s if run one by one)`;
      this.#line(`${countOf(report.tests.length)}: ${counts.join(", ")} in ${times}`);
    }
    for (const line of [...standingLines(report), ...baselineLines(report)]) this.#line(line);
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

const FINDINGS: ReadonlySet<Outcome> = new Set(["fail", "warn", "error"]);

const SEE_ALL = "--reporter html=report.html shows all failures, --run <id> one";

/** A failure in one line, while the run goes on. */
function headLine({ id, outcome, requirements }: TestResult): string {
  const blamed = requirements.filter(isNotable).map(({ requirement }) => requirement);
  return `${outcome.toUpperCase()} ${id}${blamed.length > 0 ? ` (${blamed.join(", ")})` : ""}`;
}

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
