import { type Claim, claim } from "../../../engine/model/claim.ts";
import { shortly } from "./judge-resume.ts";
import type { Observation } from "./observation.ts";
import type { Resume } from "./resumes.ts";

/** Whether every event that a resumed stream has between two of the witness's events came to the witness too. */
export function missedByWitness(seen: Observation, resumes: readonly Resume[]): Claim {
  const ours = new Set(seen.feedOf(seen.witness).map(({ id }) => id));
  const holes = resumes.flatMap(({ actual }) => {
    const from = actual.findIndex(({ id }) => ours.has(id));
    const to = actual.findLastIndex(({ id }) => ours.has(id));
    return from === -1 ? [] : actual.slice(from, to).filter(({ id }) => !ours.has(id));
  });
  const [hole] = holes;
  const got = hole === undefined ? "none" : `${shortly(hole.id ?? "")}, which a reader got that resumed`;
  return claim(hole === undefined, "events that the first reader missed while others read", "none", got);
}
