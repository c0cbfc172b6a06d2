import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Answer, isStreamed } from "./answer.ts";
import { HttpExchange } from "./http-exchange.ts";
import type { Ready } from "./known-answers.ts";
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
  const known = rim.find(req);
  if (known !== undefined && !rim.server.draining) {
    write(rim, req, res, known);
    return true;
  }
  const mark = url.indexOf("?");
  const channel = nameOf(mark === -1 ? url : url.slice(0, mark));
  if (channel === undefined) return false;
  const exchange = new HttpExchange(req, res, channel ?? "", mark === -1 ? "" : url.slice(mark));
  const { host = "" } = req.headers;
  const revision = req.method === "GET" ? rim.known?.revisionOf(exchange.channel) : undefined;
  rim.admitted(exchange, channel === null, host).then(
    (answer) => {
      const fields = writeAnswer(rim, req, res, answer);
      if (answer.etag !== undefined) rim.known?.keep(req, exchange.channel, revision, answer, fields);
    },
    (error) => writeAnswer(rim, req, res, rim.refusal(error, failed)),
  );
  return true;
}

/** Answers the header fields that it sent. */
function writeAnswer(rim: Rim, req: IncomingMessage, res: ServerResponse, answer: Answer): string[] {
  const { method = "GET" } = req;
  // What is left of a refused body is thrown away as it comes.
  if (method === "POST" && !req.complete) req.resume();
  const { status, body } = answer;
  const fields = rim.fieldsOf(method, req, answer);
  if (isStreamed(body)) {
    res.writeHead(status, fields);
    body.start(new ResponseSink(res, rim.ownSinkOptions));
    return fields;
  }
  if (body !== undefined) fields.push("Content-Length", String(answer.length ?? Buffer.byteLength(body)));
  write(rim, req, res, { status, fields, body: method === "HEAD" ? undefined : body });
  return fields;
}

function write(rim: Rim, req: IncomingMessage, res: ServerResponse, { status, fields, body }: Ready): void {
  // HTTP/1.1 keeps connections unless it is told not to.
  if (req.httpVersionMinor === 1 && !rim.server.draining) res.removeHeader("Connection");
  res.writeHead(status, fields);
  if (body === undefined) res.end();
  else res.end(body);
}
