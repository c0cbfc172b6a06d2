import type { IncomingMessage, ServerResponse } from "node:http";
import { ChannelRequest } from "../request/channel-request.ts";
import type { RequestHeaders } from "../request/request-headers.ts";
import type { Target } from "../request/request-target.ts";
import { hostOf } from "./host-of.ts";
import { isDestroyed } from "./is-destroyed.ts";
import type { BodyHolder } from "./parsed-body.ts";
import { readBody } from "./read-body.ts";

/** A request through `node:http`, or through an API that looks like it; `Framework` is what hooks get of it. */
export class NodeRequest<Framework> extends ChannelRequest<Framework> {
  readonly request: Framework;
  private readonly req: IncomingMessage;
  private readonly res: ServerResponse;
  private readonly holder: BodyHolder | undefined;

  /** `holder`: where else a body parser may have stored the body. */
  constructor(
    req: IncomingMessage,
    res: ServerResponse,
    target: Target,
    request: Framework,
    holder?: BodyHolder,
  ) {
    super(target, hostOf(req));
    this.req = req;
    this.res = res;
    this.request = request;
    this.holder = holder;
  }

  get method(): string {
    return this.req.method ?? "GET";
  }

  get headers(): RequestHeaders {
    return this.req.headers;
  }

  /** Empty if the client has disconnected, or uses a local socket: limits for one address count these as one. */
  get remoteAddress(): string {
    return this.req.socket?.remoteAddress ?? "";
  }

  get isOver(): boolean {
    return isDestroyed(this.res);
  }

  whenOver(listener: () => void): void {
    this.res.on("close", listener);
  }

  readBody(maxBytes: number): Promise<Uint8Array> {
    return readBody(this.req, maxBytes, this.holder && [this.holder]);
  }
}
