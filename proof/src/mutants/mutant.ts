import type { Subject } from "../peer/parts.ts";

/** A server that is broken in one way, and what the suite has to say of it. */
export interface Mutant extends Subject {
  /** What it does wrong: "resumes with the message that the cursor stands after". */
  readonly title: string;
  /** The requirements that it violates: the suite has to find each of them violated (or not met, for a SHOULD). */
  readonly breaks: readonly string[];
  /** Others that cannot hold once these are broken, with the reason. No further requirement can be found violated. */
  readonly collateral?: Readonly<Record<string, string>>;
}

/** One reason for several requirements. */
export function because(reason: string, ...ids: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(ids.map((id) => [id, reason]));
}
