import { createColors } from "picocolors";
import type { RunEvent, RunReport } from "../model/event.ts";
import type { Evidence, RequirementResult, TestResult } from "../model/result.ts";
import { shorten } from "../wire/excerpt.ts";
import { knownText } from "./failure.ts";
import type { PrettyOptions } from "./pretty.ts";
import type { Reporter, Sink } from "./reporter.ts";

/** For people in a hurry: each finding in a few lines, the gravest one last, and the verdict below it. */
export function briefReporter(sink: Sink, options: PrettyOptions): Reporter {
  const colors = createColors(options.color);
  const line = (text: string): void => sink.write(`${text}\n`);
  return {
    on(event: RunEvent): void {
      if (event.type === "run-started") line(`${event.url} (seed ${event.seed})`);
      if (event.type === "target-found") {
        const { mechanisms, driver, allowed, facts = {} } = event.target;
        const by = driver === undefined ? "" : ` by ${driver}`;
        const way = allowed === "observe" ? "only watches" : `publishes${by}`;
        const { lasts = "a while" } = options.words;
        line(`${facts.method ?? ""} ${mechanisms.join(" + ")}: the suite ${way}; this takes ${lasts}`.trim());
      }
      if (event.type !== "run-finished") return;
      for (const text of reportLines(event.report, options)) line(text);
      const paint = event.report.verdict.exitCode === 0 ? colors.green : colors.red;
      line(colors.bold(paint(event.report.verdict.line)));
    },
  };
}

/** From the least grave to the gravest: the last one is beside the verdict. */
const ORDER = ["inconclusive", "warn", "fail", "error"] as const;

function reportLines(report: RunReport, options: PrettyOptions): string[] {
  const { tests, baselineFaults = [] } = report;
  const findings = ORDER.flatMap((outcome) => tests.filter((test) => test.outcome === outcome));
  const doctor =
    report.summary === undefined && options.doctor !== undefined
      ? [`to find the cause, run: ${options.doctor}`]
      : [];
  return [
    ...notChecked(report), // first: the gravest finding and the verdict share the last screen
    ...findings.flatMap((test) => ["", ...findingLines(test, options)]),
    ...baselineFaults.map(({ test, fault, detail }) => `${fault}: ${test}: ${detail}`),
    ...(findings.length > 0 ? [""] : []),
    ...doctor,
  ];
}

/** One line for each reason why something was not checked, with its sentences. */
function notChecked({ tests, summary }: RunReport): string[] {
  const open = (summary?.requirements ?? []).filter(({ standing }) => standing === "unverified");
  const ids = new Set(open.map(({ requirement }) => requirement));
  const byReason = new Map<string, Set<string>>();
  for (const test of tests)
    for (const {
      requirement,
      outcome,
      reason = test.reason ?? "",
      detail = test.detail ?? "",
    } of test.requirements) {
      if (outcome !== "not-run" || !ids.has(requirement)) continue;
      const why = detail === "" ? reason : detail;
      byReason.set(why, (byReason.get(why) ?? new Set()).add(requirement));
    }
  return [...byReason].map(([why, some]) => `not checked: ${[...some].join(" ")}: ${why}`);
}

/** A finding: the sentence, what was expected and what came, and a command that shows it. */
export function findingLines(test: TestResult, options: PrettyOptions): string[] {
  if (test.known) return [`${test.outcome.toUpperCase()} ${test.id}, a ${knownText(test)}`];
  const rows = test.requirements.filter(({ outcome }) => (ORDER as readonly string[]).includes(outcome));
  const why = test.detail === undefined ? [] : [`  ${test.reason ?? ""} ${shorten(test.detail, 300)}`];
  const last = test.curl?.split("\n").map((text) => `    ${text}`) ?? [];
  return [
    `${test.outcome.toUpperCase()} ${test.id}`,
    ...rows.flatMap((row) => rowLines(row, options)),
    ...(rows.every(({ evidence }) => evidence.every(({ ok }) => ok)) ? why : []),
    ...(last.length === 0 ? [] : ["  see it again:", ...last]),
  ];
}

/** The most failed checks of one sentence that are shown. */
const SHOWN_CHECKS = 2;

function rowLines(row: RequirementResult, { ledger }: PrettyOptions): string[] {
  const requirement = ledger.get(row.requirement);
  const failed = row.evidence.filter(({ ok }) => !ok);
  const promised =
    requirement !== undefined && requirement.level !== row.level ? "MUST: promised" : undefined;
  const keyword = promised ?? requirement?.keyword ?? row.level;
  return [
    `  ${row.requirement} (${keyword}) ${requirement?.text ?? ""}`,
    ...failed.slice(0, SHOWN_CHECKS).map(evidenceLine),
    ...(failed.length > SHOWN_CHECKS ? [`    and ${failed.length - SHOWN_CHECKS} more`] : []),
  ];
}

function evidenceLine({ what, expected, actual }: Evidence): string {
  return `    ${what}: expected ${shorten(expected, 120)}, got ${shorten(actual, 160)}`;
}
