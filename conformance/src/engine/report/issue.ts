import type { RunEvent, RunReport } from "../model/event.ts";
import type { TestResult } from "../model/result.ts";
import { shorten } from "../wire/excerpt.ts";
import { type FailureOptions, specLink } from "./failure.ts";
import type { Reporter, Sink } from "./reporter.ts";

/** Markdown to paste into issues: one block for each failed test, with nothing that needs this suite to understand. */
export function issueReporter(sink: Sink, options: FailureOptions): Reporter {
  return {
    on(event: RunEvent): void {
      if (event.type === "run-finished") sink.replace(issues(event.report, options));
    },
  };
}

function issues(report: RunReport, options: FailureOptions): string {
  const found = report.tests.filter(
    ({ outcome, known }) => (outcome === "fail" || outcome === "warn") && !known,
  );
  if (found.length === 0) return `${report.verdict.line}\n\nNothing to report.\n`;
  return found.map((test) => issue(report, test, options)).join("\n---\n\n");
}

function issue({ target, startedAt, suite }: RunReport, test: TestResult, options: FailureOptions): string {
  const rows = test.requirements.filter(({ outcome }) => outcome === "fail" || outcome === "warn");
  const sentences = rows.flatMap(({ requirement, level, evidence }) => {
    const row = options.ledger.get(requirement);
    const failed = evidence.filter(({ ok }) => !ok);
    return [
      `> ${row?.text ?? requirement} (${requirement}, ${level}${row ? `, ${specLink(row)}` : ""})`,
      "",
      ...failed.map(({ what, expected, actual }) =>
        inline(`- ${what}: expected ${shorten(expected, 200)}, got ${shorten(actual, 400)}`),
      ),
      "",
    ];
  });
  const name = target.identity
    ? [target.identity.name, target.identity.version].filter(Boolean).join(" ")
    : target.url;
  return [
    `### Not so: ${lowerFirst(test.title)}`,
    "",
    ...sentences,
    ...(test.curl === undefined ? [] : ["See it again:", "", "```sh", test.curl, "```", ""]),
    `Seen at ${name} on ${startedAt.slice(0, 10)}, with tidemark-conformance ${suite}: \`${options.replay(test.id)}\``,
    "",
  ].join("\n");
}

/** Escape what Markdown and HTML would interpret. */
function inline(text: string): string {
  return text.replaceAll("<", "&lt;").replace(/[\r\n]+/g, " ");
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
