import type { RunReport } from "@tidemark/conformance";
import { type Standing, standingOf } from "./standing.ts";
import type { Subject } from "./subjects.ts";

/** A client, and the suite's report on it. */
export interface Finding {
  readonly subject: Subject;
  /** The version of its runtime. */
  readonly platform: string;
  readonly report: RunReport;
}

/** A script that shows a finding without the suite, and its output. */
export interface Shown {
  readonly title: string;
  readonly code: string;
  readonly output: string;
}

/** The content of the page. */
export interface ClientsPage {
  readonly date: string;
  readonly machine: string;
  readonly ours: readonly Finding[];
  readonly others: readonly Finding[];
  readonly shown: readonly Shown[];
  /** The ledger, in its order. */
  readonly requirements: readonly RequirementRow[];
}

/** A row of the ledger. */
export interface RequirementRow {
  readonly id: string;
  readonly text: string;
  /** `sse.md#sse-client-1` */
  readonly anchor: string;
}

const SIGNS: Readonly<Record<Standing, string>> = {
  met: "✓",
  violated: "✗",
  "not met": "(✗)",
  undecided: "?",
  "n/a": "–",
};

/** The page about clients as Markdown. */
export function renderClients(page: ClientsPage): string {
  return `# Clients held to the suite

Made on ${page.date} by \`npm run clients -w @tidemark/proof\`, which installs the runtimes and the clients in the versions
below, on ${page.machine}. The adapters are in \`examples/adapters\`; [Adapters](/suite/adapters) says what they may do.

## Our client in every runtime

| on | version | tests passed | n/a | failed | MUST verified | SHOULD met |
|---|---|---|---|---|---|---|
${page.ours.map(oursRow).join("\n")}

Only a client with a cache of its own sends \`If-None-Match\`: elsewhere POLL-CLIENT-4 and its test do not apply.

## Other clients of event streams, with the tests of streams

These clients were not made for this protocol. The matrix only shows what an application that uses one of them has to do
itself. A client does not claim what it has no option for, and the tests of that do not run (–). Apart from that, all
clients ran the same tests with the same seed.

${usedTable(page.others)}

✓ met · ✗ violated · (✗) a SHOULD that is not met · ? undecided: the client ended, or did something else, before the test
checked this · – not claimed, or not about streams

${matrix(page)}

## Three findings without the suite

A script of about ten lines shows each of them. The command above ran these scripts too; their output is below.

${page.shown.map(shownBlock).join("\n\n")}
`;
}

/** Counts the tests themselves, because the summary of the run does not include repeated tests. */
function oursRow({ subject, platform, report }: Finding): string {
  const count = (...names: readonly string[]): number =>
    report.tests.filter(({ outcome }) => names.includes(outcome)).length;
  const met = (wanted: string): string => {
    const standings = required(report)
      .requirements.filter(({ level }) => level === wanted)
      .map(({ requirement }) => standingOf(requirement, report.tests))
      .filter((standing) => standing !== "n/a");
    return `${standings.filter((standing) => standing === "met").length} of ${standings.length}`;
  };
  const failed = count("fail", "warn", "error", "inconclusive", "not-run");
  const counts = [count("pass"), count("n/a"), failed, met("MUST"), met("SHOULD")];
  return `| ${[subject.on, platform, ...counts].join(" | ")} |`;
}

function required({ summary, verdict }: RunReport): NonNullable<RunReport["summary"]> {
  if (!summary) throw new Error(verdict.line);
  return summary;
}

/** A table of the clients and how they are used. */
export function usedTable(others: readonly Finding[]): string {
  const rows = others.map(({ subject, platform, report }, index) => {
    const { name, on, used = "" } = subject;
    const version = name.startsWith(on) ? platform : versionOf(report);
    return `| ${letter(index)} | ${name} | ${version} | ${on.split(" ")[0]} ${platform} | ${used} |`;
  });
  return ["| | client | version | on | used |", "|---|---|---|---|---|", ...rows].join("\n");
}

/** The version in the adapter's `name version (language)`. */
function versionOf({ target }: RunReport): string {
  return /(\S+) \([^)]*\)$/.exec(target.template ?? "")?.[1] ?? "";
}

const letter = (index: number): string => String.fromCharCode(65 + index);

/** A table of all requirements that one of the clients met or not. */
export function matrix({ others, requirements }: Pick<ClientsPage, "others" | "requirements">): string {
  const asked = requirements.filter(({ id }) =>
    others.some(({ report }) => standingOf(id, report.tests) !== "n/a"),
  );
  const head = others.map((_, index) => letter(index));
  const rows = asked.map(({ id, text, anchor }) => {
    const signs = others.map(({ report }) => SIGNS[standingOf(id, report.tests)]);
    return `| ${[`[${id}](/spec/${anchor.replace(".md", "")}) ${text}`, ...signs].join(" | ")} |`;
  });
  const sums = (["met", "violated", "undecided"] as const).map((wanted) => {
    const counts = others.map(
      ({ report }) => asked.filter(({ id }) => standingOf(id, report.tests) === wanted).length,
    );
    return `| **${wanted}** | ${counts.join(" | ")} |`;
  });
  return [`| | ${head.join(" | ")} |`, `|---|${head.map(() => "---|").join("")}`, ...sums, ...rows].join(
    "\n",
  );
}

/** A script with its output. */
export function shownBlock({ title, code, output }: Shown): string {
  return `### ${title}\n\n\`\`\`js\n${code.trim()}\n\`\`\`\n\n\`\`\`txt\n${output.trim()}\n\`\`\``;
}
