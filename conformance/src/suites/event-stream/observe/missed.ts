import { type Claim, claim } from "../../../engine/model/claim.ts";
import { firstDifference } from "./difference.ts";
import { shortly } from "./judge-ids.ts";
import type { Observation } from "./observation.ts";
import type { Resume } from "./resumes.ts";
import type { Stream } from "./stream.ts";

/** With so many events in common, two readers get the same. */
const ENOUGH_COMMON = 3;

/**
 * Whether every event that a resumed stream has between two of the witness's events came to the witness too. If the
 * witness got the same as another live reader, an event that only a history has says nothing about readers.
 */
export function missedByWitness(
  seen: Observation,
  live: Stream | undefined,
  resumes: readonly Resume[],
): Claim {
  const ours = new Set(seen.feedOf(seen.witness).map(({ id }) => id));
  const holes = resumes.flatMap(({ actual }) => {
    const from = actual.findIndex(({ id }) => ours.has(id));
    const to = actual.findLastIndex(({ id }) => ours.has(id));
    return from === -1 ? [] : actual.slice(from, to).filter(({ id }) => !ours.has(id));
  });
  const hole = live && agree(seen, live) ? undefined : holes[0];
  const got = hole === undefined ? "none" : `${shortly(hole.id ?? "")}, which a reader got that resumed`;
  return claim(hole === undefined, "events that the first reader missed while others read", "none", got);
}

/** Whether the witness got the same as another reader at the same time. */
function agree(seen: Observation, live: Stream): boolean {
  const [ours, theirs] = [seen.witness, live].map((stream) => seen.feedOf(stream).map(({ data }) => data));
  const common = (theirs ?? []).filter((data) => ours?.includes(data)).length;
  return common >= ENOUGH_COMMON && firstDifference(ours ?? [], theirs ?? []) === undefined;
}
