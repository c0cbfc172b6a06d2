import { parseReadRequest, type ReadRequest } from "@tidemark/protocol";
import type { RequestHeaders } from "./request-headers.ts";
import type { Target } from "./request-target.ts";

/** A request for a channel, as hooks see it. `Framework` is the type of the framework's own request. */
export interface Visit<Framework = unknown> {
  readonly method: string;
  /** The channel's name, decoded. */
  readonly channel: string;
  readonly query: URLSearchParams;
  readonly headers: RequestHeaders;
  /** The address of the client; undefined if the platform does not say it. */
  readonly remoteAddress: string | undefined;
  /** The framework's request, with what other middleware added; for a stream, as it was when the stream began. */
  readonly request: Framework;
  /** Aborts when the exchange is over, answered or not. Release what the request holds then. */
  readonly signal: AbortSignal;
}

/** The parameters of a request whose query is ignored. */
export const NO_PARAMETERS: ReadRequest = parseReadRequest(new URLSearchParams(), {}, { event: false });

/**
 * A request for a channel. Each adapter has a subclass, which says how to reach the framework's request. Fields are
 * `private`, not `#`, so that `altered` works on it.
 */
export abstract class ChannelRequest<Framework = unknown> implements Visit<Framework> {
  readonly channel: string;
  /** The query of the URL including `?`, or an empty string. */
  readonly search: string;
  /** The host that the client named; empty if it named none. */
  readonly host: string;
  /** Whether the path contains a valid name of a channel. If not, `channel` is empty. */
  readonly isNamed: boolean;
  /** What `authorize` returned; empty without credentials. Set before a mechanism gets the request. */
  principal = "";
  /** The parameters of a `GET` or `HEAD`, as the mechanism parsed them. */
  read: ReadRequest = NO_PARAMETERS;
  /** The name of the mechanism that answers; empty until it is chosen. */
  mechanism = "";
  private over: AbortController | undefined;

  /** `host`: the header field `Host`, which an absolute target overrides. */
  constructor({ channel, search, host }: Target, hostField: string | undefined) {
    this.channel = channel ?? "";
    this.isNamed = channel !== null;
    this.search = search;
    this.host = host ?? hostField ?? "";
  }

  abstract get method(): string;
  abstract get headers(): RequestHeaders;
  abstract get remoteAddress(): string | undefined;
  abstract get request(): Framework;
  abstract get isOver(): boolean;
  /** Call `listener` once when the exchange is over; never if it is over already. */
  abstract whenOver(listener: () => void): void;
  /** Read the body. @throws ProtocolError `too-large` as soon as it is known to exceed `maxBytes` */
  abstract readBody(maxBytes: number): Promise<Uint8Array>;

  get query(): URLSearchParams {
    return new URLSearchParams(this.search);
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
}
