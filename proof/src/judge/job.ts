import { ALL_MUTANTS } from "../mutants/all.ts";
import { ALL_VARIANTS, REFERENCE } from "../variants/all.ts";
import { type Kill, kill } from "./kill.ts";
import { type Score, score } from "./score.ts";

/** A server to run the suite against, by name, so that it can be sent to another process. */
export interface Job {
  readonly kind: "mutant" | "variant";
  readonly id: string;
}

/** The result of a job. */
export type Judgement =
  | { readonly kind: "mutant"; readonly kill: Kill }
  | { readonly kind: "variant"; readonly score: Score };

/** Run a job. @throws {RangeError} if no server has this id */
export async function run({ kind, id }: Job): Promise<Judgement> {
  if (kind === "mutant") return { kind, kill: await kill(named(ALL_MUTANTS, id)) };
  return { kind, score: await score(named([REFERENCE, ...ALL_VARIANTS], id)) };
}

function named<T extends { readonly id: string }>(all: readonly T[], id: string): T {
  const found = all.find((one) => one.id === id);
  if (!found) throw new RangeError(`no server has the id ${id}`);
  return found;
}
