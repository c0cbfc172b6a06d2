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
  type LeaveReason,
  pageAnswer,
  selectEvents,
} from "@tidemark/server-core";

/** The answer to a request whose client has gone. */
const UNREAD: Answer = { status: 200, headers: {} };

/** Clients that are let go of come again spread over this time, in milliseconds. */
const COME_AGAIN_MS = 5_000;

/** Hooks that could not be asked are asked again after this time, in milliseconds. */
const ASK_AGAIN_MS = 1_000;

/** How long they may take when the wait is over, in milliseconds: clients give up 15 s after it (LP-CLIENT-5). */
const LAST_ANSWER_MS = 5_000;

/** Hold a request at `cursor`, the end of the log so far, until there is something to tell. Spec: long polling. */
export function hold(
  request: ChannelRequest,
  channel: ChannelContext,
  cursor: string,
  waitMs: number,
): Promise<Answer> {
  if (channel.draining) return judgeAnew(request, channel, cursor, { why: "draining" });
  const connection = channel.connect("held");
  if (!connection) return request.exchange.isOver ? Promise.resolve(UNREAD) : Promise.reject(tooMany());
  return new Promise((resolve) => {
    new HeldPoll(request, channel, connection, cursor, waitMs, resolve).begin();
  });
}

function tooMany(): ProtocolError {
  return new ProtocolError("unavailable", "Too many requests are held");
}

function notAsked(): ProtocolError {
  return new ProtocolError("unavailable", "Whether this may be read could not be found out");
}

/**
 * A request that waits at the feed's cursor; whatever comes first answers it, and lets go of all that it holds. Where
 * hooks have a say it is answered when they have let it; until then it is held, and the message is kept back.
 */
class HeldPoll implements Follower {
  seat = -1;
  cursor: string;
  readonly #request: ChannelRequest;
  readonly #channel: ChannelContext;
  readonly #connection: Connection;
  /** The end of the wait, and then of the last question to the hooks. */
  #deadline: Deadline;
  /** When the hooks are asked again. */
  #again: Deadline | undefined;
  /** It has left the feed and is to be answered. */
  #awake = false;
  /** It is to be answered now, whatever the hooks say. */
  #isLast = false;
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
    this.#deadline = channel.expireAfter(() => this.#answerNow(undefined), waitMs);
  }

  begin(): void {
    this.#request.exchange.whenOver(() => this.#finish(UNREAD));
    this.#connection.whenLeaving((reason) => this.#answerNow(reason));
    this.#reader = this.#channel.joinNow();
    if (!this.#reader?.follow(this)) this.#catchUp().catch((error) => this.#fail(error));
  }

  take(page: RawPage): void {
    const { read } = this.#request;
    const selected = selectEvents(page, read.events, this.#channel.limit);
    if (isNews(selected)) this.#wake(() => pageAnswer(selected, this.#channel));
    else this.cursor = selected.cursor;
  }

  /** It speaks once, and only then. */
  tick(): void {}

  broken(): void {
    this.#wake(() => this.#readAnew(undefined));
  }

  async #catchUp(): Promise<void> {
    const reader = this.#reader ?? (await this.#channel.join());
    this.#reader = reader;
    if (this.#over) return reader.close();
    while (!this.#over && !this.#awake && !reader.follow(this)) {
      if (reader.broken) return this.broken();
      const page = await reader.read(this.cursor);
      if (page && !this.#over && !this.#awake) this.take(page);
    }
  }

  /** Answer, where hooks have a say when they have let it; and what it is if somebody else was faster. */
  #wake(answer: () => Answer | Promise<Answer>): void {
    if (this.#over || this.#awake) return;
    this.#awake = true;
    this.#reader?.unfollow(this);
    if (this.#channel.canRefuse) this.#ask(answer);
    else this.#finish(answer());
  }

  #ask(answer: () => Answer | Promise<Answer>): void {
    this.#again = undefined;
    this.#channel.judge().then(
      (standing) => {
        if (this.#over) return;
        if (standing === "allowed") this.#finish(answer());
        else if (this.#isLast) this.#finish(Promise.reject(notAsked()));
        // What was news by then is read again, as of a request that has just arrived.
        else
          this.#again = this.#channel.expireAfter(
            () => this.#ask(() => this.#readAnew(undefined)),
            ASK_AGAIN_MS,
          );
      },
      (error) => this.#finish(Promise.reject(error)),
    );
  }

  /** The wait is over, or the server lets go: what the hooks do not say in time is not waited for. */
  #answerNow(leaving: LeaveReason | undefined): void {
    if (this.#over || this.#isLast) return;
    this.#isLast = true;
    if (this.#channel.canRefuse) this.#boundLastQuestion();
    if (!this.#awake) this.#wake(() => this.#readAnew(leaving));
    else if (this.#again) {
      this.#again.callOff();
      this.#ask(() => this.#readAnew(leaving));
    } // else a question is open, and its answer comes
  }

  #boundLastQuestion(): void {
    this.#deadline.callOff();
    const giveUp = (): void => this.#finish(Promise.reject(notAsked()));
    this.#deadline = this.#channel.expireAfter(giveUp, LAST_ANSWER_MS);
  }

  #readAnew(leaving: LeaveReason | undefined): Promise<Answer> {
    return readAnew(this.#request, this.#channel, this.cursor, leaving);
  }

  /** A gap that a reader meets on its way is told by judging the request anew. */
  #fail(error: unknown): void {
    if (this.#awake) return; // it is answered otherwise
    if (error instanceof ProtocolError && error.code === "gap") this.broken();
    else this.#finish(Promise.reject(error));
  }

  #finish(answer: Answer | Promise<Answer>): void {
    if (this.#over) return;
    this.#over = true;
    this.#deadline.callOff();
    this.#again?.callOff();
    this.#reader?.unfollow(this);
    this.#reader?.close();
    this.#connection.close();
    this.#resolve(answer);
  }
}

/** Answer as if the request had just arrived at `cursor`. Spec: long polling, LP-WAIT-4 and 5. */
async function judgeAnew(
  request: ChannelRequest,
  channel: ChannelContext,
  cursor: string,
  leaving: LeaveReason | undefined,
): Promise<Answer> {
  if (channel.canRefuse && (await channel.judge()) === "unknown") throw notAsked();
  return readAnew(request, channel, cursor, leaving);
}

/** The same once it was let in: from the log itself. */
async function readAnew(
  request: ChannelRequest,
  channel: ChannelContext,
  cursor: string,
  leaving: LeaveReason | undefined,
): Promise<Answer> {
  const { page, gap } = await begin(channel, request.read, cursor);
  return pageAnswer(page, channel, { gap, retryMs: leaving && retryMsOf(leaving) });
}

function retryMsOf(reason: LeaveReason): number {
  return reason.why === "displaced" ? reason.retryMs : Math.random() * COME_AGAIN_MS;
}

/** Whether a page is worth an answer before the wait is over. */
export function isNews(page: RawPage): boolean {
  return page.messages.length > 0 || page.closed;
}
