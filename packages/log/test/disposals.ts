import type { Log } from "@tidemark/log";
import * as assert from "uvu/assert";
import { drafts, failureOf } from "./steps.ts";

const CHANNELS = 4;

/** Call every method of a log several times at once. */
function askAll(log: Log, round: number): Promise<unknown>[] {
  return Array.from({ length: CHANNELS }, (_, i) => [
    log.append(`news-${i}`, drafts(1)),
    log.append(`news-${i}`, drafts(2)), // waits for the previous append, or is batched
    log.append(`news-${i}`, drafts(3), { key: { id: `key-${round}`, digest: "d" } }),
    log.append(`news-${i}`, [], { close: true, after: "end" }),
    log.read(`news-${i}`, "start", { maxMessages: 100 }),
    log.read(`unwritten-${round}-${i}`, "start", { maxMessages: 1 }),
    log.watch(`news-${i}`, () => undefined),
    log.remove(`news-${i}`),
  ]).flat();
}

/** Resolves with the unhandled rejections during `run` and in the turns after it. */
async function unhandledIn(run: () => Promise<void>): Promise<string[]> {
  const unhandled: string[] = [];
  const note = (error: unknown): void => {
    unhandled.push(String(error));
  };
  process.on("unhandledRejection", note);
  try {
    await run();
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  } finally {
    process.off("unhandledRejection", note);
  }
  return unhandled;
}

/**
 * Dispose of logs at different moments while calls are in flight. Each call resolves or rejects, and there is
 * no unhandled rejection, which would end the process.
 */
export async function disposeInFlight(open: () => Promise<Log>, moments: number): Promise<void> {
  const codes = new Set<string | undefined>();
  const unhandled = await unhandledIn(async () => {
    for (let moment = 0; moment < moments; moment++) {
      const log = await open();
      const asked = Promise.all(askAll(log, moment).map(failureOf));
      // Alternate between moments within a turn and whole turns.
      for (let i = 0; i < moment; i++) await (moment % 2 ? Promise.resolve() : new Promise(setImmediate));
      const disposed = log.dispose();
      for (const code of await asked) codes.add(code);
      await disposed;
      assert.is(await failureOf(log.read("news", "start", { maxMessages: 1 })), "unavailable");
    }
  });
  assert.equal(unhandled, []);
  assert.ok(codes.delete("unavailable"), "some calls were in flight");
  for (const code of ["closed", "not-at-end", undefined]) codes.delete(code as string);
  assert.equal([...codes], []);
}
