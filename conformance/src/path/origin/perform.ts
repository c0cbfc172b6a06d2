import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { sizeOf, writeOf } from "../stamp.ts";
import { eachWrite, type Instructions } from "./instructions.ts";
import type { SeenRequest } from "./records.ts";

/** What an answer needs of the origin. */
export interface Performance {
  readonly response: ServerResponse;
  readonly seen: SeenRequest;
  /** The origin's clock. */
  readonly now: () => number;
  readonly stallMs: number;
  /** Takes bytes from the budget of the origin; false if there are not enough. */
  readonly spend: (bytes: number) => boolean;
  /** Aborted when the reader has left. */
  readonly signal: AbortSignal;
}

/** Bytes of one write of `fill`. */
const FILL_BYTES = 64 * 1024;

/** Follow the instructions. It ends early when the reader leaves, stalls for too long, or the budget is used up. */
export async function perform(instructions: Instructions, to: Performance): Promise<void> {
  const { response, signal } = to;
  const { early, beforeMs, headMs } = instructions;
  if (early && hasChunks(response)) response.writeEarlyHints({ link: "</>; rel=preload" });
  if (!(await passed(beforeMs, signal))) return;
  writeHead(instructions, to);
  if (!(await passed(headMs, signal))) return;
  const sizes = eachWrite(instructions.writes);
  for (const [index, { size, pauseMs }] of sizes.entries()) {
    if (!(await send(writeOf(index + 1, to.now(), size), to))) return;
    if (!(await passed(pauseMs, signal))) return;
  }
  let n = sizes.length;
  for (let left = instructions.fill; left > 0; left -= FILL_BYTES) {
    n += 1;
    if (!(await send(writeOf(n % 10_000, to.now(), FILL_BYTES), to))) return;
  }
  await endWith(instructions, to);
}

function writeHead({ status, type, fields, trailer, length, writes }: Instructions, to: Performance): void {
  const { response, seen, now } = to;
  const bytes = eachWrite(writes).reduce((sum, { size }) => sum + sizeOf(size), 0);
  const chunks = hasChunks(response);
  const own = [
    ...(type === "" ? [] : [["Content-Type", type] as const]),
    ...(length ? [["Content-Length", String(bytes)] as const] : []),
    ...(trailer && chunks ? [["Trailer", "Tidemark-Trailer"] as const] : []),
  ];
  const isAsked = response.req.headers["if-none-match"] !== undefined;
  response.writeHead(status === 304 && !isAsked ? 200 : status, [...own, ...fields].flat());
  response.flushHeaders();
  seen.headMs = now();
}

/** HTTP/1.0 has neither chunks nor trailers, and no interim answers. */
function hasChunks({ req }: ServerResponse): boolean {
  return req.httpVersion === "1.1";
}

/** Write, and wait until the connection takes more. Resolves to false if it has to stop. */
async function send(bytes: Buffer, to: Performance): Promise<boolean> {
  const { response, seen, now, spend, stallMs, signal } = to;
  if (signal.aborted) return false;
  if (!spend(bytes.length)) {
    response.destroy();
    return false;
  }
  if (seen.writesMs.length < 2_000) seen.writesMs.push(now());
  const flows = response.write(bytes);
  seen.takenBytes += bytes.length;
  if (flows) return true;
  const from = performance.now();
  // Not `AbortSignal.timeout`: in `AbortSignal.any`, Node 20 collects it as garbage before its time comes.
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), stallMs);
  const moved = await once(response, "drain", { signal: AbortSignal.any([signal, late.signal]) }).then(
    () => true,
    () => false, // the reader has left, or took nothing for too long
  );
  clearTimeout(timer);
  // A timer can fire a fraction of a millisecond before its time, by this clock.
  const stalledMs = late.signal.aborted ? stallMs : performance.now() - from;
  seen.stalledMs = Math.max(seen.stalledMs, stalledMs);
  if (!moved) response.destroy();
  return moved;
}

/** Wait. Resolves to false if the reader left in the meantime. */
async function passed(ms: number, signal: AbortSignal): Promise<boolean> {
  if (ms > 0)
    await delay(ms, undefined, { signal }).catch((error: Error) => {
      if (error.name !== "AbortError") throw error;
    });
  return !signal.aborted;
}

async function endWith({ end, trailer }: Instructions, { response, signal }: Performance): Promise<void> {
  if (end === "clean") {
    if (trailer && hasChunks(response)) response.addTrailers({ "Tidemark-Trailer": "arrived" });
    response.end();
    return;
  }
  // What was written has to be on its way before the connection is closed.
  if (!(await passed(FLUSH_MS, signal))) return;
  if (end === "reset") response.socket?.resetAndDestroy();
  else response.destroy();
}

/** How long the last write gets to leave this machine before the connection is closed. */
const FLUSH_MS = 100;
