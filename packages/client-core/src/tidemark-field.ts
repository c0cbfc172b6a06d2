import { parseClaims } from "@tidemark/protocol";

/** Whether a `Tidemark` field has `v=1`; what is no dictionary is no field. Spec: core, CORE-CLAIM-6. */
export function isTidemark(field: string | null): boolean {
  return parseClaims(field)?.version === 1;
}
