import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Answer, abandon, isStreamed } from "./answer.ts";
import { HttpExchange } from "./http-exchange.ts";
import { inTurn, isPipelined } from "./in-turn.ts";
import type { Ready } from "./known-answers.ts";
import { claimBody, releaseBody } from "./read-body.ts";
import { readTarget } from "./request-target.ts";
import type { Rim } from "./rim.ts";
import { ResponseSink } from "./stream-sink.ts";
import { writeHead } from "./write-head.ts";

type Failed = (error: unknown) => void;

/** The answer to an invalid request target. It ends the connection, as after any invalid HTTP. */
const BAD_TARGET: Ready = {
  status: 400,
  fields: [
    "Content-Type",
    "text/plain",
    "Cache-Control",
    "no-store",
    "Connection",
    "close",
    "Content-Length",
    "12",
  ],
  body: "Bad Request\n",
};

/** Answer a request of `node:http` without Koa. False if it is not for a channel, or not HTTP/1. Never throws. */
export function respond(
  rim: Rim,
  nameOf: (path: string) => string | null | undefined,
  req: IncomingMessage,
  res: ServerResponse,
  failed: Failed,
): boolean {
  const { url = "", httpVersionMajor } = req;
  if (httpVersionMajor !== 1) return false;
  if (isPipelined(req, res)) return respondInTurn(rim, nameOf, req, res, failed);
  const known = rim.find(req);
  if (known !== undefined && !rim.server.draining) {
    writeReady(rim, req, res, known, failed);
    return true;
  }
  const target = readTarget(req.method, url);
  const channel = target && nameOf(target.path);
  if (target !== undefined && channel === undefined) return false;
  if (rim.isTaken(res, failed)) return true;
  if (target === undefined) writeReady(rim, req, res, BAD_TARGET, failed);
  else answer(rim, req, res, channel ?? null, target.search, target.host ?? req.headers.host ?? "", failed);
  return true;
}

function respondInTurn(...args: Parameters<typeof respond>): boolean {
  const [, nameOf, req, res] = args;
  const target = readTarget(req.method, req.url ?? "");
  if (target !== undefined && nameOf(target.path) === undefined) return false;
  inTurn(req, res, () => respond(...args));
  return true;
}

function answer(
  rim: Rim,
  req: IncomingMessage,
  res: ServerResponse,
  channel: string | null,
  search: string,
  host: string,
  failed: Failed,
): void {
  claimBody(req);
  res.on("error", rim.wroteLate);
  const exchange = new HttpExchange(req, res, channel ?? "", search);
  const revision = req.method === "GET" ? rim.known?.revisionOf(exchange.channel) : undefined;
  rim.admitted(exchange, channel === null, host).then(
    (answered) => {
      const fields = deliver(rim, req, res, answered, failed);
      if (fields !== undefined && answered.etag !== undefined)
        rim.known?.keep(req, exchange.channel, revision, answered, fields);
    },
    (error) => void deliver(rim, req, res, rim.refusal(error, failed), failed),
  );
}

/** Write an answer if still possible. Returns its header fields, or undefined if it was not written. Never throws. */
function deliver(
  rim: Rim,
  req: IncomingMessage,
  res: ServerResponse,
  answered: Answer,
  failed: Failed,
): string[] | undefined {
  releaseBody(req);
  if (rim.isTaken(res, failed)) {
    if (isStreamed(answered.body)) abandon(answered.body);
    return undefined;
  }
  try {
    return writeAnswer(rim, req, res, answered);
  } catch (error) {
    rim.broke(res, error, failed);
    return undefined;
  }
}

function writeAnswer(rim: Rim, req: IncomingMessage, res: ServerResponse, answered: Answer): string[] {
  const { method = "GET" } = req;
  const { status, body, length } = answered;
  const fields = rim.fieldsOf(method, req, answered);
  if (isStreamed(body)) {
    try {
      if (res.hasHeader("Content-Length")) res.removeHeader("Content-Length");
      writeHead(res, status, fields);
    } catch (error) {
      abandon(body);
      throw error;
    }
    body.start(new ResponseSink(res, rim.ownSinkOptions));
    return fields;
  }
  if (body !== undefined) fields.push("Content-Length", String(length ?? Buffer.byteLength(body)));
  write(rim, req, res, { status, fields, body: method === "HEAD" ? undefined : body });
  return fields;
}

function writeReady(rim: Rim, req: IncomingMessage, res: ServerResponse, ready: Ready, failed: Failed): void {
  if (rim.isTaken(res, failed)) return;
  try {
    write(rim, req, res, ready);
  } catch (error) {
    rim.broke(res, error, failed);
  }
}

function write(rim: Rim, req: IncomingMessage, res: ServerResponse, { status, fields, body }: Ready): void {
  // HTTP/1.1 keeps connections open by default, so the field is redundant. If other code set it, keep it.
  if (req.httpVersionMinor === 1 && !rim.server.draining && !res.hasHeader("Connection"))
    res.removeHeader("Connection");
  writeHead(res, status, fields);
  if (body === undefined) res.end();
  else res.end(body);
}
