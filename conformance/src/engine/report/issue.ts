import type { RunEvent, RunReport } from "../model/event.ts";
import type { RequirementResult, TestResult } from "../model/result.ts";
import type { Words } from "../model/words.ts";
import { shorten } from "../wire/excerpt.ts";
import { type FailureOptions, specLink } from "./failure.ts";
import type { Reporter, Sink } from "./reporter.ts";

/** What the reporter needs; `words` has the headings. */
interface IssueOptions extends FailureOptions {
  readonly words?: Pick<Words, "findings">;
}

/** Markdown to paste into issues: one block for each failed test, with nothing that needs this suite to understand. */
export function issueReporter(sink: Sink, options: IssueOptions): Reporter {
  return {
    on(event: RunEvent): void {
      if (event.type === "run-finished") sink.replace(issues(event.report, options));
    },
  };
}

function issues(report: RunReport, options: IssueOptions): string {
  const found = report.tests.filter(
    ({ outcome, known }) => (outcome === "fail" || outcome === "warn") && !known,
  );
  if (found.length === 0) return `${report.verdict.line}\n\nNothing to report.\n`;
  return found.map((test) => issue(report, test, options)).join("\n---\n\n");
}

function issue({ target, startedAt, suite }: RunReport, test: TestResult, options: IssueOptions): string {
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
    `### ${headingOf(test, rows, options)}`,
    "",
    ...sentences,
    ...(test.curl === undefined ? [] : ["See it again:", "", "```sh", test.curl, "```", ""]),
    `Seen at ${name} on ${startedAt.slice(0, 10)}, with tidemark-conformance ${suite}: \`${options.replay(test.id)}\``,
    "",
  ].join("\n");
}

/** What is wrong, in the suite's words. */
function headingOf(test: TestResult, rows: readonly RequirementResult[], { words }: IssueOptions): string {
  const headings = rows.map(({ requirement }) => words?.findings?.[requirement]);
  return headings.find((text) => text !== undefined) ?? `Not so: ${lowerFirst(test.title)}`;
}

/** Escape what Markdown and HTML would interpret. */
function inline(text: string): string {
  return text.replaceAll("<", "&lt;").replace(/[\r\n]+/g, " ");
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
