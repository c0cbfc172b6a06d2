import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { ReadRequest } from "@tidemark/protocol";
import type { Context } from "koa";

/**
 * The framework's own request: Koa's context through the middleware, the request of `node:http` through `handle` and
 * `listen`, or the web's `Request` through an adapter for it.
 */
export type FrameworkRequest = Context | IncomingMessage | Request;

/** A request for a channel as it arrived, before any check. */
export interface Visit<Framework extends FrameworkRequest = FrameworkRequest> {
  readonly method: string;
  /** The channel's name, decoded. */
  readonly channel: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<IncomingHttpHeaders>;
  readonly remoteAddress: string | undefined;
  /** The framework's request, with what other middleware added; for a stream, as it was when the stream began. */
  readonly request: Framework;
  /** Aborts when the exchange is over, answered or not. Release what the request holds then. */
  readonly signal: AbortSignal;
}

/** A visit with access to its connection. Members are computed on first use. */
export interface Exchange extends Visit {
  /** The query of the URL including `?`, or an empty string. */
  readonly search: string;
  readonly isOver: boolean;
  /** Call `listener` once when the exchange is over; never if it is over already. */
  whenOver(listener: () => void): void;
  /** Read the body. @throws ProtocolError `too-large` as soon as it is known to exceed `maxBytes` */
  readBody(maxBytes: number): Promise<Uint8Array>;
}

/** A request that was authorized and parsed. */
export interface ChannelRequest {
  readonly exchange: Exchange;
  readonly method: string;
  readonly channel: string;
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** The principal that the `authorize` hook returned; empty without credentials. */
  readonly principal: string;
  /** The parameters of a `GET` or `HEAD`; empty for other methods, whose query is ignored. */
  readonly read: ReadRequest;
}
