import type { Job } from "./job.ts";

/** A mutant that shows up in reading and publishing. */
const MUTANTS: readonly string[] = ["resume-is-inclusive"];

/** An unusual server that conforms. */
const VARIANTS: readonly string[] = ["padding-before-open"];

/** The jobs of the tests; the kill matrix runs all. */
export const REPRESENTATIVE: readonly Job[] = [
  ...VARIANTS.map((id): Job => ({ kind: "variant", id })),
  ...MUTANTS.map((id): Job => ({ kind: "mutant", id })),
];
