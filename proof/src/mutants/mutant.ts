import type { Subject } from "../peer/parts.ts";

/** A server that is broken in one way, and what the suite has to report about it. */
export interface Mutant extends Subject {
  /** What it does wrong: "sends strong entity tags". */
  readonly title: string;
  /** Requirements that it violates. The suite has to report each as violated, or as not met for a SHOULD. */
  readonly breaks: readonly string[];
  /** Requirements that fail as a consequence, with the reason. The suite must report no other requirement. */
  readonly collateral?: Readonly<Record<string, string>>;
}

/** One reason for several requirements. */
export function because(reason: string, ...ids: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(ids.map((id) => [id, reason]));
}
