import { setTimeout as delay } from "node:timers/promises";
import { type Answer, answer, bytesInWords, inWords } from "../answer.ts";
import { describe, onReaderClock } from "../reader/prober.ts";
import { ANTI_BUFFERING, type PathContext, STREAM_HEADERS } from "./context.ts";

/** Can the reader tell a cut or reset stream from one that has ended? */
export async function askEnd(ctx: PathContext): Promise<readonly Answer[]> {
  const writes = [{ size: 16, count: 2, pauseMs: 200 }];
  const ends = await Promise.all(
    (["clean", "cut", "reset"] as const).map(async (end) => {
      const { fetching } = ctx.prober.start(
        { fields: ANTI_BUFFERING, writes, end },
        { headers: STREAM_HEADERS },
      );
      await fetching.done(15_000);
      return { end, fetching, isWhole: fetching.ending === "complete" && fetching.status === 200 };
    }),
  );
  const proof = ends.map(({ end, fetching }) => `sender: ${end}; reader: ${describe(fetching)}`);
  const [clean, ...broken] = ends;
  if (clean?.isWhole !== true)
    return [answer("end", "fault", "no: a stream that ends cleanly looks broken", { proof })];
  const alike = broken.filter(({ isWhole }) => isWhole).map(({ end }) => end);
  if (alike.length === 0) return [answer("end", "good", "yes", { proof })];
  return [answer("end", "note", `no: ${alike.join(" or ")} looks like a normal end`, { proof })];
}

/** How long the origin may take to learn that a reader has left. */
const LEAVE_MS = 8_000;

/** When does the origin learn that a reader of a busy stream has left, and of a silent one? */
export async function askDisconnect(ctx: PathContext): Promise<readonly Answer[]> {
  const [busy, silent] = await Promise.all([
    leave(ctx, [{ size: 16, count: 400, pauseMs: 100 }]),
    leave(ctx, [{ size: 16, count: 1, pauseMs: 40_000 }]),
  ]);
  if (busy === "no stream" || silent === "no stream")
    return [answer("disconnect", "unknown", "no stream arrived")];
  const say = (ms: number | undefined): string =>
    ms === undefined ? `not within ${inWords(LEAVE_MS)}` : `after ${inWords(ms)}`;
  const proof = [`a stream with writes: ${say(busy)}`, `a silent stream: ${say(silent)}`];
  if (busy === undefined) return [answer("disconnect", "fault", `no: ${say(busy)}`, { proof })];
  if (silent === undefined)
    return [
      answer("disconnect", "note", `${say(busy)}, if it writes; of a silent stream ${say(silent)}`, {
        proof,
        data: { needsWrites: true },
      }),
    ];
  return [answer("disconnect", "good", `yes, ${say(Math.max(busy, silent))}`, { proof })];
}

/** Leave a stream after its first write. Resolves to the time until the origin knew; undefined if it never did. */
async function leave(
  ctx: PathContext,
  writes: readonly { size: number; count: number; pauseMs: number }[],
): Promise<number | undefined | "no stream"> {
  const { fetching, name } = ctx.prober.start(
    { fields: ANTI_BUFFERING, writes },
    { headers: STREAM_HEADERS },
  );
  if (!(await fetching.until(() => fetching.contentBytes > 0, 5_000))) {
    fetching.drop();
    return "no stream";
  }
  fetching.drop();
  const leftMs = fetching.endMs ?? 0;
  for (let waited = 0; waited < LEAVE_MS; waited += 500) {
    const seen = (await ctx.prober.record(name)).requests[0];
    if (seen?.left && seen.overMs !== undefined)
      return Math.max(0, onReaderClock(seen.overMs, ctx.clock) - leftMs);
    await delay(500);
  }
  return undefined;
}

/** More than the buffers of the systems on the way hold. */
const FILL_BYTES = 32 * 1024 * 1024;

/** Does a reader that reads nothing stop the origin from writing? A fault is reported if it is seen twice. */
export async function askBackpressure(ctx: PathContext): Promise<readonly Answer[]> {
  const first = await backpressureOnce(ctx);
  return [first.standing === "fault" ? await backpressureOnce(ctx) : first];
}

