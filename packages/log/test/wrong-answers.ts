import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "@tidemark/log";
import type { Position } from "@tidemark/protocol";
import fc from "fast-check";
import * as assert from "uvu/assert";
import type { Fault, FaultyAnswers } from "./faulty-answers.ts";
import { dataAfter, failureOf } from "./steps.ts";

const HISTORY = 30;
const PAGE = 20;
const RETRY_MS = 5;

/** A log whose engine's answers go wrong, and another one on the same messages whose answers are whole. */
export interface AnsweredNodes {
  readonly faulty: Log;
  readonly whole: Log;
  readonly answers: FaultyAnswers;
}

/**
 * Whatever becomes of the engine's answers, a call is refused as `unavailable` or does what it is to do: no gap, no hole,
 * nothing twice; and all that was acknowledged is there afterwards, in its epoch.
 */
export async function checkWrongAnswers(
  nodes: AnsweredNodes,
  kinds: readonly Fault[],
  numRuns: number,
): Promise<void> {
  const fault = fc.oneof({ weight: 5, arbitrary: fc.constant<Fault>("whole") }, fc.constantFrom(...kinds));
  const faults = fc.array(fault, { minLength: 5, maxLength: 40 });
  let runs = 0;
  const check = fc.asyncProperty(faults, (chosen) => checkRun(nodes, `run-${++runs}`, chosen));
  await fc.assert(check, { numRuns, seed: 12, endOnFailure: true });
}

async function checkRun(
  { faulty, whole, answers }: AnsweredNodes,
  channel: string,
  faults: readonly Fault[],
): Promise<void> {
  const expected = Array.from({ length: HISTORY }, (_, i) => String(i + 1));
  for (const json of expected) await whole.append(channel, [{ json }]);
  const { messages } = await whole.read(channel, "start", { maxMessages: HISTORY });
  const middle = messages[HISTORY / 2 - 1]?.cursor ?? "end";
  answers.begin(faults);
  do {
    const json = String(expected.length + 1);
    await persist(() => faulty.append(channel, [{ json }], { key: { id: json, digest: json } }));
    expected.push(json);
    assert.equal(await readAll(faulty, channel, "start"), expected, "from the start");
    assert.equal(await readAll(faulty, channel, middle), expected.slice(HISTORY / 2), "from the middle");
  } while (answers.isFaulty);
  assert.equal(await dataAfter(whole, channel, middle), expected.slice(HISTORY / 2), "in its epoch");
  assert.equal(await dataAfter(whole, channel), expected, "all of it");
}

async function readAll(log: Log, channel: string, start: Position): Promise<string[]> {
  const seen: string[] = [];
  for (let from = start, more = true; more; ) {
    const page = await persist(() => log.read(channel, from, { maxMessages: PAGE }));
    seen.push(...page.messages.map(({ json }) => json));
    ({ cursor: from, more } = page);
  }
  return seen;
}

/** Do something until it is not `unavailable`. */
async function persist<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      assert.is(await failureOf(Promise.reject(error)), "unavailable", String(error));
      await sleep(RETRY_MS);
    }
  }
}
