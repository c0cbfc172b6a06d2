import type { Job } from "./job.ts";

/** A mutant that reading and publishing show: what every run of the tests holds the suite to. */
const MUTANTS: readonly string[] = ["resume-is-inclusive"];

/** A server that is right, and odd. */
const VARIANTS: readonly string[] = ["padding-before-open"];

/** What the tests judge; the kill matrix judges all there is. */
export const REPRESENTATIVE: readonly Job[] = [
  ...VARIANTS.map((id): Job => ({ kind: "variant", id })),
  ...MUTANTS.map((id): Job => ({ kind: "mutant", id })),
];
