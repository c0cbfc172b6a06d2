import { PROBLEM_BASE } from "@tidemark/protocol";

/** The body of a refusal (RFC 9457); no member can be relied on. */
export type Problem = Readonly<Record<string, unknown>>;

/** The body of a refusal; empty if it is no JSON object. */
export function readProblem(text: string): Problem {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {}; // the status says enough
  }
}

/** The problem's name in the protocol's registry; undefined if it is none of the protocol's. */
export function codeOf({ type }: Problem): string | undefined {
  return typeof type === "string" && type.startsWith(PROBLEM_BASE)
    ? type.slice(PROBLEM_BASE.length)
    : undefined;
}
