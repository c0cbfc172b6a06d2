import { type Hello, runClient } from "@tidemark/conformance";
import { createAdapter, hello } from "../../../examples/adapters/tidemark.mjs";
import { connectInProcess } from "./connect.ts";
import type { ClientMutant } from "./mutant.ts";

/** What the suite said of a broken client. */
export interface ClientKill {
  readonly verdict: string;
  /** Requirements that were found violated, or not met. */
  readonly found: readonly string[];
  /** Tests that failed. */
  readonly tests: readonly string[];
  /** Tests in which the harness itself failed. */
  readonly errors: readonly string[];
  readonly wallMs: number;
}

/** Tests that wait for some 15 seconds and more; no mutant is for them. */
export const SLOW: readonly string[] = [
  "client/long-poll/gives-up-a-dead-poll",
  "client/auto/goes-down-without-a-first-block",
];

/** Run the suite, or those of its tests that show some requirements, against a broken client. */
export async function killClient(
  { make }: ClientMutant,
  requirements?: readonly string[],
): Promise<ClientKill> {
  const adapter = connectInProcess(hello as Hello, (tell) => createAdapter(tell, make));
  for await (const event of runClient({
    adapter,
    skip: SLOW,
    seed: 1,
    ...(requirements ? { requirements } : {}),
  })) {
    if (event.type !== "run-finished") continue;
    const { verdict, summary, tests, durationMs } = event.report;
    const bad = summary?.requirements.filter(
      ({ standing }) => standing === "violated" || standing === "not-met",
    );
    const ids = (outcomes: readonly string[]): string[] =>
      tests
        .filter(({ outcome }) => outcomes.includes(outcome))
        .map(({ id, detail }) => `${id}${outcomes.includes("error") ? ` ${detail}` : ""}`);
    return {
      verdict: verdict.line,
      found: (bad ?? []).map(({ requirement }) => requirement),
      tests: ids(["fail", "warn"]),
      errors: ids(["error"]),
      wallMs: durationMs,
    };
  }
  throw new Error("the run ended without a report");
}
