import type { Log, ReadOptions } from "@tidemark/log";
import type { Claims, Position, RawPage } from "@tidemark/protocol";
import type { Encoded } from "./byte-cache.ts";
import type { Connection } from "./connections.ts";
import type { Deadline } from "./deadlines.ts";
import type { FeedReader } from "./feed-reader.ts";
import type { Standing } from "./hooks.ts";

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
  /** Whether {@link judge} can refuse: else it need not be asked. */
  readonly canRefuse: boolean;
  /** Whether an `authorize` hook decides who may read: a page for one user is not for another one's browser. */
  readonly takesCredentials: boolean;
  /** How long a stream stays open while {@link judge} answers `unknown`, in milliseconds; can be `Infinity`. */
  readonly hookGraceMs: number;
  /**
   * Ask whether the client may write to the channel, which may be new. Undefined where it may without a question.
   * Rejects with `too-many-requests` if the client has begun too many channels.
   */
  admitWrite(): Promise<void> | undefined;
  /** Read the log; equal reads of many requests are one, but none that began before this call. @throws ProtocolError */
  read(from: Position, options: ReadOptions): Promise<RawPage>;
  /** As {@link read} with the feed's bounds, for who begins a stream; many at one position wait for one read. @throws ProtocolError */
  readToFollow(from: Position): Promise<RawPage>;
  /** Join the channel's feed; whoever joined closes the reader, when the exchange is over at the latest. */
  join(): Promise<FeedReader>;
  /** The same in this very turn; undefined where nobody follows the channel yet. */
  joinNow(): FeedReader | undefined;
  /** What a name stands for in this channel for all time, encoded by `make` only if it is not at hand. */
  encoded(name: string, make: () => Encoded): Encoded;
  /** Whether the channel's feed goes on from `cursor` in this very turn: whoever joins now misses nothing. */
  isFollowedAt(cursor: Position): boolean;
  /** Have `expire` called when a time is over, a little early rather than late. */
  expireAfter(expire: () => void, waitMs: number): Deadline;
  /**
   * Whether the request would be let in if it arrived now: authorization and existence. `unknown` if the hooks failed
   * or did not answer in time, which was reported: that is no refusal, and they are to be asked again later. Equal
   * requests share a question, which begins after this call; ask again only after the answer. @throws ProtocolError the refusal
   */
  judge(): Promise<Standing>;
  /** Be counted as a stream or a held request; undefined where the server takes no more of them. */
  connect(kind: "held" | "stream"): Connection | undefined;
}
