import { PROBLEM_BASE } from "@tidemark/protocol";
import { readText } from "../network/body.ts";
import type { Wait } from "../network/watchdog.ts";
import { ConnectionError, type Problem } from "./errors.ts";

/** The largest problem that the client reads, in bytes: 64 KiB. */
const MAX_PROBLEM_BYTES = 64 * 1024;

/** Read the body of a refusal; empty if not JSON, or too large. A cut rejects with a ConnectionError. */
export async function readProblem(response: Response, wait: Wait): Promise<Problem> {
  try {
    return Object(JSON.parse(await readText(response, wait, MAX_PROBLEM_BYTES)));
  } catch (error) {
    if (error instanceof ConnectionError) throw error;
    return {}; // the status says enough
  }
}

/** The problem's name in the protocol's registry; undefined for any other problem. */
export function codeOf({ type }: Problem): string | undefined {
  return typeof type === "string" && type.startsWith(PROBLEM_BASE)
    ? type.slice(PROBLEM_BASE.length)
    : undefined;
}
