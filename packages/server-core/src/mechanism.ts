import type { ReadRequest } from "@tidemark/protocol";
import type { Answer } from "./answer/answer.ts";
import type { ChannelContext, ServerClaims } from "./request/channel-context.ts";
import type { ChannelRequest, Visit } from "./request/channel-request.ts";

/** What a server offers besides its mechanisms. */
export interface Offers {
  readonly maxLimit: number;
  /** Whether the filter `event=` is offered. */
  readonly event: boolean;
}

/** The header fields that a mechanism's parameters depend on. */
export interface ReadFields {
  readonly accept: string | undefined;
  /** The header field `Last-Event-ID`, decoded as UTF-8. */
  readonly lastEventId: string | undefined;
}

/** One way to use a channel: a plain function from request to answer, and what describes it. */
export interface Mechanism {
  readonly name: string;
  readonly methods: readonly string[];
  /** What it adds to the header field `Tidemark`; lists of `mechanisms` are joined. */
  claims(offers: Offers): Partial<ServerClaims>;
  /** Checks without the log and the body; run before the channel's existence is checked. @throws ProtocolError */
  admit?(visit: Visit): void;
  /**
   * Parse the parameters into `request.read`. Equal requests share the result, so it must depend on nothing else.
   * Mechanisms with the same function are parsed for once. Without it, the query is ignored.
   * @throws ProtocolError `invalid-parameter`, `unsupported-parameter`
   */
  readonly parse?: (query: URLSearchParams, fields: ReadFields, offers: Offers) => ReadRequest;
  /**
   * Whether a request with one of its methods is for this mechanism. The first mechanism that accepts answers. If none
   * does, the first answers that could serve as a `fallback`.
   */
  accepts(request: ChannelRequest): boolean | "fallback";
  /** Answer the request. @throws ProtocolError which is then sent as a problem */
  answer(request: ChannelRequest, channel: ChannelContext): Promise<Answer>;
}
