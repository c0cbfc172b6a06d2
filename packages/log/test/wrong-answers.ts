import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "@tidemark/log";
import type { Position } from "@tidemark/protocol";
import fc from "fast-check";
import * as assert from "uvu/assert";
import type { Fault, FaultyAnswers } from "../../../testing/proxies/faulty-answers.ts";
import { dataAfter, failureOf } from "./steps.ts";

const HISTORY = 30;
const PAGE = 20;
const RETRY_MS = 5;

/** Two nodes of one log: one with faulty engine answers, one with correct ones. */
export interface AnsweredNodes {
  readonly faulty: Log;
  readonly whole: Log;
  readonly answers: FaultyAnswers;
}

/**
 * Whatever happens to the engine's answers, a call succeeds or fails with `unavailable`: no gap, no hole, no
 * duplicate. Afterwards all acknowledged messages are still stored, in their original epoch.
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
  assert.equal(await dataAfter(whole, channel, middle), expected.slice(HISTORY / 2), "in the original epoch");
  assert.equal(await dataAfter(whole, channel), expected, "every message");
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

/** Retry an attempt while it fails with `unavailable`. */
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
