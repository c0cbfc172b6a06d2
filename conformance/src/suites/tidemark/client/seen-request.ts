import { performance } from "node:perf_hooks";
import type { Span } from "../../../engine/model/claim.ts";
import { concat, latin1, text } from "../../../engine/wire/bytes.ts";
import type { Chunk } from "../../../engine/wire/exchange.ts";
import { type HeaderLines, header } from "../../../engine/wire/headers.ts";
import type { ExchangeRecord } from "../../../engine/wire/transcript.ts";

/** How the answer to a request ended: whole, cut by the suite, or dropped by the client. */
export type AnswerEnding = "complete" | "cut" | "client-left";

/** Most bytes of a body that a record keeps. */
const MAX_RECORDED_BYTES = 16 * 1024;

/** A request of the client under test, with its answer. */
export class SeenRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderLines;
  readonly body: Uint8Array;
  /** `performance.now()` when the request was complete. */
  readonly at: number = performance.now();
  /** The chunks of the answer, with their time since {@link at}. */
  readonly sent: Chunk[] = [];
  status: number | undefined;
  responseHeaders: HeaderLines = [];
  ending: AnswerEnding | undefined;
  /** `performance.now()` when the answer ended. */
  endedAt: number | undefined;

  constructor(method: string, target: string, headers: HeaderLines, body: Uint8Array) {
    this.method = method;
    this.target = target;
    this.headers = headers;
    this.body = body;
  }

  /** The query's parameters, decoded. */
  get query(): URLSearchParams {
    return new URL(this.target, "http://origin").searchParams;
  }

  header(name: string): string | undefined {
    return header(this.headers, name);
  }

  /** The position to read from, as the mechanism of this request defines it; undefined if there is none. */
  get position(): string | undefined {
    const id = this.isStream ? this.header("last-event-id") : undefined;
    return (id === "" ? undefined : id) ?? this.query.get("after") ?? undefined;
  }

  /** Whether the request asks for a stream. */
  get isStream(): boolean {
    return this.query.get("stream") === "1" || /text\/event-stream/i.test(this.header("accept") ?? "");
  }

  /** The wait that a long poll asks for, in seconds; undefined for other requests. */
  get waitS(): number | undefined {
    const wait = this.query.get("wait");
    return wait === null || this.isStream ? undefined : Number(wait);
  }

  /** The mechanism of this request. */
  get mechanism(): "poll" | "long-poll" | "sse" {
    if (this.isStream) return "sse";
    return this.waitS === undefined ? "poll" : "long-poll";
  }

  /** The body as text. */
  get text(): string {
    return text(this.body);
  }

  /** The time from the end of this answer to the arrival of another request. */
  spanTo(next: SeenRequest): Span {
    return { from: this.endedAt ?? next.at, to: next.at };
  }

  /** The length of {@link spanTo} in milliseconds. */
  until(next: SeenRequest): number {
    return next.at - (this.endedAt ?? next.at);
  }

  /** Record how the answer ended; only the first call counts. */
  end(ending: AnswerEnding): void {
    if (this.ending !== undefined) return;
    this.ending = ending;
    this.endedAt = performance.now();
  }

  /** The request in the form of a report. */
  record(origin: string, testStartedAt: number): ExchangeRecord {
    const offset = this.at - testStartedAt;
    const all = latin1(concat(this.sent.map(({ bytes }) => bytes)));
    let left = MAX_RECORDED_BYTES;
    const received = this.sent.flatMap(({ atMs, bytes }) => {
      const shown = latin1(bytes.subarray(0, left));
      left -= shown.length;
      return shown === "" ? [] : [{ atMs: Math.round(offset + atMs), text: shown }];
    });
    return {
      method: this.method,
      url: `${origin}${this.target}`,
      headers: this.headers,
      ...(this.body.length > 0 ? { requestBody: latin1(this.body.subarray(0, MAX_RECORDED_BYTES)) } : {}),
      startedAtMs: Math.round(offset),
      ...(this.endedAt === undefined ? {} : { endedAtMs: Math.round(this.endedAt - testStartedAt) }),
      ...(this.status === undefined ? {} : { status: this.status }),
      responseHeaders: this.responseHeaders,
      received: mergeChunks(received),
      ...(all.length > MAX_RECORDED_BYTES ? { omittedBytes: all.length - MAX_RECORDED_BYTES } : {}),
      ending: this.ending ?? "open",
      faults: [],
    };
  }
}

type TextChunk = ExchangeRecord["received"][number];

/** Merge the chunks of one millisecond, which keeps a stream of single bytes readable. */
function mergeChunks(chunks: readonly TextChunk[]): TextChunk[] {
  const merged: TextChunk[] = [];
  for (const chunk of chunks) {
    const last = merged.at(-1);
    if (last?.atMs === chunk.atMs) merged[merged.length - 1] = { ...last, text: last.text + chunk.text };
    else merged.push(chunk);
  }
  return merged;
}
