import { ALL_MUTANTS } from "../mutants/all.ts";
import { type Kill, kill } from "./kill.ts";

/** Something to run the suite on, by name, so that another process can be told. */
export interface Job {
  readonly kind: "mutant";
  readonly id: string;
}

/** Do it. */
export function run({ id }: Job): Promise<Kill> {
  const mutant = ALL_MUTANTS.find((candidate) => candidate.id === id);
  if (!mutant) throw new RangeError(`there is no mutant ${id}`);
  return kill(mutant);
}
