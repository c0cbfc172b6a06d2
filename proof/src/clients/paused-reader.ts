// Reads a channel, pauses after some messages until a line arrives on standard input, reads to the end, and prints its
// memory use and the numbers that it read, as JSON: `paused-reader.ts <mechanism> <url> <pause after>`.
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setInterval } from "node:timers";
import { type SubscribeOptions, subscribe } from "@tidemark/client";

/** The output of this program; sizes are the resident memory of the process, in bytes. */
export interface PausedReading {
  readonly before: number;
  readonly peakInPause: number;
  readonly peak: number;
  readonly numbers: readonly number[];
}

const [mechanism, url = "", pauseAfter] = process.argv.slice(2);
const input = createInterface({ input: process.stdin });
const numbers: number[] = [];
let [before, peakInPause, peak] = [0, 0, 0];
let paused = false;
const sample = (): void => {
  const { rss } = process.memoryUsage();
  peak = Math.max(peak, rss);
  if (paused) peakInPause = Math.max(peakInPause, rss);
};
setInterval(sample, 20).unref();

const options = { mechanism: mechanism as SubscribeOptions["mechanism"] & string };
for await (const { data } of subscribe<{ n: number }>(url, options)) {
  numbers.push(data.n);
  if (numbers.length !== Number(pauseAfter)) continue;
  sample();
  before = process.memoryUsage().rss;
  paused = true;
  console.log("paused");
  await once(input, "line");
  paused = false;
}
sample();
console.log(JSON.stringify({ before, peakInPause, peak, numbers } satisfies PausedReading));
process.exit(0);
