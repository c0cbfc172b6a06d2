import { ALL_MUTANTS } from "../mutants/all.ts";
import { ALL_VARIANTS, REFERENCE } from "../variants/all.ts";
import { type Kill, kill } from "./kill.ts";
import { type Score, score } from "./score.ts";

/** Something to run the suite on, by name, so that another process can be told. */
export interface Job {
  readonly kind: "mutant" | "variant";
  readonly id: string;
}

/** What became of a job. */
export type Judgement =
  | { readonly kind: "mutant"; readonly kill: Kill }
  | { readonly kind: "variant"; readonly score: Score };

/** Do it. @throws {RangeError} for a name that nobody has */
export async function run({ kind, id }: Job): Promise<Judgement> {
  if (kind === "mutant") return { kind, kill: await kill(named(ALL_MUTANTS, id)) };
  return { kind, score: await score(named([REFERENCE, ...ALL_VARIANTS], id)) };
}

function named<T extends { readonly id: string }>(all: readonly T[], id: string): T {
  const found = all.find((one) => one.id === id);
  if (!found) throw new RangeError(`there is no ${id}`);
  return found;
}
