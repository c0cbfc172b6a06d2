import { ProtocolError, type RawPage } from "@tidemark/protocol";
import {
  type Answer,
  begin,
  type ChannelContext,
  type ChannelRequest,
  type Connection,
  type Deadline,
  type FeedReader,
  type Follower,
  pageAnswer,
  selectEvents,
} from "@tidemark/server-core";

/** The answer to a request whose client has gone. */
const UNREAD: Answer = { status: 200, headers: {} };

/** Clients that are let go of come again spread over this time, in milliseconds. */
const COME_AGAIN_MS = 5_000;

/** Hold a request at `cursor`, the end of the log so far, until there is something to tell. Spec: long polling. */
export function hold(
  request: ChannelRequest,
  channel: ChannelContext,
  cursor: string,
  waitMs: number,
): Promise<Answer> {
  if (channel.draining) return judgeAnew(request, channel, cursor, true);
  const connection = channel.connect("held");
  if (!connection) return request.exchange.isOver ? Promise.resolve(UNREAD) : Promise.reject(tooMany());
  return new Promise((resolve) => {
    new HeldPoll(request, channel, connection, cursor, waitMs, resolve).begin();
  });
}

function tooMany(): ProtocolError {
  return new ProtocolError("unavailable", "Too many requests are held");
}

/** A request that waits at the feed's cursor; whatever comes first answers it, and lets go of all that it holds. */
class HeldPoll implements Follower {
  seat = -1;
  cursor: string;
  readonly #request: ChannelRequest;
  readonly #channel: ChannelContext;
  readonly #connection: Connection;
  readonly #deadline: Deadline;
  readonly #resolve: (answer: Answer | Promise<Answer>) => void;
  #reader: FeedReader | undefined;
  #over = false;

  constructor(
    request: ChannelRequest,
    channel: ChannelContext,
    connection: Connection,
    cursor: string,
    waitMs: number,
    resolve: (answer: Answer | Promise<Answer>) => void,
  ) {
    this.#request = request;
    this.#channel = channel;
    this.#connection = connection;
    this.cursor = cursor;
    this.#resolve = resolve;
    // The clock runs from here: setting up the feed is part of the wait.
    this.#deadline = channel.expireAfter(() => this.#judge(false), waitMs);
  }

  begin(): void {
    this.#request.exchange.whenOver(() => this.#finish(UNREAD));
    this.#connection.whenLeaving(() => this.#judge(true));
    this.#reader = this.#channel.joinNow();
    if (!this.#reader?.follow(this)) this.#catchUp().catch((error) => this.#fail(error));
  }

  take(page: RawPage): void {
    const { read } = this.#request;
    const selected = selectEvents(page, read.events, this.#channel.limit);
    this.cursor = selected.cursor;
    if (!isNews(selected)) return;
    this.#finish(this.#channel.canRefuse ? this.#judged(selected) : pageAnswer(selected, this.#channel));
  }

  /** It speaks once, and only then. */
  tick(): void {}

  broken(): void {
    this.#judge(false);
  }

  async #catchUp(): Promise<void> {
    const reader = this.#reader ?? (await this.#channel.join());
    this.#reader = reader;
    if (this.#over) return reader.close();
    while (!this.#over && !reader.follow(this)) {
      if (reader.broken) return this.#judge(false);
      const page = await reader.read(this.cursor);
      if (page && !this.#over) this.take(page);
    }
  }

  async #judged(page: RawPage): Promise<Answer> {
    await this.#channel.judge();
    return pageAnswer(page, this.#channel);
  }

  #judge(leaving: boolean): void {
    if (!this.#over) this.#finish(judgeAnew(this.#request, this.#channel, this.cursor, leaving));
  }

  /** A gap that a reader meets on its way is told by judging the request anew. */
  #fail(error: unknown): void {
    if (error instanceof ProtocolError && error.code === "gap") this.#judge(false);
    else this.#finish(Promise.reject(error));
  }

  #finish(answer: Answer | Promise<Answer>): void {
    if (this.#over) return;
    this.#over = true;
    this.#deadline.callOff();
    this.#reader?.unfollow(this);
    this.#reader?.close();
    this.#connection.close();
    this.#resolve(answer);
  }
}

/** Answer as if the request had just arrived at `cursor`, from the log itself. Spec: long polling, LP-WAIT-4 and 5. */
async function judgeAnew(
  request: ChannelRequest,
  channel: ChannelContext,
  cursor: string,
  leaving: boolean,
): Promise<Answer> {
  await channel.judge();
  const { page, gap } = await begin(channel, request.read, cursor);
  return pageAnswer(page, channel, { gap, retryMs: leaving ? Math.random() * COME_AGAIN_MS : undefined });
}

/** Whether a page is worth an answer before the wait is over. */
export function isNews(page: RawPage): boolean {
  return page.messages.length > 0 || page.closed;
}
