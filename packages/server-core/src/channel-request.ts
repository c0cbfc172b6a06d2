import type { IncomingHttpHeaders } from "node:http";
import type { ReadRequest } from "@tidemark/protocol";

/** A request for a channel as it arrived, before anything of it was checked. */
export interface Visit {
  readonly method: string;
  /** The channel's name, decoded. */
  readonly channel: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<IncomingHttpHeaders>;
  readonly remoteAddress: string | undefined;
  /** Aborts when the exchange is over, answered or not: whatever the request holds is let go of then. */
  readonly signal: AbortSignal;
}

/** A request that was authorized and read. */
export interface ChannelRequest extends Visit {
  /** Who asks, as the `authorize` hook said; empty for everybody without credentials. */
  readonly principal: string;
  /** The parameters of a `GET` or `HEAD`; empty for other methods, whose query says nothing. */
  readonly read: ReadRequest;
  /** The body's bytes, read only as they are asked for. */
  readonly body: AsyncIterable<Uint8Array>;
}
