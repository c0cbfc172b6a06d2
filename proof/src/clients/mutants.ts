import { decodingMutants } from "./decoding-mutants.ts";
import { endMutants } from "./end-mutants.ts";
import { failureMutants } from "./failure-mutants.ts";
import { heldMutants } from "./held-mutants.ts";
import { ladderMutants } from "./ladder-mutants.ts";
import type { ClientMutant } from "./mutant.ts";
import { paceMutants } from "./pace-mutants.ts";
import { pageMutants } from "./page-mutants.ts";
import { placeMutants } from "./place-mutants.ts";
import { positionMutants } from "./position-mutants.ts";
import { progressMutants } from "./progress-mutants.ts";
import { publishMutants } from "./publish-mutants.ts";
import { refusalMutants } from "./refusal-mutants.ts";
import { sizeMutants } from "./size-mutants.ts";
import { streamMutants } from "./stream-mutants.ts";

/** Broken clients: the client of this repository with one bug each, most of them seen in the wild. */
export const CLIENT_MUTANTS: readonly ClientMutant[] = [
  ...failureMutants,
  ...endMutants,
  ...refusalMutants,
  ...positionMutants,
  ...heldMutants,
  ...ladderMutants,
  ...pageMutants,
  ...paceMutants,
  ...placeMutants,
  ...sizeMutants,
  ...streamMutants,
  ...decodingMutants,
  ...progressMutants,
  ...publishMutants,
];
