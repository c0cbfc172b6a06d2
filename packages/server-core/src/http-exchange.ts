import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Context } from "koa";
import type { Exchange } from "./channel-request.ts";
import type { BodyHolder } from "./parsed-body.ts";
import { readBody } from "./read-body.ts";

/** An exchange through `node:http`, or through an API that looks like it. */
export class HttpExchange implements Exchange {
  readonly channel: string;
  readonly search: string;
  private readonly req: IncomingMessage;
  private readonly res: ServerResponse;
  private over: AbortController | undefined;

  private readonly context: Context | undefined;

  /** `context`: Koa's context, if the request came through Koa. */
  constructor(req: IncomingMessage, res: ServerResponse, channel: string, search: string, context?: Context) {
    this.req = req;
    this.res = res;
    this.channel = channel;
    this.search = search;
    this.context = context;
  }

  get request(): Context | IncomingMessage {
    return this.context ?? this.req;
  }

  get method(): string {
    return this.req.method ?? "GET";
  }

  get headers(): Readonly<IncomingHttpHeaders> {
    return this.req.headers;
  }

  get query(): URLSearchParams {
    return new URLSearchParams(this.search);
  }

  get remoteAddress(): string | undefined {
    return this.req.socket?.remoteAddress;
  }

  get signal(): AbortSignal {
    if (this.over === undefined) {
      const over = new AbortController();
      this.over = over;
      if (this.isOver) over.abort();
      else this.whenOver(() => over.abort());
    }
    return this.over.signal;
  }

  get isOver(): boolean {
    return this.res.destroyed;
  }

  whenOver(listener: () => void): void {
    this.res.on("close", listener);
  }

  readBody(maxBytes: number): Promise<Uint8Array> {
    // A body parser may have stored the body on Koa's request.
    return readBody(this.req, maxBytes, this.context && [this.context.request as BodyHolder]);
  }
}
