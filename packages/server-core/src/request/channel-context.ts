import type { Log, ReadOptions } from "@tidemark/log";
import type { Claims, Position, RawPage } from "@tidemark/protocol";
import type { Standing } from "../access/hooks.ts";
import type { Encoded } from "../caches/byte-cache.ts";
import type { FeedReader } from "../feed/feed-reader.ts";
import type { Connection } from "../limits/connections.ts";
import type { Deadline } from "../limits/deadlines.ts";

/** What a server claims in the header field `Tidemark`; its mechanisms can have names that the protocol does not know. */
export type ServerClaims = Omit<Claims, "mechanisms"> & { readonly mechanisms: readonly string[] };

/** What a mechanism can use of its server and channel while it answers one request. */
export interface ChannelContext {
  /** The channel's name, decoded. */
  readonly name: string;
  readonly log: Log;
  /** The server's claims in the field `Tidemark`. */
  readonly claims: ServerClaims;
  /** Whether the server is draining: then nothing may be held. */
  readonly draining: boolean;
  /** The most messages in a page: what the request asks for, within the server's limits. */
  readonly limit: number;
  /** Whether {@link judge} can refuse. If not, it need not be called. */
  readonly canRefuse: boolean;
  /** Whether an `authorize` hook decides who may read. If so, caches must not reuse a page for another user. */
  readonly takesCredentials: boolean;
  /** How long a stream stays open while {@link judge} answers `unknown`, in milliseconds; can be `Infinity`. */
  readonly hookGraceMs: number;
  /**
   * Check whether the client may write to the channel, which may be new. Returns undefined if it may without a look at
   * the log. Rejects with `too-many-requests` if the client has created too many channels.
   */
  admitWrite(): Promise<void> | undefined;
  /** Read the log. Equal reads of several requests share one, which begins after this call. @throws ProtocolError */
  read(from: Position, options: ReadOptions): Promise<RawPage>;
  /** As {@link read} with the feed's limits, for a new stream; many streams share reads. @throws ProtocolError */
  readToFollow(from: Position): Promise<RawPage>;
  /** Join the channel's feed. The caller closes the reader, at the latest when the exchange is over. */
  join(): Promise<FeedReader>;
  /** The same, synchronously; undefined if the channel has no ready feed. */
  joinNow(): FeedReader | undefined;
  /** The body cached under a name that always means the same in this channel; made by `make` if it is not cached. */
  encoded(name: string, make: () => Encoded): Encoded;
  /** Whether the channel's feed is at `cursor` in this very turn: a reader that joins now misses nothing. */
  isFollowedAt(cursor: Position): boolean;
  /** Call `expire` after `waitMs`, slightly early rather than late. */
  expireAfter(expire: () => void, waitMs: number): Deadline;
  /**
   * Check whether the request would be allowed if it arrived now: authorization and existence of the channel.
   * `unknown` means that the hooks failed or timed out, which was reported. This is not a refusal: ask again later.
   * Equal requests share one call of the hooks, which begins after this call. Wait for the result before you ask again.
   * @throws ProtocolError the refusal
   */
  judge(): Promise<Standing>;
  /** Register a stream or a held request; undefined if the server accepts no more of them. */
  connect(kind: "held" | "stream"): Connection | undefined;
}
