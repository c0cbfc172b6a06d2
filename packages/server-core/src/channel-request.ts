import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { ReadRequest } from "@tidemark/protocol";
import type { Context } from "koa";

/**
 * A request as the framework has it: Koa's context through the middleware, the request of `node:http` through `handle`
 * and `listen`, the web's `Request` where an adapter serves by those.
 */
export type FrameworkRequest = Context | IncomingMessage | Request;

/** A request for a channel as it arrived, before anything of it was checked. */
export interface Visit<Framework extends FrameworkRequest = FrameworkRequest> {
  readonly method: string;
  /** The channel's name, decoded. */
  readonly channel: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<IncomingHttpHeaders>;
  readonly remoteAddress: string | undefined;
  /** What the framework has, with all that other middleware put there; a stream's stays that of its first moment. */
  readonly request: Framework;
  /** Aborts when the exchange is over, answered or not: whatever the request holds is let go of then. */
  readonly signal: AbortSignal;
}

/** A visit and what its connection can do; what is not asked for is never made. */
export interface Exchange extends Visit {
  /** The part of the address from `?` on, or empty. */
  readonly search: string;
  readonly isOver: boolean;
  /** Have it told once when the exchange is over; not if it is already. */
  whenOver(listener: () => void): void;
  /** The body, read only now. @throws ProtocolError `too-large` as soon as it is known to be larger than that */
  readBody(maxBytes: number): Promise<Uint8Array>;
}

/** A request that was authorized and read. */
export interface ChannelRequest {
  readonly exchange: Exchange;
  readonly method: string;
  readonly channel: string;
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** Who asks, as the `authorize` hook said; empty for everybody without credentials. */
  readonly principal: string;
  /** The parameters of a `GET` or `HEAD`; empty for other methods, whose query says nothing. */
  readonly read: ReadRequest;
}
