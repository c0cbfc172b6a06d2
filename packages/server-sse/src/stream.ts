import { ProtocolError, type RawPage } from "@tidemark/protocol";
import type {
  Beginning,
  ChannelContext,
  Connection,
  FeedReader,
  Follower,
  Frame,
  LeaveReason,
  StreamBody,
  StreamSink,
  StreamWriter,
} from "@tidemark/server-core";
import { blocksOf, displacedFrame, heartbeatFrame, openBlock, pageFrame } from "./blocks.ts";

/** What every stream of a server has in common. */
export interface StreamSettings {
  readonly heartbeatS: number;
  /** Milliseconds after which a cut stream is to be opened again. */
  readonly retryMs: () => number;
  /** Milliseconds after which a stream ends for the client to open another, each up to a tenth later; or `null`. */
  readonly maxAgeMs: number | null;
}

/**
 * One stream, from its first page on. It follows the feed while its connection takes what it gets; where that has to
 * wait it leaves, with its own cursor, and reads on from there once it has drained: nothing is queued for it.
 *
 * Ends without a word where the channel is removed, retention overtook it, or its authorization is over. Where the
 * hooks could not be asked it goes on for their time of grace.
 */
export class Stream implements StreamBody, StreamWriter, Follower {
  seat = -1;
  cursor: string;
  readonly #events: readonly string[] | undefined;
  /** Undefined once it is not needed any more. */
  #channel: ChannelContext | undefined;
  readonly #connection: Connection;
  readonly #settings: StreamSettings;
  readonly #endsAt: number;
  #beginning: Beginning | undefined;
  #sink: StreamSink | undefined;
  #reader: FeedReader | undefined;
  #over = false;
  /** Bytes wait for the connection. */
  #blocked = false;
  #pumping = false;
  /** Something was said since the clock's last beat. */
  #spoke = true;
  /** The hooks are being asked. */
  #asking = false;
  #askedAt = performance.now();
  /** When the first of the questions began that the hooks have left open; undefined if they answered the last one. */
  #unknownSince: number | undefined;

  constructor(
    beginning: Beginning,
    events: readonly string[] | undefined,
    channel: ChannelContext,
    connection: Connection,
    settings: StreamSettings,
  ) {
    this.#beginning = beginning;
    this.cursor = beginning.page.from;
    this.#events = events;
    this.#channel = channel;
    this.#connection = connection;
    this.#settings = settings;
    const { maxAgeMs } = settings;
    this.#endsAt =
      maxAgeMs === null ? Number.POSITIVE_INFINITY : performance.now() + maxAgeMs * (1 + Math.random() / 10);
  }

  start(sink: StreamSink): void {
    const { page, gap } = this.#beginning ?? {};
    this.#beginning = undefined;
    this.#sink = sink;
    sink.open(this);
    if (this.#over || !page) return;
    const { heartbeatS, retryMs } = this.#settings;
    const open = openBlock({ cursor: page.from, heartbeatS, retryMs: retryMs(), gap });
    this.cursor = page.cursor;
    if (!sink.begin(open + blocksOf(page))) this.#blocked = true;
    if (page.closed) this.end();
    else {
      this.#connection.whenLeaving((reason) => this.#leave(reason));
      this.#goOn();
    }
  }

  take(page: RawPage): void {
    this.cursor = page.cursor;
    this.#write(pageFrame(page, this.#events));
    if (page.closed) this.end();
  }

  tick(): void {
    const now = performance.now();
    if (now > this.#endsAt) {
      this.end();
      return;
    }
    this.#beat(); // whatever the hooks say, and however long they take
    this.#ask(now);
  }

  broken(): void {
    this.end();
  }

  drained(): void {
    this.#blocked = false;
    this.#goOn();
  }

  /** End after what was written; the sink then says that it is gone. */
  end(): void {
    if (this.#over) return;
    this.gone();
    this.#sink?.end();
  }

  gone(): void {
    this.#over = true;
    this.#reader?.unfollow(this);
    this.#reader?.close();
    this.#connection.close();
  }

  #write(frame: Frame | undefined): void {
    if (!frame || this.#over || !this.#sink) return;
    this.#spoke = true;
    if (this.#sink.write(frame)) return;
    this.#blocked = true;
    this.#reader?.unfollow(this);
  }

  /** A displaced stream is told when to come again, and why for whoever looks at it. */
  #leave(reason: LeaveReason): void {
    if (reason.why === "displaced" && !this.#blocked) this.#write(displacedFrame(reason.retryMs));
    this.end();
  }

  /** Two beats without a word are a heartbeat's time, but for a tenth. Nothing is said while bytes wait. */
  #beat(): void {
    if (this.#blocked || this.#spoke) this.#spoke = false;
    else this.#write(heartbeatFrame(this.cursor));
  }

  /** Have the hooks look again whether the stream may go on; one question at a time. */
  #ask(now: number): void {
    const channel = this.#channel;
    if (this.#over || !channel?.canRefuse) return;
    this.#endAfterGrace(channel, now);
    if (this.#over || this.#asking) return;
    this.#asking = true;
    this.#askedAt = now;
    this.#unknownSince ??= now;
    channel.judge().then(
      (standing) => {
        this.#asking = false;
        if (standing === "allowed") this.#unknownSince = undefined;
        else this.#endAfterGrace(channel, performance.now());
      },
      (error) => this.#fail(error),
    );
  }

  /** Each at another time, as all streams of a server lose their hooks at once. */
  #endAfterGrace({ hookGraceMs }: ChannelContext, now: number): void {
    const spread = 1 + Math.random() / 10;
    if (this.#unknownSince !== undefined && now - this.#unknownSince > hookGraceMs * spread) this.end();
  }

  #goOn(): void {
    if (this.#pumping || this.#blocked || this.#over) return;
    this.#reader ??= this.#channel?.joinNow();
    if (this.#reader && !this.#channel?.canRefuse) this.#channel = undefined;
    if (this.#reader?.follow(this)) return;
    this.#pumping = true;
    this.#catchUp().then(
      () => {
        this.#pumping = false;
        this.#goOn();
      },
      (error) => this.#fail(error),
    );
  }

  /** One page further, and a turn of the event loop for the others. */
  async #catchUp(): Promise<void> {
    // Who catches up has no beats.
    const now = performance.now();
    if (now - this.#askedAt > this.#settings.heartbeatS * 1_000) this.#ask(now);
    const reader = this.#reader ?? (await this.#join());
    if (!reader || reader.broken) return this.end();
    const page = await reader.read(this.cursor);
    if (page && !this.#over) this.take(page);
    if (page) await new Promise((resolve) => setImmediate(resolve));
  }

  async #join(): Promise<FeedReader | undefined> {
    const reader = await this.#channel?.join();
    this.#reader = reader;
    if (this.#over) reader?.close();
    return reader;
  }

  /** A refusal just ends a stream: what the client is told stands in the answer to its next request. */
  #fail(error: unknown): void {
    if (this.#over) return;
    const isRefusal = error instanceof ProtocolError && error.status < 500;
    this.gone();
    if (isRefusal) this.#sink?.end();
    else this.#sink?.fail(error);
  }
}
