import { type Ledger, loadLedger } from "../../engine/model/ledger.ts";
import type { VerdictFacts, Words } from "../../engine/model/words.ts";

/** The version of the profile that the suite tests against. */
export const PROFILE_VERSION = "1.0";

/** The sentences of `spec/profiles/event-stream-client.md`. */
export const streamClientLedger: Ledger = loadLedger("profiles/event-stream-client.json");

/** The words of the suite in reports. */
export const streamClientWords: Words = {
  title: "Event stream client",
  chapters: ["requests", "decoding", "resuming", "reconnecting", "end"],
  kinds: [{ kind: "other", title: "requests", short: "req" }],
  reasons: {},
  verdict: verdictLine,
};

/** `EVENT STREAM CLIENT: 28/30 verified · 2 violated`. */
function verdictLine({ kind, line, exitCode, summary }: VerdictFacts): string | undefined {
  if (!summary || kind === "no-verdict" || line.startsWith("BASELINE OUT OF DATE")) return undefined;
  const rows = summary.requirements.filter(({ standing }) => standing !== "n/a");
  const count = (standing: string): number => rows.filter((row) => row.standing === standing).length;
  const parts = [
    `${count("verified")}/${rows.length} verified`,
    ...some(count("violated"), "violated"),
    ...some(count("known"), "known from the baseline"),
    ...some(count("not-met"), "not met"),
    ...some(count("unverified"), "undecided"),
  ];
  return `EVENT STREAM CLIENT: ${parts.join(" · ")}${exitCode === 4 ? " (incomplete)" : ""}`;
}

function some(count: number, what: string): string[] {
  return count === 0 ? [] : [`${count} ${what}`];
}
