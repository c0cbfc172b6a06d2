// The only file that uses uvu's internals: its queue of suites, and the dots that its runner prints.
import { stripVTControlCharacters } from "node:util";

globalThis.UVU_DEFER = 1; // uvu queues the suites instead of running them on import
await import("uvu");
const queue = globalThis.UVU_QUEUE;
queue.length = 0;
let index = 0;

/** Import a test file; returns the suites that it registered, each as a function that runs the suite. */
export async function suitesOf(url) {
  globalThis.UVU_INDEX = index;
  queue[index] = [];
  await import(url);
  return queue[index++];
}

const OWN = /^(?:[•✘] |\s{2}\(\d+ \/ \d+\)\n| .* {2})$/;

/**
 * Run a suite without uvu's dots.
 * @returns {Promise<{ errors: string, ran: number, skipped: number, total: number }>} `total` excludes skipped tests
 */
export async function runQuietly(run) {
  const { write } = process.stdout;
  process.stdout.write = function (chunk, ...rest) {
    if (typeof chunk === "string" && OWN.test(stripVTControlCharacters(chunk))) return true;
    return write.call(this, chunk, ...rest);
  };
  try {
    const [errors, ran, skipped, total] = await run();
    return { errors: typeof errors === "string" ? errors : "", ran, skipped, total };
  } finally {
    process.stdout.write = write;
  }
}
