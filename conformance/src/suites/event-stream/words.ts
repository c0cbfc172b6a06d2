import { type Ledger, loadLedger } from "../../engine/model/ledger.ts";
import type { Summary } from "../../engine/model/summary.ts";
import { counted, unchecked } from "../../engine/model/verdict-parts.ts";
import type { VerdictFacts, Words } from "../../engine/model/words.ts";
import { FINDINGS } from "./findings.ts";

/** The version of the profile that the suite tests against. */
export const PROFILE_VERSION = "1.0";

/** The sentences of `spec/profiles/event-stream.md`. */
export const profileLedger: Ledger = loadLedger("profiles/event-stream.json");

/** The words of the suite in reports. */
export const profileWords: Words = {
  title: "Event stream",
  chapters: ["opening", "framing", "life", "resuming", "end"],
  kinds: [
    { kind: "stream", title: "stream", short: "stream" },
    { kind: "other", title: "other requests", short: "oth" },
  ],
  reasons: {
    NEEDS_PUBLISH: "need --publish",
    NEEDS_THOROUGH: "need --thorough",
    NEEDS_EVENTS: "need more events (--observe)",
    NEEDS_ROOM: "need room for a second reader",
    NEEDS_SILENCE: "need a silent feed (--observe)",
    NEEDS_END: "need a stream that ends",
    NEEDS_RESUME_URL: "need --resume-url",
    NEEDS_VOCABULARY: "need --vocabulary",
    NEEDS_SESSIONS: "need setup",
    NEEDS_RESTART: "need control.restart",
    DEPENDENCY_FAILED: "depend on a failed one",
    NO_DATA: "could not be seen",
    NO_TEST: "have no test yet",
    FILTERED: "were filtered out",
  },
  brief: true,
  findings: FINDINGS,
  lasts: "20 to 45 s",
  verdict: verdictLine,
};

/** `EVENT STREAM: 31/34 verified · NOT RESUMABLE · 3 advices · 4 need --publish`. */
function verdictLine({ kind, line, exitCode, summary, target }: VerdictFacts): string | undefined {
  if (!summary || kind === "no-verdict") return undefined;
  if (line.startsWith("BASELINE OUT OF DATE")) return line;
  const rows = summary.requirements.filter(({ level, standing }) => level !== "MAY" && standing !== "n/a");
  const count = (...standings: readonly string[]): number =>
    rows.filter(({ standing }) => standings.includes(standing)).length;
  const parts = [
    `${count("verified")}/${rows.length} verified`,
    ...counted(count("violated"), "violated"),
    ...resuming(summary, target.facts?.resume),
    ...counted(count("known"), "known from the baseline"),
    ...counted(count("not-met"), "advice", "advices"),
    ...unchecked(rows, profileWords.reasons),
  ];
  return `EVENT STREAM: ${parts.join(" · ")}${exitCode === 4 ? " (incomplete)" : ""}`;
}

/** What the verdict says about resuming. */
function resuming({ requirements }: Summary, promised: string | undefined): string[] {
  const standing = (id: string): string | undefined =>
    requirements.find(({ requirement }) => requirement === id)?.standing;
  const exact = standing("ES-RESUME-6");
  if (promised === "exact" && exact === "violated") return ["NOT RESUMABLE AS PROMISED"];
  if (standing("ES-RESUME-1") === "n/a" || standing("ES-RESUME-1") === "violated") return ["no ids"];
  const broken = ["ES-RESUME-2", "ES-RESUME-3", "ES-RESUME-6"].some((id) => isUnmet(standing(id)));
  if (broken) return ["NOT RESUMABLE"];
  return exact === "verified" ? ["resumable"] : [];
}

function isUnmet(standing: string | undefined): boolean {
  return standing === "violated" || standing === "not-met";
}
