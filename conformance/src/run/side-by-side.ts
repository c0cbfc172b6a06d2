import type { TestResult } from "../model/result.ts";
import type { RunEvent } from "./event.ts";
import { Queue } from "./queue.ts";

/** What a run does with its tests. */
export interface SideBySide<Test extends { readonly id: string }> {
  /** How many run at once; at least one does. */
  readonly jobs: number;
  /** @param attempt 1, or 2: what the first try left behind is not to be met again */
  readonly run: (test: Test, attempt: number) => Promise<TestResult>;
  /** Whether another try may decide what this one did not. */
  readonly isWorthAnother: (result: TestResult) => boolean;
}

/** Of the tests of a run so many at most are tried again: where more decide nothing, another try does not either. */
const TRIED_AGAIN = 1 / 10;

/**
 * Run tests, some at once, and tell what happens. Those that decided nothing are tried once more when the others are done
 * and nothing else loads the machine; only the second result counts then.
 */
export async function* sideBySide<Test extends { readonly id: string }>(
  tests: readonly Test[],
  { jobs, run, isWorthAnother }: SideBySide<Test>,
): AsyncGenerator<RunEvent, void> {
  const events = new Queue<RunEvent>();
  const undecided: { readonly test: Test; readonly result: TestResult }[] = [];
  const first = async (test: Test): Promise<void> => {
    events.push({ type: "test-started", id: test.id });
    const result = await run(test, 1);
    if (isWorthAnother(result)) undecided.push({ test, result });
    else events.push({ type: "test-finished", result });
  };
  const all = async (): Promise<void> => {
    await each(tests, jobs, first);
    const hasFew = undecided.length <= Math.ceil(tests.length * TRIED_AGAIN);
    await each(undecided, 1, async ({ test, result }) =>
      events.push({ type: "test-finished", result: hasFew ? told(result, await run(test, 2)) : result }),
    );
  };
  const ended = all().then(
    () => events.end(),
    (error: unknown) => events.fail(error),
  );
  yield* events;
  await ended;
}

/** The result of the second try; it tells of the first. */
function told({ reason, detail }: TestResult, second: TestResult): TestResult {
  const note = `tried twice; the first time it decided nothing: ${reason ?? "inconclusive"}, ${detail ?? ""}`;
  return { ...second, notes: [...second.notes, note] };
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
