import type { Claims } from "@tidemark/protocol";
import type { Mechanism } from "./mechanism.ts";

/** The claims of a server with these mechanisms. Spec: core, "The header field Tidemark". */
export function claimsOf(
  mechanisms: readonly Mechanism[],
  options: { readonly maxLimit: number; readonly event: boolean },
): Claims {
  const has = (name: Mechanism["name"]): boolean => mechanisms.some((mechanism) => mechanism.name === name);
  const names = (["poll", "long-poll", "sse"] as const).filter(has);
  const pages = has("poll") || has("long-poll");
  return Object.assign(
    {
      version: 1,
      mechanisms: names,
      publish: has("publish"),
      event: options.event,
      ...(pages && { maxLimit: options.maxLimit }),
    },
    ...mechanisms.map(({ claims }) => claims),
  );
}

/** The methods of these mechanisms, as `Allow` lists them. */
export function methodsOf(mechanisms: readonly Mechanism[]): string {
  return [...new Set([...mechanisms.flatMap(({ methods }) => methods), "OPTIONS"])].join(", ");
}
