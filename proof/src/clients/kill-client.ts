import { type Hello, type RunReport, runClient } from "@tidemark/conformance";
import { createAdapter, hello } from "../../../examples/adapters/tidemark.mjs";
import { connectInProcess } from "./connect.ts";
import type { ClientMutant, Make } from "./mutant.ts";

/** What the suite reported about a broken client. */
export interface ClientKill {
  /** Requirements that the suite reported as violated or not met. */
  readonly found: readonly string[];
  /** Tests that failed. */
  readonly tests: readonly string[];
  /** Tests that passed. */
  readonly passed: readonly string[];
  /** Tests in which the harness itself failed. */
  readonly errors: readonly string[];
  readonly wallMs: number;
}

type Test = RunReport["tests"][number];
type ClientOptions = Parameters<typeof runClient>[0];

/** Tests that wait for about 15 seconds or more; only a few mutants need them. */
export const SLOW: readonly string[] = [
  "client/long-poll/gives-up-a-dead-poll",
  "client/auto/goes-down-without-a-first-block",
  "client/poll/slow-bytes-are-progress",
  "client/long-poll/slow-bytes-are-progress",
  "client/sse/very-slow-bytes-are-progress",
  "client/poll/own-time-is-no-silence",
  "client/long-poll/own-time-is-no-silence",
  "client/sse/own-time-is-no-silence",
  "client/auto/own-time-is-no-silence",
];

/** How often tests run again that were inconclusive because this machine was late. */
const REPEATS = 3;
/** How many of them run at once. */
const FEW = 3;

/** Run the suite against a broken client, or only the tests of the given requirements. */
export async function killClient(
  mutant: ClientMutant,
  requirements?: readonly string[],
): Promise<ClientKill> {
  const begun = performance.now();
  let tests = await testsOf(mutant, {
    skip: mutant.slow ? [] : SLOW,
    ...(requirements ? { requirements } : {}),
  });
  for (let again = 1; again <= REPEATS && tests.some(isLate); again += 1) {
    const run = tests.filter(isLate).map(({ id }) => id);
    const results = new Map((await testsOf(mutant, { run, jobs: FEW })).map((test) => [test.id, test]));
    tests = tests.map((test) => results.get(test.id) ?? test);
  }
  const bad = tests.flatMap((test) =>
    test.requirements.filter(({ outcome }) => outcome === "fail" || outcome === "warn"),
  );
  const errors = tests.filter(({ outcome }) => outcome === "error");
  return {
    found: [...new Set(bad.map(({ requirement }) => requirement))].sort(),
    tests: tests.filter(({ outcome }) => outcome === "fail" || outcome === "warn").map(({ id }) => id),
    passed: tests.filter(({ outcome }) => outcome === "pass").map(({ id }) => id),
    errors: errors.map(({ id, detail }) => `${id} ${detail}`),
    wallMs: performance.now() - begun,
  };
}

async function testsOf({ make }: ClientMutant, options: Partial<ClientOptions>): Promise<readonly Test[]> {
  return (await reportOf(options, make)).tests;
}

/** Run the suite in this process against our client, or against the one that `make` provides. */
export async function reportOf(options: Partial<ClientOptions>, make?: Make): Promise<RunReport> {
  const adapter = connectInProcess(hello as Hello, (tell) => createAdapter(tell, make));
  for await (const event of runClient({ ...options, adapter, seed: 1 }))
    if (event.type === "run-finished") return event.report;
  throw new Error("the run ended without a report");
}

function isLate({ requirements }: Test): boolean {
  return requirements.some(({ reason }) => reason === "LAGGED");
}
