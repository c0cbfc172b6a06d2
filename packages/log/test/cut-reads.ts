import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "@tidemark/log";
import type { Position } from "@tidemark/protocol";
import * as assert from "uvu/assert";
import type { CuttingProxy } from "../../../testing/proxies/cutting-proxy.ts";
import { randomFrom } from "../../../testing/random-from.ts";
import { dataAfter, failureOf } from "./steps.ts";

const CHANNEL = "news";
/** Enough messages to take a fifth of a second over the slow link. */
const HISTORY = 60;
const TEXT_BYTES = 500;
const PAGE = 25;
/** The most bytes between two cuts: about one page. */
const MAX_BYTES = 16_000;
const RETRY_MS = 5;
const PUBLISH_MS = 20;

/** Two nodes of one log: one with a slow link that is cut, one with an intact link. */
export interface CutNodes {
  readonly cut: Log;
  readonly whole: Log;
  readonly proxy: CuttingProxy;
}

export interface CutOptions {
  readonly cuts: number;
  readonly seed: number;
  /** Whether both nodes append during the cuts. */
  readonly publishing: boolean;
}

/** What happened while the link was cut. */
export interface CutReads {
  readonly pages: number;
  readonly refused: number;
  readonly appended: number;
}

/** The shared state of a run. */
interface Run extends CutNodes {
  isOver: boolean;
  pages: number;
  refused: number;
  /** The messages acknowledged after the history, in no particular order. */
  readonly appended: string[];
}

/**
 * Read at a node from the start, from the middle and at the end, while its link is cut at seeded moments. A
 * read may fail with `unavailable` and nothing else: no gap, no hole, no duplicate. Afterwards all
 * acknowledged messages are still stored, in their original epoch.
 */
export async function cutReads(nodes: CutNodes, { cuts, seed, publishing }: CutOptions): Promise<CutReads> {
  const { cut, whole, proxy } = nodes;
  const history = Array.from({ length: HISTORY }, (_, i) => text(`history ${i}`));
  for (const json of history) await whole.append(CHANNEL, [{ json }]);
  const run: Run = { ...nodes, isOver: false, pages: 0, refused: 0, appended: [] };
  const all = await whole.read(CHANNEL, "start", { maxMessages: HISTORY });
  const middle = all.messages[HISTORY / 2 - 1]?.cursor ?? "end";
  const working = Promise.all([
    ...["start", middle, all.cursor].map((from) => readOn(run, from)),
    ...(publishing ? [publish(run, cut, "cut"), publish(run, whole, "whole")] : []),
  ]);
  const random = randomFrom(seed);
  const cutting = async (): Promise<void> => {
    for (let count = 0; count < cuts; count++) {
      await proxy.passes(Math.ceil(random() * MAX_BYTES));
      proxy.cut();
    }
    run.isOver = true;
  };
  // The first failure ends the run: a reader that gets a gap need not wait for the last cut.
  await Promise.all([cutting(), working]);
  const stored = await dataAfter(whole, CHANNEL);
  assert.equal(stored.slice(0, HISTORY), history, "the history is there");
  assert.equal(
    stored.slice(HISTORY).sort(),
    [...run.appended].sort(),
    "each acknowledged message is stored once",
  );
  assert.equal(await dataAfter(whole, CHANNEL, middle), stored.slice(HISTORY / 2), "in the original epoch");
  const { pages, refused, appended } = run;
  return { pages, refused, appended: appended.length };
}

function text(name: string): string {
  return JSON.stringify(name.padEnd(TEXT_BYTES, "."));
}

/**
 * Read to the end repeatedly until the run is over, then once more. Each round includes all of the previous
 * one.
 */
async function readOn(run: Run, start: Position): Promise<void> {
  let before: readonly string[] = [];
  for (let isLast = false; !isLast; ) {
    isLast = run.isOver;
    const seen = await readRound(run, start);
    assert.equal(
      seen.slice(0, before.length),
      before,
      "a later round includes an earlier one, in the same order",
    );
    assert.is(new Set(seen).size, seen.length, "no message is duplicated");
    before = seen;
  }
  assert.equal(before, await dataAfter(run.whole, CHANNEL, start), "the last round has every message");
}

async function readRound(run: Run, start: Position): Promise<string[]> {
  const seen: string[] = [];
  for (let from = start, more = true; more; ) {
    try {
      const page = await run.cut.read(CHANNEL, from, { maxMessages: PAGE });
      seen.push(...page.messages.map(({ json }) => json));
      ({ cursor: from, more } = page);
      run.pages += 1;
    } catch (error) {
      assert.is(await failureOf(Promise.reject(error)), "unavailable", `from ${from}: ${error}`);
      run.refused += 1;
      await sleep(RETRY_MS);
    }
  }
  return seen;
}

/** Append as a publisher does: retry each message with the same key until it is acknowledged. */
async function publish(run: Run, log: Log, name: string): Promise<void> {
  for (let count = 0; !run.isOver; count++) {
    const json = text(`${name} ${count}`);
    const key = { id: json, digest: json };
    for (;;) {
      const failure = await failureOf(log.append(CHANNEL, [{ json }], { key }));
      if (failure === undefined) break;
      assert.is(failure, "unavailable");
      run.refused += 1;
      await sleep(RETRY_MS);
    }
    run.appended.push(json);
    await sleep(PUBLISH_MS);
  }
}
