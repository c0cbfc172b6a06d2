import type { Log, ReadOptions } from "@tidemark/log";
import type { Position, RawPage } from "@tidemark/protocol";
import type { Hooks, Standing } from "../access/hooks.ts";
import type { ByteCache, Encoded } from "../caches/byte-cache.ts";
import type { FeedReader } from "../feed/feed-reader.ts";
import type { Feeds } from "../feed/feeds.ts";
import type { Connection, Connections } from "../limits/connections.ts";
import type { Deadline, Deadlines } from "../limits/deadlines.ts";
import type { NewChannels } from "../limits/new-channels.ts";
import type { ChannelContext, ServerClaims } from "./channel-context.ts";
import type { ChannelRequest } from "./channel-request.ts";

/** The parts of a server that all its requests share. */
export interface ServerParts {
  readonly log: Log;
  readonly claims: ServerClaims;
  readonly feeds: Feeds;
  readonly connections: Connections;
  readonly newChannels: NewChannels;
  readonly deadlines: Deadlines;
  readonly encoded: ByteCache;
  readonly hooks: Hooks;
}

/** The server and the channel for one request. Its fields are `private`, not `#`, so that `altered` works on it. */
export class RequestContext implements ChannelContext {
  readonly limit: number;
  private readonly parts: ServerParts;
  private readonly request: ChannelRequest;

  constructor(parts: ServerParts, request: ChannelRequest, limit: number) {
    this.parts = parts;
    this.request = request;
    this.limit = limit;
  }

  get name(): string {
    return this.request.channel;
  }

  get log(): Log {
    return this.parts.log;
  }

  get claims(): ServerClaims {
    return this.parts.claims;
  }

  get draining(): boolean {
    return this.parts.connections.draining;
  }

  get canRefuse(): boolean {
    return this.parts.hooks.canRefuse;
  }

  get takesCredentials(): boolean {
    return this.parts.hooks.takesCredentials;
  }

  get hookGraceMs(): number {
    return this.parts.hooks.graceMs;
  }

  admitWrite(): Promise<void> | undefined {
    const { principal, remoteAddress } = this.request;
    return this.parts.newChannels.admit(this.name, principal, remoteAddress);
  }

  read(from: Position, options: ReadOptions): Promise<RawPage> {
    return this.parts.feeds.reads.read(this.name, from, options);
  }

  readToFollow(from: Position): Promise<RawPage> {
    return this.parts.feeds.burst.read(this.name, from);
  }

  join(): Promise<FeedReader> {
    return this.parts.feeds.join(this.name);
  }

  joinNow(): FeedReader | undefined {
    return this.parts.feeds.joinNow(this.name);
  }

  encoded(name: string, make: () => Encoded): Encoded {
    return this.parts.encoded.get(`${name} ${this.name}`, make);
  }

  isFollowedAt(cursor: Position): boolean {
    return this.parts.feeds.isAt(this.name, cursor);
  }

  expireAfter(expire: () => void, waitMs: number): Deadline {
    return this.parts.deadlines.add(expire, waitMs);
  }

  judge(): Promise<Standing> {
    return this.parts.hooks.judge(this.request);
  }

  connect(kind: "held" | "stream"): Connection | undefined {
    return this.parts.connections.open(kind, this.request);
  }
}
