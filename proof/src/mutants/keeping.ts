import type { ServerResponse } from "node:http";
import { createGzip, type Gzip } from "node:zlib";
import { bytesOf, looseBody, posts, withBody } from "../peer/change-bodies.ts";
import { logging } from "../peer/change-log.ts";
import { because, type Mutant } from "./mutant.ts";

/** Servers that hold events back, close without looking, or forget more than messages in a restart. */
export const keepingMutants: readonly Mutant[] = [
  {
    id: "compressed-stream-is-not-flushed",
    title: "compresses streams on request, and lets the compressor hold back events",
    breaks: ["SSE-STREAM-2", "SSE-MESSAGE-2"],
    outer: [
      async (ctx, next) => {
        if (/gzip/.test(ctx.get("Accept-Encoding")) && ctx.query.stream === "1") compress(ctx.res);
        await next();
      },
    ],
  },
  {
    id: "close-alone-ignores-after",
    title: "ignores after in a publish that only closes",
    breaks: ["PUB-AFTER-1"],
    ...posts(async (request, channel, answer) => {
      if (Number(request.headers["content-length"]) > 1_048_576) return answer(request, channel);
      const bytes = await bytesOf(request);
      const body = looseBody(bytes);
      const isAlone = body?.close === true && !body.messages?.length && typeof body.after === "string";
      const isCursor = isAlone && /\d/.test(String(body.after));
      return answer(withBody(request, isCursor ? '{"close":true}' : bytes), channel);
    }),
  },
  {
    id: "restart-reopens",
    title: "forgets in a restart that channels are closed",
    breaks: ["POLL-PAGE-9"],
    collateral: because("tests of waking run again after the restart", "LP-NOW-3", "SSE-CLOSED-1"),
    isProvoked: true,
    ...logging((log, restarted) => ({
      read: async (channel, from, options) => {
        const page = await log.read(channel, from, options);
        return restarted ? { ...page, closed: false } : page;
      },
    })),
  },
  {
    id: "restart-forgets-keys",
    title: "forgets idempotency keys in a restart",
    breaks: ["PUB-KEY-1"],
    isProvoked: true,
    ...logging((log, restarted) => ({
      append: (channel, drafts, { key, ...options } = {}) =>
        log.append(channel, drafts, restarted || !key ? options : { ...options, key }),
    })),
  },
];

/** Compress the answer, and never flush. */
function compress(res: ServerResponse): void {
  const write = res.write.bind(res) as (chunk: Uint8Array) => boolean;
  const end = res.end.bind(res) as () => ServerResponse;
  let gzip: Gzip | undefined;
  const begin = (): Gzip => {
    if (gzip) return gzip;
    res.setHeader("Content-Encoding", "gzip");
    gzip = createGzip();
    gzip.on("data", write).once("end", end);
    return gzip;
  };
  res.write = (chunk: unknown) => begin().write(Buffer.from(chunk as Uint8Array));
  res.end = () => {
    begin().end();
    return res;
  };
}
