// A platform for web handlers on `node:http`, for tests: as Deno and Bun do it, with backpressure and disconnects.
import { once } from "node:events";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { FetchHandler } from "@tidemark/server-core/fetch";

/** Answer the requests of `node:http` by a web handler, which also gets the address of the client. */
export function listenerOf(handler: FetchHandler<readonly [address: string]>): RequestListener {
  return (req, res) => {
    const request = requestOf(req, res);
    if (request === undefined) res.writeHead(400).end();
    else
      handler(request, req.socket.remoteAddress ?? "").then(
        (response) => write(response, res),
        (error) => res.destroy(error),
      );
  };
}

/** Undefined if the target or a header field cannot be expressed. */
function requestOf(req: IncomingMessage, res: ServerResponse): Request | undefined {
  const { method = "GET", url = "", headers, rawHeaders } = req;
  const isPath = url.startsWith("/") || (url === "*" && method === "OPTIONS");
  const target = isPath ? `http://${headers.host ?? "localhost"}/${url.replace(/^\//, "")}` : url;
  if (!URL.canParse(target) || new URL(target).protocol !== "http:") return undefined;
  const gone = new AbortController();
  res.once("close", () => res.writableFinished || gone.abort());
  const fields = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2)
    fields.append(rawHeaders[at] ?? "", rawHeaders[at + 1] ?? "");
  const hasBody = method !== "GET" && method !== "HEAD";
  const body = hasBody ? (Readable.toWeb(req) as ReadableStream<Uint8Array>) : null;
  try {
    const init = { method, headers: fields, body, signal: gone.signal, duplex: "half" };
    return new Request(target, init as RequestInit);
  } catch (error) {
    if (error instanceof TypeError) return undefined; // user information in the URL, or a forbidden method
    throw error;
  }
}

/** Write a response; reads its body only while the client takes the bytes, and cancels it if the client disconnects. */
async function write({ status, headers, body }: Response, res: ServerResponse): Promise<void> {
  if (res.destroyed) return void body?.cancel();
  res.writeHead(status, [...headers].flat());
  if (body === null) return void res.end();
  res.flushHeaders();
  const reader = body.getReader();
  const closed = once(res, "close");
  void closed.then(() => reader.cancel().catch(() => undefined)); // a stream with an error cannot be cancelled
  try {
    for (let next = await reader.read(); !next.done && !res.destroyed; next = await reader.read())
      if (!res.write(next.value)) await Promise.race([once(res, "drain"), closed]);
    res.end();
  } catch (error) {
    res.destroy(error as Error);
  }
}
