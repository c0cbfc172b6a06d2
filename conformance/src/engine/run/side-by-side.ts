import type { RunEvent } from "../model/event.ts";
import type { TestResult } from "../model/result.ts";
import { Queue } from "./queue.ts";

/** How tests are run side by side. */
export interface SideBySide<Test extends { readonly id: string; readonly quiet?: boolean }> {
  /** How many tests run at once; at least 1. */
  readonly jobs: number;
  /** @param attempt from 1 on: a later attempt must not meet what the others left behind, and runs alone */
  readonly run: (test: Test, attempt: number) => Promise<TestResult>;
  /** Whether a second attempt may decide what this one did not, or did only by the time that something took. */
  readonly isWorthAnother: (result: TestResult) => boolean;
}

/**
 * The largest share of the tests that is retried because of time: if more are in doubt, a retry would not help. A
 * refusal under a limit on connections is different: a test that runs alone needs fewer of them.
 */
const TRIED_AGAIN = 1 / 10;

/** The most of so many tests that are retried. */
export function mostRetries(tests: number): number {
  return Math.ceil(tests * TRIED_AGAIN);
}

/**
 * Run tests, several at once, and yield their events. Tests in doubt are retried once, one by one, after all
 * others, when the machine has less load; then only the second result counts.
 */
export async function* sideBySide<Test extends { readonly id: string; readonly quiet?: boolean }>(
  tests: readonly Test[],
  { jobs, run, isWorthAnother }: SideBySide<Test>,
): AsyncGenerator<RunEvent, void> {
  const events = new Queue<RunEvent>();
  const doubtful: { readonly test: Test; readonly result: TestResult }[] = [];
  const quiet: typeof doubtful = [];
  const first = async (test: Test): Promise<void> => {
    events.push({ type: "test-started", id: test.id });
    const result = await run(test, 1);
    if (isWorthAnother(result)) doubtful.push({ test, result });
    else if (test.quiet && result.outcome === "pass") quiet.push({ test, result });
    else events.push({ type: "test-finished", result });
  };
  const all = async (): Promise<void> => {
    await each(tests, jobs, first);
    const slow = doubtful.filter(({ result }) => result.reason !== "REFUSED");
    const hasFew = slow.length <= mostRetries(tests.length);
    await each(doubtful, 1, async ({ test, result }) =>
      events.push({
        type: "test-finished",
        result: hasFew ? afterRetry(result, await run(test, 2)) : result,
      }),
    );
    await each(quiet, 1, async ({ test, result }) => {
      const again = await run(test, 2);
      const alone = isWorthAnother(again) ? await run(test, 3) : again;
      events.push({ type: "test-finished", result: afterQuiet(result, alone) });
    });
  };
  const ended = all().then(
    () => events.end(),
    (error: unknown) => events.fail(error),
  );
  yield* events;
  await ended;
}

/** The result of the second attempt, with a note about the first. */
export function afterRetry({ outcome, reason, detail }: TestResult, second: TestResult): TestResult {
  const why =
    reason === undefined ? `${outcome}, something took too long` : `inconclusive: ${reason}, ${detail ?? ""}`;
  const note = `retried; the first attempt was ${why}`;
  return { ...second, notes: [...second.notes, note] };
}

/** The result of a test that passed beside others, and ran alone after them. Lag decides nothing against it. */
function afterQuiet(first: TestResult, alone: TestResult): TestResult {
  const isDecided = alone.outcome !== "inconclusive" && alone.outcome !== "not-run";
  const told = isDecided ? "beside other tests, it passed" : `alone, it was ${alone.outcome}`;
  if (alone.outcome === "pass") return alone;
  const counts = isDecided ? alone : first;
  return { ...counts, notes: [...counts.notes, told] };
}

async function each<Item>(
  items: readonly Item[],
  jobs: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, worker));
}
