import type { RunEvent, RunReport } from "../model/event.ts";
import type { VerdictKind, Words } from "../model/words.ts";
import type { Reporter, Sink } from "./reporter.ts";

const COLORS: Readonly<Record<VerdictKind, string>> = {
  conformant: "brightgreen",
  "no-violations": "green",
  "known-violations": "yellow",
  "not-conformant": "red",
  "no-verdict": "lightgrey",
};

/** The verdict as JSON for a shields.io endpoint badge. */
export function badgeReporter(sink: Sink, { words }: { readonly words: Words }): Reporter {
  return {
    on(event: RunEvent): void {
      if (event.type === "run-finished")
        sink.replace(`${JSON.stringify(badge(event.report, words), undefined, 2)}\n`);
    },
  };
}

function badge({ verdict, summary, spec }: RunReport, { title }: Words): object {
  return {
    schemaVersion: 1,
    label: `${title.toLowerCase()} ${spec}`,
    message: messageOf(verdict.kind, summary),
    color: COLORS[verdict.kind],
    isError: verdict.exitCode === 1,
  };
}

function messageOf(kind: VerdictKind, summary: RunReport["summary"]): string {
  if (!summary || kind === "no-verdict") return "no verdict";
  const { applicable, verified, violated } = summary.must;
  if (kind === "not-conformant") return violated > 0 ? `${violated} MUST violated` : "not conformant";
  return kind === "conformant"
    ? `conformant ${verified}/${applicable}`
    : `${verified}/${applicable} MUST verified`;
}
