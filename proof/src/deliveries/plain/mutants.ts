import type { PlainMutant } from "./mutant.ts";
import { positionMutants } from "./position-mutants.ts";
import { readingMutants } from "./reading-mutants.ts";
import { reportMutants } from "./report-mutants.ts";

/** Each breaks one sentence of the profile, most of them in a way that users have reported of real servers. */
export const PLAIN_MUTANTS: readonly PlainMutant[] = [
  ...readingMutants,
  ...positionMutants,
  ...reportMutants,
];
