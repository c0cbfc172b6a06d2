import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Answer, isStreamed } from "./answer.ts";
import { HttpExchange } from "./http-exchange.ts";
import type { Rim } from "./rim.ts";
import { ResponseSink } from "./stream-sink.ts";

/** Answer a request of `node:http` without Koa; false if it is not for a channel, or not by HTTP/1. */
export function respond(
  rim: Rim,
  nameOf: (path: string) => string | null | undefined,
  req: IncomingMessage,
  res: ServerResponse,
  failed: (error: unknown) => void,
): boolean {
  const { url = "", httpVersionMajor } = req;
  if (httpVersionMajor !== 1) return false;
  const mark = url.indexOf("?");
  const channel = nameOf(mark === -1 ? url : url.slice(0, mark));
  if (channel === undefined) return false;
  const exchange = new HttpExchange(req, res, channel ?? "", mark === -1 ? "" : url.slice(mark));
  const { host = "" } = req.headers;
  rim.admitted(exchange, channel === null, host).then(
    (answer) => writeAnswer(rim, req, res, answer),
    (error) => writeAnswer(rim, req, res, rim.refusal(error, failed)),
  );
  return true;
}

function writeAnswer(rim: Rim, req: IncomingMessage, res: ServerResponse, answer: Answer): void {
  const { method = "GET" } = req;
  // What is left of a refused body is thrown away as it comes.
  if (method === "POST" && !req.complete) req.resume();
  const { status, body } = answer;
  const fields = rim.fieldsOf(method, req, answer);
  if (isStreamed(body)) {
    res.writeHead(status, fields);
    body.start(new ResponseSink(res, rim.ownSinkOptions));
    return;
  }
  if (body !== undefined) fields.push("Content-Length", String(answer.length ?? Buffer.byteLength(body)));
  // HTTP/1.1 keeps connections unless it is told not to.
  if (req.httpVersionMinor === 1 && !rim.server.draining) res.removeHeader("Connection");
  res.writeHead(status, fields);
  if (body === undefined || method === "HEAD") res.end();
  else res.end(body);
}
