import { Buffer } from "node:buffer";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";

/** Answers a request of `node:http`; in Express, a handler with `next`. */
export type NodeListener = (
  req: IncomingMessage,
  res: ServerResponse,
  next?: (error: unknown) => void,
) => Promise<void>;

const requests = new WeakMap<Request, IncomingMessage>();

/** The request of `node:http` from which a web `Request` was made: it has what other middleware added, such as `user`. */
export function nodeRequestOf(request: Request): IncomingMessage | undefined {
  return requests.get(request);
}

/**
 * Use a function from a web `Request` to a `Response` where requests are those of `node:http`. A body that a body parser
 * has already read is passed on as it was parsed. Errors go to `next`; without it, the client gets a `500`.
 */
export function fromNode(handle: (request: Request) => Response | Promise<Response>): NodeListener {
  return async (req, res, next) => {
    try {
      await write(await handle(requestOf(req, res)), res);
    } catch (error) {
      if (next !== undefined && !res.headersSent) return next(error);
      if (res.headersSent) res.destroy();
      else res.writeHead(500, { "Content-Type": "text/plain" }).end("Internal Server Error\n");
      if (next === undefined) throw error;
    }
  };
}

function requestOf(req: IncomingMessage, res: ServerResponse): Request {
  const { method = "GET", headers, rawHeaders } = req;
  const { originalUrl, body } = req as { originalUrl?: string; body?: unknown };
  const gone = new AbortController();
  res.once("close", () => res.writableFinished || gone.abort());
  const fields = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (!rawHeaders[at]?.startsWith(":")) fields.append(rawHeaders[at] ?? "", rawHeaders[at + 1] ?? "");
  const path = originalUrl ?? req.url ?? "/";
  const url = new URL(path.startsWith("/") ? `http://localhost${path}` : path);
  const host = headers.host ?? headers[":authority"];
  if (typeof host === "string" && URL.canParse(`http://${host}`)) url.host = host;
  const init = {
    method,
    headers: fields,
    body: bodyOf(req, method, body),
    signal: gone.signal,
    duplex: "half",
  };
  const request = new Request(url, init as RequestInit);
  requests.set(request, req);
  return request;
}

function bodyOf(req: IncomingMessage, method: string, parsed: unknown): RequestInit["body"] {
  if (method === "GET" || method === "HEAD") return null;
  if (!req.readableEnded && !req.readableDidRead) return Readable.toWeb(req) as ReadableStream<Uint8Array>;
  if (parsed === undefined) return null;
  return typeof parsed === "string" || Buffer.isBuffer(parsed)
    ? (parsed as NonNullable<RequestInit["body"]>)
    : JSON.stringify(parsed);
}

/** Read the body only while the client takes the bytes, and cancel it when the client disconnects. */
async function write({ status, headers, body }: Response, res: ServerResponse): Promise<void> {
  if (res.destroyed) return void (await body?.cancel());
  res.statusCode = status;
  for (const [name, value] of headers) res.appendHeader(name, value);
  if (body === null) return void res.end();
  res.flushHeaders();
  const reader = body.getReader();
  const closed = once(res, "close");
  closed.then(
    () => reader.cancel().catch(() => undefined), // a stream that has failed cannot be cancelled
    () => undefined,
  );
  try {
    for (let next = await reader.read(); !next.done && !res.destroyed; next = await reader.read())
      if (!res.write(next.value)) await Promise.race([once(res, "drain"), closed]);
    res.end();
  } catch {
    cut(res); // the stream could not be completed, and the client has to see that
  }
}

/** What was written still goes out; the end that would make the answer whole does not. */
function cut(res: ServerResponse): void {
  const stream = (res as { stream?: { close(code: number): void } }).stream;
  if (stream !== undefined)
    stream.close(2); // HTTP/2: INTERNAL_ERROR
  else if (res.socket) res.socket.destroySoon();
  else res.destroy();
}
