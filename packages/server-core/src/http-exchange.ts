import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Exchange } from "./channel-request.ts";
import type { BodyHolder } from "./parsed-body.ts";
import { readBody } from "./read-body.ts";

/** An exchange by `node:http`, or by what looks like it. */
export class HttpExchange implements Exchange {
  readonly channel: string;
  readonly search: string;
  private readonly req: IncomingMessage;
  private readonly res: ServerResponse;
  private over: AbortController | undefined;

  private readonly holders: readonly BodyHolder[] | undefined;

  /** `holders`: where a body parser may have left the body, beside the request itself. */
  constructor(
    req: IncomingMessage,
    res: ServerResponse,
    channel: string,
    search: string,
    holders?: readonly BodyHolder[],
  ) {
    this.req = req;
    this.res = res;
    this.channel = channel;
    this.search = search;
    this.holders = holders;
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
    return readBody(this.req, maxBytes, this.holders);
  }
}
