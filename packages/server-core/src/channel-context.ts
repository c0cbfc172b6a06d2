import type { Log, ReadOptions } from "@tidemark/log";
import type { Claims, Position, RawPage } from "@tidemark/protocol";
import type { Connection } from "./connections.ts";
import type { FeedReader } from "./feed-reader.ts";

/** What a mechanism has of its server and channel while it answers one request. */
export interface ChannelContext {
  /** The channel's name, decoded. */
  readonly name: string;
  readonly log: Log;
  /** All that the server claims here. */
  readonly claims: Claims;
  /** The server lets go of its connections: nothing is to be held any more. */
  readonly draining: boolean;
  /** The messages of a page: as many as the request asks for, within the server's bounds. */
  readonly limit: number;
  /** Read the log; equal reads of many requests are one, but none that began before this call. @throws ProtocolError */
  read(from: Position, options: ReadOptions): Promise<RawPage>;
  /** Join the channel's feed; the reader leaves it when the exchange is over, or by its `close`. */
  join(options?: { readonly wantsTicks?: boolean }): Promise<FeedReader>;
  /** Whether the request would be let in if it arrived now: authorization and existence. @throws ProtocolError */
  judge(): Promise<void>;
  /** Be counted as a stream or a held request; undefined where the server takes no more of them. */
  connect(kind: "held" | "stream"): Connection | undefined;
}
