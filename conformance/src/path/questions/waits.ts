import { type Answer, answer, type Breaks, inWords, type QuestionId } from "../answer.ts";
import { readArrivals } from "../reader/arrivals.ts";
import { describe, onReaderClock, type Probe } from "../reader/prober.ts";
import { ANTI_BUFFERING, type PathContext, STREAM_HEADERS } from "./context.ts";

/** The time between two heartbeats of the busy stream. */
const HEARTBEAT_MS = 2_000;

/** How long an answer may come after its time. */
const GRACE_MS = 20_000;

/** Our servers send a heartbeat each 15 s, so a limit on silence below this breaks streams. */
const SAFE_SILENCE_MS = 20_000;

/** Our clients ask for waits of 25 s. */
const SAFE_WAIT_MS = 27_000;

/** Does a stream stay open that sends nothing for the requested time? */
export async function askIdle(ctx: PathContext): Promise<readonly Answer[]> {
  const writes = [
    { size: 16, count: 1, pauseMs: ctx.idleMs },
    { size: 16, count: 1, pauseMs: 0 },
  ];
  const probe = ctx.prober.start({ fields: ANTI_BUFFERING, writes }, { headers: STREAM_HEADERS });
  await probe.fetching.done(ctx.idleMs + GRACE_MS);
  return [await survival(ctx, probe, "idle", ctx.idleMs)];
}

/** Does a stream stay open that sends a small write every two seconds, for this time? */
export async function askHeartbeat(
  ctx: PathContext,
  lastsMs: number = ctx.idleMs,
): Promise<readonly Answer[]> {
  const count = Math.max(2, Math.floor(lastsMs / HEARTBEAT_MS));
  const writes = [{ size: 16, count, pauseMs: HEARTBEAT_MS }];
  const probe = ctx.prober.start({ fields: ANTI_BUFFERING, writes }, { headers: STREAM_HEADERS });
  await probe.fetching.done(lastsMs + GRACE_MS);
  return [await survival(ctx, probe, "heartbeat", lastsMs)];
}

async function survival(ctx: PathContext, probe: Probe, id: QuestionId, lastsMs: number): Promise<Answer> {
  const { fetching, sizes } = probe;
  const seen = (await ctx.prober.record(probe.name)).requests[0];
  const { writes } = readArrivals(fetching.chunks, sizes);
  const proof = [describe(fetching), `${writes.length} of ${sizes.length} writes arrived`];
  if (!seen || fetching.status !== 200)
    return answer(id, "unknown", `not streamed: ${describe(fetching)}`, { proof });
  if (writes.length === sizes.length)
    return answer(id, "good", `yes, for ${inWords(lastsMs)}`, { proof, data: { lastsMs } });
  if (fetching.ending === "dropped" && !seen.left)
    return answer(id, "unknown", `the rest had not come ${inWords(GRACE_MS)} after its time`, { proof });
  const fromMs = onReaderClock(seen.writesMs[0] ?? seen.atMs, ctx.clock);
  const readerMs = (fetching.endMs ?? fromMs) - fromMs;
  const originMs =
    seen.overMs !== undefined && seen.left ? onReaderClock(seen.overMs, ctx.clock) - fromMs : readerMs;
  const cutMs = Math.max(0, Math.min(readerMs, originMs));
  proof.push(`the reader saw the end after ${inWords(readerMs)}, the origin after ${inWords(originMs)}`);
  const breaks = cutMs < SAFE_SILENCE_MS ? { breaks: "streams" as Breaks } : {};
  return answer(id, breaks.breaks ? "fault" : "note", `no: cut after ${inWords(cutMs)}`, {
    ...breaks,
    proof,
    data: { cutMs: Math.round(cutMs) },
  });
}

/** May a long poll wait for the requested time before its head? */
export async function askWait(ctx: PathContext): Promise<readonly Answer[]> {
  const writes = [{ size: 16, count: 1, pauseMs: 0 }];
  const instructions = {
    type: "application/json",
    fields: [["Cache-Control", "no-store"]] as const,
    beforeMs: ctx.idleMs,
    length: true,
    writes,
  };
  const { fetching, name } = ctx.prober.start(instructions, { headers: { Accept: "application/json" } });
  await fetching.done(ctx.idleMs + GRACE_MS);
  const { requests, total } = await ctx.prober.record(name);
  const proof = [describe(fetching), `the origin got the request ${total} times`];
  const seen = requests[0];
  if (!seen)
    return [answer("wait", "unknown", `it did not reach the origin: ${describe(fetching)}`, { proof })];
  if (fetching.status === 200 && fetching.ending === "complete")
    return [
      answer("wait", "good", `yes, for ${inWords(ctx.idleMs)}`, { proof, data: { lastsMs: ctx.idleMs } }),
    ];
  const cutMs = (fetching.headMs ?? fetching.endMs ?? 0) - onReaderClock(seen.atMs, ctx.clock);
  const how = fetching.status === undefined ? "cut" : `answered with ${fetching.status}`;
  const breaks = cutMs < SAFE_WAIT_MS ? { breaks: "long polls" as Breaks } : {};
  return [
    answer("wait", breaks.breaks ? "fault" : "note", `no: ${how} after ${inWords(cutMs)}`, {
      ...breaks,
      proof,
      data: { cutMs: Math.round(cutMs) },
    }),
  ];
}