async function backpressureOnce(ctx: PathContext): Promise<Answer> {
  const { fetching, name } = ctx.prober.start(
    { fields: ANTI_BUFFERING, fill: FILL_BYTES },
    { headers: STREAM_HEADERS },
  );
  await fetching.until(() => fetching.contentBytes > 0, 10_000);
  if (fetching.contentBytes === 0) {
    fetching.drop();
    return answer("backpressure", "unknown", `no stream arrived: ${describe(fetching)}`);
  }
  fetching.wire?.pause();
  let taken = -1;
  for (let looks = 0; looks < 20; looks += 1) {
    await delay(1_000);
    const seen = (await ctx.prober.record(name)).requests[0];
    if (!seen || seen.takenBytes === taken) break; // a second without a byte: the origin waits
    taken = seen.takenBytes;
    if (taken >= FILL_BYTES) break;
  }
  const readBytes = fetching.contentBytes;
  fetching.drop();
  const proof = [
    `the origin wrote ${bytesInWords(taken)} while the reader had read ${bytesInWords(readBytes)}`,
  ];
  const data = { takenBytes: taken };
  if (readBytes > FILL_BYTES / 4)
    return answer("backpressure", "unknown", "the reader did not stop in time", { proof, data });
  return taken >= FILL_BYTES
    ? answer("backpressure", "fault", `no: something takes ${bytesInWords(taken)} that nobody reads`, {
        proof,
        data,
      })
    : answer("backpressure", "good", `yes, after ${bytesInWords(taken)}`, { proof, data });
}

const STREAMS = 12;

/** Do twelve streams and a POST of one client run at the same time? */
export async function askParallel(ctx: PathContext): Promise<readonly Answer[]> {
  let result = await parallelOnce(ctx, ctx.pauseMs);
  if (result.standing === "fault") result = await parallelOnce(ctx, ctx.pauseMs * 4);
  return [result];
}

async function parallelOnce(ctx: PathContext, pauseMs: number): Promise<Answer> {
  const writes = [{ size: 16, count: 3, pauseMs }];
  const streams = Array.from({ length: STREAMS }, () =>
    ctx.prober.start({ fields: ANTI_BUFFERING, writes }, { headers: STREAM_HEADERS }),
  );
  const { fetching: post } = ctx.prober.start(
    { type: "application/json", length: true, writes: [{ size: 16, count: 1, pauseMs: 0 }] },
    { method: "POST", body: Buffer.from("{}"), headers: { "Content-Type": "application/json" } },
  );
  await Promise.all([
    ...streams.map(({ fetching }) => fetching.done(3 * pauseMs + 15_000)),
    post.done(15_000),
  ]);
  const open = streams.filter(({ fetching }) => fetching.status === 200 && fetching.contentBytes > 0).length;
  const others = streams.filter(({ fetching }) => fetching.status !== 200).map(({ fetching }) => fetching);
  const reason = /error=([a-z_]+)/.exec(others[0]?.header("proxy-status") ?? "")?.[1];
  const proof = [`streams: ${open} of ${STREAMS}`, `the POST: ${describe(post)}`, ...others.map(describe)];
  if (open === STREAMS && post.status === 200) return answer("parallel", "good", "yes", { proof });
  const [first] = others;
  const how = first ? `, the others: ${first.status ?? first.failure}${reason ? ` (${reason})` : ""}` : "";
  const text =
    open < STREAMS ? `no: ${open} of ${STREAMS} streams${how}` : `no: the POST got ${describe(post)}`;
  return answer("parallel", "fault", text, { proof, data: { open } });
}

/** Is the connection used again after a stream has ended? */
export async function askReuse(ctx: PathContext): Promise<readonly Answer[]> {
  const agent = ctx.prober.agent();
  const writes = [{ size: 16, count: 1, pauseMs: 0 }];
  try {
    const first = ctx.prober.start({ fields: ANTI_BUFFERING, writes }, { headers: STREAM_HEADERS, agent });
    await first.fetching.done(10_000);
    await delay(20); // the agent takes the connection back on a later turn
    const second = ctx.prober.start({ writes, length: true }, { agent });
    await second.fetching.done(10_000);
    return [
      answer("reuse", "figure", second.fetching.reused ? "yes" : "no", {
        data: { reused: second.fetching.reused },
      }),
    ];
  } finally {
    agent.destroy();
  }
}
