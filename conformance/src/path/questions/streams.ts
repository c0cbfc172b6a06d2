import { type Answer, answer, inWords, type QuestionId } from "../answer.ts";
import { ANTI_BUFFERING, type PathContext, STREAM_HEADERS } from "./context.ts";
import { type StreamResult, type StreamVariant, watchStream } from "./watch-stream.ts";

/** The stream of our servers, by GET and HTTP/1.1; also says whether its bytes and its head arrived well. */
export async function askStream(ctx: PathContext): Promise<readonly Answer[]> {
  const result = await watchStream(ctx);
  const { kind, proof, arrivals, delayMs } = result;
  const data = { kind, delayMs: Math.round(delayMs) };
  const bytes =
    arrivals.altered === undefined || kind !== "altered"
      ? answer("bytes", "good", "yes", { proof: [`${result.fetching.contentBytes} bytes compared`] })
      : answer("bytes", "fault", `no: ${arrivals.altered}`, { breaks: "polls", proof });
  if (kind === "flows") return [answer("stream", "good", result.text, { proof, data }), bytes];
  if (kind === "altered") return [answer("stream", "unknown", "the bytes differ", { proof, data }), bytes];
  return [answer("stream", "fault", result.text, { breaks: "streams", proof, data }), bytes];
}

/** Which of the three anti-buffering fields does the path need? */
export async function askFields(ctx: PathContext): Promise<readonly Answer[]> {
  const without = await watchStream(ctx, { fields: [] });
  if (without.kind === "flows")
    return [answer("fields", "good", "yes: none is needed", { proof: without.proof, data: { needs: "" } })];
  const results = await Promise.all(
    ANTI_BUFFERING.map(async ([name, value]) => {
      const fields = [[name, name === "Cache-Control" ? "no-transform" : value] as const];
      const { kind, proof } = await watchStream(ctx, { fields });
      return { name: `${name}: ${fields[0]?.[1]}`, flows: kind === "flows", proof };
    }),
  );
  const enough = results.filter(({ flows }) => flows).map(({ name }) => name);
  const rest =
    enough.length > 0 ? `unless the answer has ${enough.join(" or ")}` : "whichever single field is sent";
  const proof = [
    ...without.proof,
    ...results.map(({ name, flows }) => `${name} alone: ${flows ? "flows" : "does not flow"}`),
  ];
  return [
    answer("fields", "note", `${without.text}, ${rest}`, { proof, data: { needs: enough.join(" or ") } }),
  ];
}

/** A variant of the stream that has to flow as the stream itself does. */
async function askVariant(
  ctx: PathContext,
  id: QuestionId,
  variant: StreamVariant,
): Promise<readonly Answer[]> {
  const { kind, text, proof } = await watchStream(ctx, variant);
  const standing =
    kind === "flows" ? "good" : kind === "altered" || kind === "unreached" ? "unknown" : "fault";
  return [answer(id, standing, text, { proof, data: { kind } })];
}

/** Does the answer to a POST stream? */
export function askPost(ctx: PathContext): Promise<readonly Answer[]> {
  return askVariant(ctx, "post", {
    method: "POST",
    body: Buffer.from("{}"),
    headers: { ...STREAM_HEADERS, "Content-Type": "application/json" },
  });
}

/** Do streams flow for a reader that sends no `Accept`? */
export function askAccept(ctx: PathContext): Promise<readonly Answer[]> {
  return askVariant(ctx, "accept", { headers: {} });
}

/** Do streams flow over HTTP/2? */
export async function askHttp2(ctx: PathContext): Promise<readonly Answer[]> {
  if (!ctx.http2)
    return [answer("http2", "figure", "not spoken at the reader's end", { data: { spoken: false } })];
  const [result] = await askVariant(ctx, "http2", { session: ctx.http2 });
  return result
    ? [{ ...result, ...(result.standing === "fault" ? { breaks: "streams" as const } : {}) }]
    : [];
}

/** Do streams flow if the reader offers compression, as browsers do? Is `no-transform` obeyed? */
export async function askCompression(ctx: PathContext): Promise<readonly Answer[]> {
  const headers = { ...STREAM_HEADERS, "Accept-Encoding": "gzip, br" };
  const [ours, plain] = await Promise.all([
    watchStream(ctx, { headers }),
    watchStream(ctx, { headers, fields: ANTI_BUFFERING.filter(([name]) => name !== "Cache-Control") }),
  ]);
  const proof = [
    `with no-transform: ${codingOf(ours)}, ${ours.text}`,
    ...ours.proof,
    `without no-transform: ${codingOf(plain)}, ${plain.text}`,
    ...plain.proof,
  ];
  const data = { coding: ours.coding ?? "", plainCoding: plain.coding ?? "" };
  if (ours.kind !== "flows") {
    const standing = ours.kind === "altered" || ours.kind === "unreached" ? "unknown" : "fault";
    const why = ours.coding === undefined ? "" : ` (compressed with ${ours.coding} despite no-transform)`;
    return [answer("compression", standing, `${ours.text}${why}`, { breaks: "streams", proof, data })];
  }
  if (ours.coding !== undefined)
    return [
      answer("compression", "note", `yes, but compressed with ${ours.coding} despite no-transform`, {
        proof,
        data,
      }),
    ];
  if (plain.kind !== "flows" && plain.coding !== undefined)
    return [
      answer("compression", "note", `yes, but without no-transform ${plain.coding} holds them back`, {
        proof,
        data,
      }),
    ];
  return [
    answer(
      "compression",
      "good",
      plain.coding === undefined ? "yes, not compressed" : `yes; ${plain.coding} without no-transform`,
      { proof, data },
    ),
  ];
}

function codingOf({ coding }: StreamResult): string {
  return coding === undefined ? "not compressed" : `compressed with ${coding}`;
}

/** Does the head of a stream arrive while there is no body yet? */
export async function askHead(ctx: PathContext): Promise<readonly Answer[]> {
  let result = await headOnce(ctx, ctx.pauseMs * 3);
  if (result.standing === "fault") result = await headOnce(ctx, ctx.pauseMs * 6);
  return [result];
}

async function headOnce(ctx: PathContext, headMs: number): Promise<Answer> {
  const writes = [{ size: 16, count: 2, pauseMs: ctx.pauseMs }];
  const { fetching, name } = ctx.prober.start(
    { fields: ANTI_BUFFERING, headMs, writes },
    { headers: STREAM_HEADERS },
  );
  await fetching.done(headMs + 2 * ctx.pauseMs + 25_000);
  const seen = (await ctx.prober.record(name)).requests[0];
  const [first] = seen?.writesMs ?? [];
  if (
    fetching.status !== 200 ||
    fetching.headMs === undefined ||
    seen?.headMs === undefined ||
    first === undefined
  )
    return answer("head", "unknown", "the stream did not arrive");
  const { offsetMs, uncertaintyMs } = ctx.clock;
  const lateMs = fetching.headMs - (seen.headMs + offsetMs);
  const lagMs = ctx.lag.since(fetching.startedMs);
  const isAfter = fetching.headMs >= first + offsetMs - uncertaintyMs;
  const isHeld = isAfter && lateMs - lagMs - uncertaintyMs > headMs / 2;
  const proof = [
    `head sent ${inWords(headMs)} before the first write, arrived ${inWords(lateMs)} after it was sent (± ${inWords(uncertaintyMs)})`,
  ];
  return isHeld
    ? answer("head", "fault", "no: the head is held back until the first write", { proof })
    : answer("head", "good", `yes, within ${inWords(lateMs)}`, { proof });
}
