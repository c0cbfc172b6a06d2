import { failureMutants } from "./failure-mutants.ts";
import type { ClientMutant } from "./mutant.ts";
import { pageMutants } from "./page-mutants.ts";
import { publishMutants } from "./publish-mutants.ts";
import { streamMutants } from "./stream-mutants.ts";

/** Broken clients, most of them seen in the wild; a few lines each over the client of this repository. */
export const CLIENT_MUTANTS: readonly ClientMutant[] = [
  ...failureMutants,
  ...pageMutants,
  ...streamMutants,
  ...publishMutants,
];
