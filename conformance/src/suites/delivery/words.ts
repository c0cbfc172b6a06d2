import { type Ledger, loadLedger } from "../../engine/model/ledger.ts";
import type { Summary } from "../../engine/model/summary.ts";
import { counted, unchecked } from "../../engine/model/verdict-parts.ts";
import type { VerdictFacts, Words } from "../../engine/model/words.ts";

/** The version of the profile that the suite tests against. */
export const PROFILE_VERSION = "1.0";

/** The sentences of `spec/profiles/delivery.md`. */
export const deliveryLedger: Ledger = loadLedger("profiles/delivery.json");

/** The words of the suite in reports. */
export const deliveryWords: Words = {
  title: "Delivery",
  chapters: ["reading", "order", "positions", "waiting", "losses", "end", "feeds"],
  kinds: [
    { kind: "poll", title: "polling", short: "poll" },
    { kind: "long-poll", title: "long polling", short: "lp" },
    { kind: "sse", title: "stream", short: "sse" },
    { kind: "publish", title: "publishing", short: "pub" },
    { kind: "other", title: "other requests", short: "oth" },
  ],
  reasons: {
    NEEDS_RESTART: "need control.restart",
    NEEDS_LOSS: "need a way to drop messages (keeps, trim)",
    NEEDS_CLOSE: "need a way to end a feed (close)",
    NEEDS_UNKNOWN: "need an unknown position",
    NEEDS_LIMIT: "need a limit (--limit)",
    NEEDS_FEEDS: "need a second feed ({channel})",
    DEPENDENCY_FAILED: "depend on a failed one",
    PRECONDITION_FAILED: "could not be set up",
    NO_DATA: "could not be seen",
    NO_TEST: "have no test yet",
    FILTERED: "were filtered out",
    LAGGED: "were undecided because the suite was too slow",
  },
  brief: true,
  lasts: "10 to 40 s",
  verdict: verdictLine,
};

/** What users notice, by the sentences that show it. */
const HARMS: readonly (readonly [what: string, ids: readonly string[]])[] = [
  ["LOSES MESSAGES", ["DL-READ-1"]],
  ["REPEATS MESSAGES", ["DL-READ-2"]],
  ["LOSES OR REPEATS MESSAGES", ["DL-READ-4", "DL-READ-5", "DL-WAIT-1", "DL-WAIT-4", "DL-END-2"]],
  ["CHANGES MESSAGES", ["DL-READ-3"]],
  ["MIXES THE ORDER", ["DL-ORDER-1", "DL-ORDER-2", "DL-ORDER-3"]],
  ["NOT RESUMABLE", ["DL-POS-1", "DL-POS-2", "DL-POS-3", "DL-POS-4", "DL-POS-5", "DL-POS-6", "DL-POS-7"]],
  ["LATE", ["DL-WAIT-2", "DL-WAIT-3"]],
  ["SILENT ABOUT LOSSES", ["DL-LOSS-1", "DL-LOSS-2"]],
  ["LEAKS MESSAGES", ["DL-FEED-1", "DL-FEED-2"]],
];

/** `DELIVERY (nchan): 19/21 verified · NOT RESUMABLE · 1 advice · 3 not promised`. */
function verdictLine({ kind, line, exitCode, summary, target }: VerdictFacts): string | undefined {
  if (!summary || kind === "no-verdict") return undefined;
  if (line.startsWith("BASELINE OUT OF DATE")) return line;
  const rows = summary.requirements.filter(({ standing }) => standing !== "n/a");
  const count = (...standings: readonly string[]): number =>
    rows.filter(({ standing }) => standings.includes(standing)).length;
  const unpromised = target.facts?.["not promised"]?.split(", ") ?? [];
  const parts = [
    `${count("verified")}/${rows.length} verified`,
    ...harms(summary),
    ...counted(count("violated"), "broken promise", "broken promises"),
    ...counted(count("not-met"), "advice", "advices"),
    ...counted(count("known"), "known from the baseline"),
    ...counted(unpromised.filter((id) => id !== "").length, "not promised"),
    ...unchecked(rows, deliveryWords.reasons),
  ];
  const name = target.facts?.dialect;
  return `DELIVERY${name === undefined ? "" : ` (${name})`}: ${parts.join(" · ")}${exitCode === 4 ? " (incomplete)" : ""}`;
}

function harms({ requirements }: Summary): string[] {
  const broken = new Set(
    requirements
      .filter(({ standing }) => standing === "violated" || standing === "not-met")
      .map(({ requirement }) => requirement),
  );
  return HARMS.filter(([, ids]) => ids.some((id) => broken.has(id))).map(([what]) => what);
}
