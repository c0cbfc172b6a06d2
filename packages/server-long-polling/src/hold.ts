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

/** The answer to a request whose client has disconnected. Nobody reads it. */
const UNREAD: Answer = { status: 200, headers: {} };

/** When the server drains, the clients return spread over this time, in milliseconds. */
const COME_AGAIN_MS = 5_000;

/** After a hook has failed it is called again after this time, in milliseconds. */
const ASK_AGAIN_MS = 1_000;

/** How long hooks may take after the wait is over, in milliseconds: clients give up 15 s after it (LP-CLIENT-5). */
const LAST_ANSWER_MS = 5_000;

/** Hold a request at `cursor`, the current end of the log, until there is news. Spec: long polling. */
export function hold(
  request: ChannelRequest,
  channel: ChannelContext,
  cursor: string,
  waitMs: number,
): Promise<Answer> {
  if (channel.draining) return judgeAnew(request, channel, cursor, { why: "draining" });
  const connection = channel.connect("held");
  if (!connection) return request.isOver ? Promise.resolve(UNREAD) : Promise.reject(tooMany());
  return new Promise((resolve) => {
    new HeldPoll(request, channel, connection, cursor, waitMs, resolve).begin();
  });
}

function tooMany(): ProtocolError {
  return new ProtocolError("unavailable", "Too many requests are held");
}

function notAsked(): ProtocolError {
  return new ProtocolError(
    "unavailable",
    "The server could not check whether this client may read the channel",
  );
}

/**
 * A request that waits at the feed's cursor. Whatever happens first answers it and releases everything that it holds.
 * If there are hooks, it is answered only after they have allowed it: until then it stays held, and the message is not
 * sent.
 */
class HeldPoll implements Follower {
  seat = -1;
  cursor: string;
  readonly #request: ChannelRequest;
  readonly #channel: ChannelContext;
  readonly #connection: Connection;
  /** The end of the wait; after that, the end of the last hook call. */
  #deadline: Deadline;
  /** The next hook call, after a failed one. */
  #again: Deadline | undefined;
  /** It has left the feed, and its answer is being made. */
  #awake = false;
  /** The wait is over or the server drains: do not wait for failing hooks any longer. */
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
    // The wait starts here: it includes the time to set up the feed.
    this.#deadline = channel.expireAfter(() => this.#answerNow(undefined), waitMs);
  }

  begin(): void {
    this.#request.whenOver(() => this.#finish(UNREAD));
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

  /** A held poll sends no heartbeats. */
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

  /** Leave the feed and answer; if there are hooks, only after they have allowed it. */
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
        else if (this.#isLast) this.#refuse(notAsked());
        // Read the log again later, as for a request that has just arrived: `answer` may be outdated by then.
        else
          this.#again = this.#channel.expireAfter(
            () => this.#ask(() => this.#readAnew(undefined)),
            ASK_AGAIN_MS,
          );
      },
      (error) => this.#refuse(error),
    );
  }

  /** The wait is over, or the connection has to leave: give the hooks {@link LAST_ANSWER_MS}, then answer. */
  #answerNow(leaving: LeaveReason | undefined): void {
    if (this.#over || this.#isLast) return;
    this.#isLast = true;
    if (this.#channel.canRefuse) this.#boundLastQuestion();
    if (!this.#awake) this.#wake(() => this.#readAnew(leaving));
    else if (this.#again) {
      this.#again.callOff();
      this.#ask(() => this.#readAnew(leaving));
    } // else a hook call is pending, and its result will answer
  }

  #boundLastQuestion(): void {
    this.#deadline.callOff();
    const giveUp = (): void => this.#refuse(notAsked());
    this.#deadline = this.#channel.expireAfter(giveUp, LAST_ANSWER_MS);
  }

  #readAnew(leaving: LeaveReason | undefined): Promise<Answer> {
    return readAnew(this.#request, this.#channel, this.cursor, leaving);
  }

  /** A gap met while catching up is reported by reading again, as for a new request. */
  #fail(error: unknown): void {
    if (this.#awake) return; // its answer is already being made
    if (error instanceof ProtocolError && error.code === "gap") this.broken();
    else this.#refuse(error);
  }

  /** A request that is over takes no error: nobody would handle the rejection, and it would end the process. */
  #refuse(error: unknown): void {
    if (!this.#over) this.#finish(Promise.reject(error));
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

/** The same, after the hooks have allowed it. Reads the log itself. */
async function readAnew(
  request: ChannelRequest,
  channel: ChannelContext,
  cursor: string,
  leaving: LeaveReason | undefined,
): Promise<Answer> {
  const { after: requested = cursor } = request.read;
  const { page, gap } = await begin(channel, request.read, cursor).catch((error: unknown) => {
    throw namingRequested(error, requested);
  });
  const told = gap && { ...gap, requested };
  return pageAnswer(page, channel, { gap: told, retryMs: leaving && retryMsOf(leaving) });
}

/** With a filter, a held poll moves on while it waits, but a gap names the position of the request. Spec: core, Gaps. */
function namingRequested(error: unknown, requested: string): unknown {
  if (!(error instanceof ProtocolError && error.code === "gap")) return error;
  return new ProtocolError("gap", error.detail, { members: { ...error.members, requested }, cause: error });
}

function retryMsOf(reason: LeaveReason): number {
  return reason.why === "displaced" ? reason.retryMs : Math.random() * COME_AGAIN_MS;
}

/** Whether a page answers a held poll before its wait is over. */
export function isNews(page: RawPage): boolean {
  return page.messages.length > 0 || page.closed;
}
