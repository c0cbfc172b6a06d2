import type { Summary } from "../model/summary.ts";
import { phraseOf } from "../model/verdict.ts";
import type { Words } from "../model/words.ts";

/** MUSTs that were not verified for the same reason. */
export interface Unverified {
  /** Completes "3 …": `need a way to publish`. */
  readonly phrase: string;
  /** What would verify them. */
  readonly remedy: string;
  readonly requirements: readonly string[];
}

/** What would verify a requirement, by the reason why it was not. */
const REMEDIES: Readonly<Record<string, string>> = {
  NO_TEST: "a test, which this version does not have",
  FILTERED: "a run without --run, --skip and --requirement",
  BUDGET: "a longer --budget",
  INTERRUPTED: "a run that is not interrupted",
};

const ANOTHER_RUN = "another run, on a quiet machine; the tests say why they could not decide";

/** Every MUST that binds the target and was not verified, by reason. */
export function unverified(summary: Summary | undefined, words: Words): readonly Unverified[] {
  const groups = new Map<string, { readonly remedy: string; readonly requirements: string[] }>();
  for (const { requirement, level, standing, why } of summary?.requirements ?? []) {
    if (level !== "MUST" || standing !== "unverified") continue;
    const code = why[0] ?? "";
    const phrase = phraseOf(code, words);
    const remedy = words.remedies?.[code] ?? REMEDIES[code] ?? ANOTHER_RUN;
    const group = groups.get(phrase) ?? { remedy, requirements: [] };
    group.requirements.push(requirement);
    groups.set(phrase, group);
  }
  return [...groups].map(([phrase, rest]) => ({ phrase, ...rest }));
}

/** One line for each reason: `not verified: 2 MUST need a way to publish (…): CORE-GAP-1, CORE-GAP-2`. */
export function unverifiedLines(summary: Summary | undefined, words: Words): readonly string[] {
  return unverified(summary, words).map(
    ({ phrase, remedy, requirements }) =>
      `not verified: ${requirements.length} MUST ${phrase} (this takes ${remedy}): ${requirements.join(", ")}`,
  );
}
