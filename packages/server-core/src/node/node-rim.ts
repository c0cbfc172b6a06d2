import type { IncomingMessage, ServerResponse } from "node:http";
import { type Answer, abandon, isStreamed } from "../answer/answer.ts";
import { InterferenceError } from "../answer/interference.ts";
import { type Outlet, writeAnswer } from "../answer/write-answer.ts";
import type { Ready } from "../caches/known-answers.ts";
import type { ChannelServer } from "../channel-server.ts";
import { hostOf } from "./host-of.ts";
import { isDestroyed } from "./is-destroyed.ts";
import { claimBody, releaseBody } from "./read-body.ts";
import type { SinkOptions } from "./response-sink.ts";

type Failed = (error: unknown) => void;

/** What both ways through `node:http` share: `nodeHandler`, and the Koa middleware. */
export class NodeRim {
  readonly channels: ChannelServer<never>;
  /** For streams whose request no other code sees, except a hook, which can use it at any time. */
  readonly #sinkOptions: SinkOptions;
  /** Listener for `error` on a response: other code wrote after its end. Without it, the process would end. */
  readonly #wroteLate: (error: unknown) => void;

  constructor(channels: ChannelServer<never>) {
    this.channels = channels;
    const { streams, isObserved } = channels;
    this.#sinkOptions = { ...streams, unobserved: !isObserved && !streams.plain };
    this.#wroteLate = (cause) =>
      channels.reports.report(
        new InterferenceError("response-broken", "Other code broke a response", { cause }),
      );
  }

  /** How the stream of a request is written. Requests of HTTP/2 cannot forget their head. */
  sinkOptionsOf(req: IncomingMessage): SinkOptions {
    return req.httpVersionMajor === 1 ? this.#sinkOptions : this.channels.streams;
  }

  /** Take a request, whose answer {@link deliver} writes. False if it is too late. */
  claim(req: IncomingMessage, res: ServerResponse, failed: Failed): boolean {
    if (this.isTaken(res, failed)) return false;
    claimBody(req);
    res.on("error", this.#wroteLate);
    return true;
  }

  /** Write an answer if still possible. Returns its header fields, or undefined if it was not written. */
  deliver(
    req: IncomingMessage,
    res: ServerResponse,
    answer: Answer,
    outlet: Outlet,
    failed: Failed,
  ): string[] | undefined {
    releaseBody(req);
    if (this.isTaken(res, failed)) {
      if (isStreamed(answer.body)) abandon(answer.body);
      return undefined;
    }
    const fields = this.channels.fieldsOf(req.method ?? "GET", req.headers.origin, answer);
    if (this.channels.draining && req.httpVersionMajor < 2) fields.push("Connection", "close");
    writeAnswer(answer, fields, outlet);
    return fields;
  }

  /** A known answer to a poll, if its `Host` is accepted. */
  find(request: IncomingMessage): Ready | undefined {
    const { known, draining } = this.channels;
    if (known === undefined || draining || !this.channels.acceptsHost(hostOf(request) ?? ""))
      return undefined;
    return known.find(request);
  }

  /** Whether it is too late to answer: the client has disconnected, or other code has answered, which is reported. */
  isTaken(res: ServerResponse, failed: Failed): boolean {
    if (!res.headersSent && !res.writableEnded) return isDestroyed(res);
    const message = `Other code sent an answer (${res.statusCode}) before Tidemark did: Tidemark's answer is dropped`;
    this.channels.reports.report(new InterferenceError("response-sent-before", message), failed);
    return true;
  }

  /** Handle a failed write: the client gets an empty `500`, or at least the end of its connection. */
  broke(res: ServerResponse, cause: unknown, failed: Failed): void {
    const message = "Writing an answer failed; other code may have wrapped the response";
    this.channels.reports.report(new InterferenceError("response-broken", message, { cause }), failed);
    try {
      if (res.headersSent) res.destroy();
      else {
        for (const name of res.getHeaderNames()) res.removeHeader(name);
        res.statusCode = 500;
        res.end();
      }
    } catch {
      res.destroy(); // the same failure again, which was reported above
    }
  }
}
