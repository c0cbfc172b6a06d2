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
  StreamEnd,
  StreamSink,
  StreamWriter,
} from "@tidemark/server-core";
import type { StreamForm } from "./stream-form.ts";

/** The settings that all streams of a server share. */
export interface StreamSettings {
  readonly heartbeatS: number;
  /** Milliseconds after which a client is to reconnect when its stream was cut. */
  readonly retryMs: () => number;
  /** Milliseconds after which a stream ends so that its client reconnects (each up to 10 % later); `null`: never. */
  readonly maxAgeMs: number | null;
  readonly form: StreamForm;
}

/**
 * One stream, from its first page to its end. It follows the feed while its connection accepts bytes. When the
 * connection is full, it leaves the feed, and reads on from its own cursor after the drain: nothing is queued for it.
 *
 * Ends without a last event when the channel is removed, when retention overtakes the stream, or when its authorization
 * is withdrawn. If the hooks fail, it stays open for `hookGraceMs`.
 */
export class Stream implements StreamBody, StreamWriter, Follower {
  seat = -1;
  cursor: string;
  readonly #events: readonly string[] | undefined;
  /** Undefined once it is no longer needed. */
  #channel: ChannelContext | undefined;
  readonly #connection: Connection;
  readonly #settings: StreamSettings;
  readonly #endsAt: number;
  #beginning: Beginning | undefined;
  #sink: StreamSink | undefined;
  #reader: FeedReader | undefined;
  #over = false;
  /** The connection is full: bytes are waiting. */
  #blocked = false;
  #pumping = false;
  /** Something was sent since the clock's last tick. */
  #spoke = true;
  /** A call of the hooks is pending. */
  #asking = false;
  #askedAt = performance.now();
  /** When the first hook call without a result began; undefined if the last call gave one. */
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
    const { heartbeatS, retryMs, form } = this.#settings;
    this.cursor = page.cursor;
    const blocks = form.begin(page, { heartbeatS, retryMs: retryMs(), gap });
    this.#connection.sent(page.messages.length, blocks);
    if (!sink.begin(blocks)) this.#blocked = true;
    if (page.closed) this.#complete(page);
    else {
      this.#connection.whenLeaving((reason) => this.#leave(reason));
      this.#goOn();
    }
  }

  take(page: RawPage): void {
    this.cursor = page.cursor;
    this.#write(this.#settings.form.page(page, this.#events));
    if (page.closed) this.#complete(page);
  }

  tick(): void {
    const now = performance.now();
    if (now > this.#endsAt) {
      this.#end("age");
      return;
    }
    this.#beat(); // first, since the hooks may take long
    this.#ask(now);
  }

  broken(): void {
    this.#end("gap");
  }

  drained(): void {
    this.#blocked = false;
    this.#goOn();
  }

  /** End after what was written, before the channel does. */
  #end(why: StreamEnd): void {
    if (this.#over) return;
    this.gone(why);
    if (this.#settings.form.isComplete) this.#sink?.cut();
    else this.#sink?.end();
  }

  gone(why?: StreamEnd): void {
    this.#over = true;
    this.#reader?.unfollow(this);
    this.#reader?.close();
    this.#connection.close(why);
  }

  /** The channel has ended with this page. */
  #complete(page: RawPage): void {
    if (this.#over) return;
    if (this.#settings.form.isComplete?.(page) === false) this.#end("closed");
    else {
      this.gone("closed");
      this.#sink?.end();
    }
  }

  #write(frame: Frame | undefined): void {
    if (!frame || this.#over || !this.#sink) return;
    this.#spoke = true;
    if (frame.messages > 0) this.#connection.sent(frame.messages, frame.bytes);
    if (this.#sink.write(frame)) return;
    this.#blocked = true;
    this.#reader?.unfollow(this);
    this.#reader?.fallBehind();
  }

  /** A displaced stream gets the time to reconnect, and the reason as a comment for people who debug it. */
  #leave(reason: LeaveReason): void {
    if (reason.why === "displaced" && !this.#blocked)
      this.#write(this.#settings.form.displaced(reason.retryMs));
    this.#end(reason.why);
  }

  /** Two silent ticks (0.45 of a heartbeat each): send a heartbeat. A blocked stream sends none. */
  #beat(): void {
    if (this.#blocked || this.#spoke) this.#spoke = false;
    else this.#write(this.#settings.form.heartbeat(this.cursor));
  }

  /** Ask the hooks again whether the stream may stay open; one call at a time. */
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

  /** Up to 10 % later at random: all streams lose the hooks at the same moment, and must not all reconnect together. */
  #endAfterGrace({ hookGraceMs }: ChannelContext, now: number): void {
    const spread = 1 + Math.random() / 10;
    if (this.#unknownSince !== undefined && now - this.#unknownSince > hookGraceMs * spread)
      this.#end("undecided");
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

  /** Read one page, then yield one turn of the event loop to others. */
  async #catchUp(): Promise<void> {
    // A stream that is catching up gets no ticks, so the hooks are asked here.
    const now = performance.now();
    if (now - this.#askedAt > this.#settings.heartbeatS * 1_000) this.#ask(now);
    const reader = this.#reader ?? (await this.#join());
    if (!reader || reader.broken) return this.#end("gap");
    reader.fallBehind();
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

  /** A refusal only ends the stream: the client gets the reason in the answer to its next request. */
  #fail(error: unknown): void {
    if (this.#over) return;
    if (!(error instanceof ProtocolError && error.status < 500)) this.#sink?.report(error);
    this.#end(endOf(error));
  }
}

function endOf(error: unknown): StreamEnd {
  if (!(error instanceof ProtocolError) || error.status >= 500) return "failed";
  return error.code === "gap" ? "gap" : "refused";
}
