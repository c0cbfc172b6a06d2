import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "../answer/answer.ts";
import type { StreamSink } from "../answer/stream-sink.ts";
import type { Outlet } from "../answer/write-answer.ts";
import type { Ready } from "../caches/known-answers.ts";
import type { ChannelServer } from "../channel-server.ts";
import type { NodeRim } from "./node-rim.ts";
import { ResponseSink } from "./response-sink.ts";
import { writeHead } from "./write-head.ts";

/** Writes an answer to a response of `node:http`. */
export class ResponseOutlet implements Outlet {
  readonly #rim: NodeRim;
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;

  constructor(rim: NodeRim, req: IncomingMessage, res: ServerResponse) {
    this.#rim = rim;
    this.#req = req;
    this.#res = res;
  }

  send({ status, length }: Answer, fields: string[], body: string | Uint8Array | undefined): void {
    if (body !== undefined) fields.push("Content-Length", String(length ?? Buffer.byteLength(body)));
    const sent = this.#req.method === "HEAD" ? undefined : body;
    write(this.#rim.channels, this.#req, this.#res, { status, fields, body: sent });
  }

  open({ status }: Answer, fields: string[]): StreamSink {
    const res = this.#res;
    if (res.hasHeader("Content-Length")) res.removeHeader("Content-Length");
    writeHead(res, status, fields);
    return new ResponseSink(res, this.#rim.sinkOptionsOf(this.#req));
  }
}

/** Write a whole answer. */
export function write(
  channels: ChannelServer<never>,
  req: IncomingMessage,
  res: ServerResponse,
  { status, fields, body }: Ready,
): void {
  // HTTP/1.1 keeps connections open by default, so the field is redundant. If other code set it, keep it.
  if (req.httpVersionMinor === 1 && !channels.draining && !res.hasHeader("Connection"))
    res.removeHeader("Connection");
  writeHead(res, status, fields);
  if (body === undefined) res.end();
  else res.end(body);
}
