import { Buffer } from "node:buffer";
import type { Answer } from "../answer/answer.ts";
import type { StreamSink } from "../answer/stream-sink.ts";
import { type Outlet, writeAnswer } from "../answer/write-answer.ts";
import type { ChannelServer } from "../channel-server.ts";
import type { Target } from "../request/request-target.ts";
import { releaseBody } from "./fetch-body.ts";
import { FetchRequest, type ReadAs } from "./fetch-request.ts";
import { FetchSink } from "./fetch-sink.ts";

/** Answers a web `Request`. Never rejects. `Platform`: what the platform passes besides the request. */
export type FetchHandler<Platform extends readonly unknown[] = readonly unknown[]> = (
  request: Request,
  ...platform: Platform
) => Promise<Response>;

/** Options of {@link fetchHandler}. */
export interface FetchOptions<Platform extends readonly unknown[] = readonly unknown[]> {
  /**
   * The address of the client, which a web `Request` does not have. Deno, for example:
   * `(_, info) => info.remoteAddr.hostname`. Without it, limits for one address do not apply.
   * @defaultValue unknown
   */
  remoteAddress?(request: Request, ...platform: Platform): string | undefined;
  /** Called with failures of the server, which the client sees as `internal`. @defaultValue `onError` of the server */
  readonly failed?: ((error: unknown) => void) | undefined;
}

/**
 * Serve channels in every framework that answers a web `Request` with a `Response`: Deno, Bun, Hono, Next.js and others.
 * A request for another path gets `404`. The platform has to abort `request.signal`, or to cancel the body of the
 * response, when the client disconnects; and it must not limit how long a request is held.
 */
export function fetchHandler<Platform extends readonly unknown[] = readonly unknown[]>(
  channels: ChannelServer<Request>,
  options: FetchOptions<Platform> = {},
): FetchHandler<Platform> {
  const { failed } = options;
  return async function handle(request: Request, ...platform: Platform): Promise<Response> {
    const target = channels.locate(request.method, withoutFragment(request.url));
    if (target === undefined) return plain(404, "Not Found\n");
    if (target === "invalid") return plain(400, "Bad Request\n");
    const remoteAddress = options.remoteAddress?.(request, ...platform);
    return answerFetch(channels, request, { target, remoteAddress, failed });
  };
}

/** Which channel a request is for, and how it is read. */
export interface FetchTarget extends ReadAs {
  readonly target: Target;
  readonly remoteAddress?: string | undefined;
  /** Called with failures of the server, which the client sees as `internal`. @defaultValue `onError` of the server */
  readonly failed?: ((error: unknown) => void) | undefined;
  /** Called once when the exchange is over. */
  readonly whenOver?: () => void;
}

/**
 * Answer a request for a channel that the application has chosen, by a route of its own for example. Never rejects.
 * With `method` and `headers`, the request counts as one with these: the answer to a `POST` can be a stream.
 */
export async function answerFetch(
  channels: ChannelServer<Request>,
  request: Request,
  { target, remoteAddress, failed, whenOver, ...as }: FetchTarget,
): Promise<Response> {
  const visit = new FetchRequest(request, target, remoteAddress, as);
  if (whenOver !== undefined) visit.whenOver(whenOver);
  const answer = await channels.answer(visit, failed);
  if (as.method === undefined) releaseBody(request); // else the application may still read it
  const outlet = new FetchOutlet(channels, visit);
  try {
    writeAnswer(answer, channels.fieldsOf(visit.method, visit.headers.origin, answer), outlet);
  } catch (error) {
    channels.reports.report(error, failed);
    visit.end();
  }
  return outlet.response;
}

class FetchOutlet implements Outlet {
  /** An empty `500` unless the answer could be written. */
  response: Response = new Response(null, { status: 500 });
  readonly #channels: ChannelServer<Request>;
  readonly #visit: FetchRequest;

  constructor(channels: ChannelServer<Request>, visit: FetchRequest) {
    this.#channels = channels;
    this.#visit = visit;
  }

  send({ status, length }: Answer, fields: string[], body: string | Uint8Array | undefined): void {
    if (body !== undefined) fields.push("Content-Length", String(length ?? Buffer.byteLength(body)));
    const sent = this.#visit.method === "HEAD" ? null : (body ?? null);
    this.response = new Response(sent as ConstructorParameters<typeof Response>[0], {
      status,
      headers: pairsOf(fields),
    });
    this.#visit.end();
  }

  open({ status }: Answer, fields: string[]): StreamSink {
    const sink = new FetchSink(this.#visit, this.#channels.streams);
    this.response = new Response(sink.stream, { status, headers: pairsOf(fields) });
    return sink;
  }
}

function pairsOf(fields: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at < fields.length; at += 2) pairs.push([fields[at] ?? "", fields[at + 1] ?? ""]);
  return pairs;
}

function withoutFragment(url: string): string {
  const mark = url.indexOf("#");
  return mark === -1 ? url : url.slice(0, mark);
}

function plain(status: number, text: string): Response {
  return new Response(text, {
    status,
    headers: { "Content-Type": "text/plain", "Cache-Control": "no-store" },
  });
}
