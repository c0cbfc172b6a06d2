import { bytesInWords, inWords } from "../answer.ts";
import type { Instructions, WriteRun } from "../origin/instructions.ts";
import type { SeenRequest } from "../origin/records.ts";
import { type Arrivals, readArrivals } from "../reader/arrivals.ts";
import type { Fetching } from "../reader/fetching.ts";
import { describe, onReaderClock, type Probe, type ProbeOptions } from "../reader/prober.ts";
import { ANTI_BUFFERING, type PathContext, STREAM_HEADERS } from "./context.ts";

/** What happened to a stream. */
export interface StreamResult {
  readonly kind: "flows" | "held" | "closed" | "refused" | "altered" | "unreached";
  readonly text: string;
  readonly proof: readonly string[];
  readonly coding: string | undefined;
  readonly fetching: Fetching;
  readonly seen: SeenRequest | undefined;
  readonly arrivals: Arrivals;
  /** The longest delay of a write, on the estimated clock. */
  readonly delayMs: number;
}

/** A variant of the stream: what differs from the stream of our servers. */
export interface StreamVariant extends Omit<ProbeOptions, "probe" | "agent"> {
  readonly fields?: Instructions["fields"];
}

/** Small writes, larger ones, a large one, and a small one. */
function schedule(pauseMs: number): readonly WriteRun[] {
  return [
    { size: 16, count: 2, pauseMs },
    { size: 4096, count: 1, pauseMs },
    { size: 65_536, count: 1, pauseMs },
    { size: 16, count: 1, pauseMs },
  ];
}

/** How long to wait for the rest after the sender has finished. */
const REST_MS = 25_000;

/**
 * Order a stream, and compare the arrival of each write with the time at which the sender made the next one. A stream
 * that seems to be held back is ordered again with pauses three times as long, so that a busy machine is not blamed on
 * the path: what is reported was seen twice.
 */
export async function watchStream(ctx: PathContext, variant: StreamVariant = {}): Promise<StreamResult> {
  const first = await watchOnce(ctx, variant, ctx.pauseMs);
  if (first.kind !== "held" && first.kind !== "closed") return first;
  return watchOnce(ctx, variant, ctx.pauseMs * 3);
}

async function watchOnce(ctx: PathContext, variant: StreamVariant, pauseMs: number): Promise<StreamResult> {
  const { fields = ANTI_BUFFERING, headers = STREAM_HEADERS, ...options } = variant;
  const writes = schedule(pauseMs);
  const probe = ctx.prober.start({ fields, writes }, { ...options, headers });
  await probe.fetching.done(5 * pauseMs + REST_MS);
  return judge(ctx, probe, pauseMs);
}

async function judge(ctx: PathContext, probe: Probe, pauseMs: number): Promise<StreamResult> {
  const { fetching, sizes } = probe;
  const lagMs = ctx.lag.since(fetching.startedMs);
  const record = await ctx.prober.record(probe.name);
  const seen = record.requests.at(-1);
  const arrivals = readArrivals(fetching.chunks, sizes);
  const base = { coding: fetching.header("content-encoding"), fetching, seen, arrivals };
  const times = timesOf(ctx, seen, arrivals, sizes);
  const proof = times.map(
    ({ n, bytes, sentMs, arrivedMs, delayMs }) =>
      `write ${n} (${bytes} bytes): sent at ${inWords(sentMs - fetching.startedMs)}, ${
        Number.isFinite(arrivedMs) ? `arrived ${inWords(delayMs)} later` : "never arrived"
      }`,
  );
  const clock = `clocks: ± ${inWords(ctx.clock.uncertaintyMs)}; pauses of ${inWords(pauseMs)}`;
  const delayMs = Math.max(0, ...times.map((time) => time.delayMs).filter(Number.isFinite));
  const result = { ...base, proof: [describe(fetching), clock, ...proof], delayMs };
  if (!seen)
    return { ...result, kind: "unreached", text: `it did not reach the origin: ${describe(fetching)}` };
  if (fetching.status !== 200) return { ...result, kind: "refused", text: refusalOf(fetching) };
  if (arrivals.altered !== undefined) return { ...result, kind: "altered", text: arrivals.altered };
  const held = times.filter((time) => isHeld(time, pauseMs, ctx.clock.uncertaintyMs, lagMs));
  if (held.length > 0) return { ...result, kind: "held", text: holdOf(times, held, pauseMs) };
  if (arrivals.writes.length < sizes.length) {
    const came = bytesInWords(fetching.contentBytes);
    return { ...result, kind: "closed", text: `no: closed after ${came}` };
  }
  return { ...result, kind: "flows", text: `yes, within ${inWords(delayMs)}` };
}

interface WriteTime {
  readonly n: number;
  readonly bytes: number;
  /** All on the reader's clock. */
  readonly sentMs: number;
  readonly nextMs: number;
  readonly arrivedMs: number;
  readonly delayMs: number;
}

function timesOf(
  { clock }: PathContext,
  seen: SeenRequest | undefined,
  arrivals: Arrivals,
  sizes: readonly number[],
): readonly WriteTime[] {
  const sent = (seen?.writesMs ?? []).map((ms) => onReaderClock(ms, clock));
  const over = seen?.overMs === undefined ? Number.POSITIVE_INFINITY : onReaderClock(seen.overMs, clock);
  return sent.map((sentMs, index) => {
    const arrivedMs = arrivals.writes[index]?.arrivedMs ?? Number.POSITIVE_INFINITY;
    const nextMs = sent[index + 1] ?? over;
    return { n: index + 1, bytes: sizes[index] ?? 0, sentMs, nextMs, arrivedMs, delayMs: arrivedMs - sentMs };
  });
}

/**
 * A write is held back only if it came after the sender had completed the pause that followed it, as far as the clocks
 * can tell, and if the reader's own lag explains less than half of that.
 */
function isHeld(time: WriteTime, pauseMs: number, uncertaintyMs: number, lagMs: number): boolean {
  const { arrivedMs, sentMs, nextMs } = time;
  if (!Number.isFinite(arrivedMs) || nextMs - sentMs < pauseMs * 0.9) return false; // no pause: the stream was cut
  const isAfter = arrivedMs >= nextMs - uncertaintyMs;
  return isAfter && arrivedMs - lagMs - uncertaintyMs > (sentMs + nextMs) / 2;
}

function holdOf(times: readonly WriteTime[], held: readonly WriteTime[], pauseMs: number): string {
  const came = times.filter(({ arrivedMs }) => Number.isFinite(arrivedMs));
  const delays = came.map(({ delayMs }) => delayMs);
  const first = Math.min(...came.map(({ arrivedMs }) => arrivedMs));
  const last = times.at(-1);
  if (last && first >= last.nextMs - pauseMs / 2) return "no: held back until the end of the answer";
  if (held.every(({ arrivedMs, nextMs }) => Math.abs(arrivedMs - nextMs) < pauseMs / 4))
    return "no: writes are held back until the next one is made";
  if (Math.max(...delays) - Math.min(...delays) < pauseMs / 2)
    return `no: each write is held back for ${inWords(delays[0] ?? 0)}`;
  const sent = times.filter(({ sentMs }) => sentMs <= first).reduce((sum, { bytes }) => sum + bytes, 0);
  return `no: held back until about ${bytesInWords(sent)} had been sent (${inWords(Math.max(...delays))})`;
}

function refusalOf(fetching: Fetching): string {
  const why = /error=([a-z_]+)/.exec(fetching.header("proxy-status") ?? "")?.[1];
  return `no: answered with ${fetching.status}${why === undefined ? "" : ` (${why})`}`;
}
