import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Ready } from "../caches/known-answers.ts";
import type { ChannelServer } from "../channel-server.ts";
import { reportKnown } from "../observe/report-answer.ts";
import type { Target } from "../request/request-target.ts";
import { inTurn, isPipelined } from "./in-turn.ts";
import { NodeRequest } from "./node-request.ts";
import { NodeRim } from "./node-rim.ts";
import { ResponseOutlet, write } from "./response-outlet.ts";

type Failed = (error: unknown) => void;

/**
 * Answers a request of `node:http` or `node:http2`. False if it is not for a channel: the request is untouched then.
 * `failed` is called with failures of the server (default `onError`).
 *
 * @throws TypeError if `req` is not a request of `node:http`, for example a web `Request`; nothing else
 */
export type NodeHandler = (
  req: IncomingMessage | Http2ServerRequest,
  res: ServerResponse | Http2ServerResponse,
  failed?: Failed,
) => boolean;

const BAD_TARGET_FIELDS = ["Content-Type", "text/plain", "Cache-Control", "no-store", "Content-Length", "12"];

/** The answer to an invalid request target. HTTP/1 ends the connection, as after any invalid HTTP. */
function badTarget({ httpVersionMajor }: IncomingMessage): Ready {
  const close = httpVersionMajor === 1 ? ["Connection", "close"] : [];
  return { status: 400, fields: [...BAD_TARGET_FIELDS, ...close], body: "Bad Request\n" };
}

/** Serve channels by `node:http` or `node:http2`, or in a framework that hands out its requests, such as Express and Fastify. */
export function nodeHandler(channels: ChannelServer<IncomingMessage>): NodeHandler {
  const rim = new NodeRim(channels);

  function handle(
    req: IncomingMessage,
    res: ServerResponse,
    failed: Failed = channels.reports.failed,
  ): boolean {
    if (req.httpVersionMajor !== 1) assertOfNode(req);
    if (isPipelined(req, res)) return handleInTurn(req, res, failed);
    const known = rim.find(req);
    if (known !== undefined) {
      if (channels.observer) reportKnown(channels.observer, known);
      writeReady(rim, req, res, known, failed);
      return true;
    }
    const target = channels.locate(req.method, req.url ?? "");
    if (target === undefined) return false;
    if (target === "invalid") writeReady(rim, req, res, badTarget(req), failed);
    else answer(rim, channels, req, res, target, failed);
    return true;
  }

  function handleInTurn(req: IncomingMessage, res: ServerResponse, failed: Failed): boolean {
    if (channels.locate(req.method, req.url ?? "") === undefined) return false;
    inTurn(req, res, () => handle(req, res, failed));
    return true;
  }

  return handle as NodeHandler;
}

/** Without this, a web `Request` would look like a request for another path, and its route would answer `404`. */
function assertOfNode({ httpVersionMajor }: IncomingMessage): void {
  if (typeof httpVersionMajor === "number") return;
  throw new TypeError(
    "handle() takes the request and the response of node:http; fetchHandler of @tidemark/server-core/fetch takes a web Request",
  );
}

function answer(
  rim: NodeRim,
  channels: ChannelServer<IncomingMessage>,
  req: IncomingMessage,
  res: ServerResponse,
  target: Target,
  failed: Failed,
): void {
  if (!rim.claim(req, res, failed)) return;
  const request = new NodeRequest(req, res, target, req);
  const outlet = new ResponseOutlet(rim, req, res);
  const revision = req.method === "GET" ? channels.known?.revisionOf(request.channel) : undefined;
  channels.attempt(request).then(
    (answered) => {
      const fields = deliver(answered);
      if (fields !== undefined && answered.etag !== undefined)
        channels.known?.keep(req, request.channel, revision, answered, fields);
    },
    (error) => void deliver(channels.refusal(error, failed)),
  );

  function deliver(answered: Parameters<NodeRim["deliver"]>[2]): string[] | undefined {
    try {
      return rim.deliver(req, res, answered, outlet, failed);
    } catch (error) {
      rim.broke(res, error, failed);
      return undefined;
    }
  }
}

function writeReady(
  rim: NodeRim,
  req: IncomingMessage,
  res: ServerResponse,
  ready: Ready,
  failed: Failed,
): void {
  if (rim.isTaken(res, failed)) return;
  try {
    write(rim.channels, req, res, ready);
  } catch (error) {
    rim.broke(res, error, failed);
  }
}
