import { ChannelRequest } from "../request/channel-request.ts";
import type { RequestHeaders } from "../request/request-headers.ts";
import type { Target } from "../request/request-target.ts";
import { readBody } from "./fetch-body.ts";

/** What replaces parts of a web `Request`, so that the answer to any request can be a read. */
export interface ReadAs {
  readonly method?: string;
  readonly headers?: RequestHeaders;
}

/**
 * A web `Request` for a channel. It is over when {@link end} is called, or when the platform aborts the signal of the
 * request because the client has disconnected.
 */
export class FetchRequest extends ChannelRequest<Request> {
  readonly request: Request;
  readonly remoteAddress: string | undefined;
  readonly headers: RequestHeaders;
  readonly method: string;
  private listeners: (() => void)[] = [];
  private ended = false;

  constructor(request: Request, target: Target, remoteAddress: string | undefined, as: ReadAs = {}) {
    // Not all platforms make the URL from `Host`, which is what a browser says and an attacker cannot choose.
    super({ ...target, host: request.headers.get("host") ?? target.host }, undefined);
    this.request = request;
    this.remoteAddress = remoteAddress;
    this.headers = as.headers ?? Object.fromEntries(request.headers);
    this.method = as.method ?? request.method;
    request.signal.addEventListener("abort", () => this.end(), { once: true });
  }

  get isOver(): boolean {
    return this.ended || this.request.signal.aborted;
  }

  whenOver(listener: () => void): void {
    this.listeners.push(listener);
  }

  readBody(maxBytes: number): Promise<Uint8Array> {
    return readBody(this.request, maxBytes);
  }

  /** The answer is complete, or nobody reads it. Idempotent. */
  end(): void {
    this.ended = true;
    const { listeners } = this;
    this.listeners = [];
    for (const listener of listeners) listener();
  }
}
