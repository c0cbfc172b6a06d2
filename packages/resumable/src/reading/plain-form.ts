import { Buffer } from "node:buffer";
import { isCursor, parseReadRequest, type RawMessage, type RawPage } from "@tidemark/protocol";
import { type Frame, frameOf, type Mechanism } from "@tidemark/server-core";
import type { StreamForm } from "@tidemark/server-sse";
import { streamAnswers } from "@tidemark/server-sse/mechanism";
import { decodeBlock, withId } from "../blocks/stored-block.ts";
import { endOf, isComplete, RECORD } from "../runs/records.ts";

/** The block that plain readers get last, for a run that is not complete; see `ResumableOptions.brokenBlock`. */
export type BrokenBlock = (end: { readonly how: string; readonly detail?: string }) => string | undefined;

/** Sent with the head of an answer, so that it arrives at once. */
const BEGIN = Buffer.from(":\n\n");
const HEARTBEAT = frameOf(":\n\n");

/** The stream as the upstream sent it, with an id on each block. */
export function plainForm(brokenBlock: BrokenBlock | undefined): StreamForm {
  const frames = new WeakMap<RawPage, Frame | undefined>();
  const bytesOf = (page: RawPage): Buffer =>
    Buffer.concat(page.messages.map((one) => bytesOfMessage(one, brokenBlock)));
  return {
    begin: (page) => Buffer.concat([BEGIN, bytesOf(page)]),
    page(page) {
      if (frames.has(page)) return frames.get(page);
      const frame = frameOf(bytesOf(page), page.messages.length);
      frames.set(page, frame);
      return frame;
    },
    heartbeat: () => HEARTBEAT,
    displaced: (retryMs) => frameOf(`retry: ${retryMs}\n\n`),
    isComplete,
  };
}

function bytesOfMessage(message: RawMessage, brokenBlock: BrokenBlock | undefined): Buffer {
  const { event, json, cursor } = message;
  if (event === undefined) return withId(decodeBlock(json), cursor);
  if (event === RECORD.tail) return decodeBlock(json);
  const end = endOf(message);
  if (end === undefined || end.how === "complete") return Buffer.alloc(0);
  return Buffer.from(brokenBlock?.(end) ?? "");
}

/** Options of {@link plainMechanism}. */
export interface PlainOptions {
  readonly heartbeatS: number;
  readonly retryMs: number;
  readonly brokenBlock: BrokenBlock | undefined;
}

/** Serves a run as the stream that its upstream sent. */
export function plainMechanism({ brokenBlock, ...options }: PlainOptions): Mechanism {
  const answer = streamAnswers(options, plainForm(brokenBlock));
  return {
    name: "plain",
    methods: ["GET", "HEAD"],
    claims: () => ({}),
    parse: parsePlain,
    accepts: ({ query, headers }) => isPlain(query, headers.accept ?? ""),
    async answer(request, channel) {
      const { lastEventId } = request.read;
      if (lastEventId !== undefined && isCursor(lastEventId)) {
        const page = await channel.readToFollow(lastEventId);
        if (page.closed && page.messages.every(({ event }) => event === RECORD.end)) return overAnswer(page);
      }
      return answer(request, channel);
    },
  };
}

/** The reader has everything. `204` stops an `EventSource`; so does `502`, which says that the run is not complete. */
function overAnswer(page: RawPage): { status: number; headers: Record<string, string>; body?: string } {
  const end = endOf(page.messages.at(-1));
  if (end === undefined || end.how === "complete") return { status: 204, headers: {} };
  const detail = end.detail ?? "The run is not complete, and there will be no more of it";
  const problem = { type: "about:blank", title: "Bad Gateway", status: 502, detail, how: end.how };
  return {
    status: 502,
    headers: { "Content-Type": "application/problem+json" },
    body: JSON.stringify(problem),
  };
}

/** A reader that knows nothing of Tidemark may send any parameters: only `after` and `lastEventId` count. */
function parsePlain(
  query: URLSearchParams,
  { lastEventId }: { readonly lastEventId: string | undefined },
): ReturnType<typeof parseReadRequest> {
  const known = new URLSearchParams(
    [...query].filter(([name]) => name === "after" || name === "lastEventId"),
  );
  known.set("stream", "1");
  return parseReadRequest(known, { lastEventId }, { event: false });
}

/** Everything is plain, except a request for one of Tidemark's mechanisms. */
export function isPlain(query: URLSearchParams, accept: string): boolean {
  if (query.has("stream")) return query.get("stream") !== "1";
  if (query.has("wait")) return false;
  return !/\bapplication\/json\b/i.test(accept) || /\btext\/event-stream\b/i.test(accept);
}
