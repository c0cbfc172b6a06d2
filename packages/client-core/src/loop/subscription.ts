import { isPosition, type Message } from "@tidemark/protocol";
import { GapError } from "../errors/errors.ts";
import { channelUrl } from "../network/channel-url.ts";
import { abortable } from "../network/on-abort.ts";
import { isLost, rememberLost } from "../stores/lost-cursors.ts";
import { endOfSave } from "./end-of-save.ts";
import type { Mechanism } from "./mechanism.ts";
import { createProgress, type Progress } from "./progress.ts";
import { readLoop } from "./read-loop.ts";
import { createSession, enter, type Session, stateOf } from "./session.ts";
import type { SubscribeOptions, Subscription } from "./subscribe-options.ts";

/**
 * Read a channel with the given mechanism.
 *
 * @throws TypeError if the URL or `after` is invalid, or if no request can be made to such a URL.
 */
export function createSubscription<T = unknown>(
  mechanism: Mechanism,
  url: string | URL,
  options: SubscribeOptions = {},
): Subscription<T> {
  if (!isPosition(options.after ?? "start")) throw new TypeError(`invalid position: ${options.after}`);
  const session = createSession(mechanism, channelUrl(url), options);
  return subscription(session, mechanism) as Subscription<T>;
}

function subscription(session: Session, mechanism: Mechanism): Subscription {
  const progress = createProgress(session.options.store);
  const messages = follow(session, mechanism, progress);
  const unlessStopped = (error: unknown): void => {
    if (error !== session.signal.reason) throw error;
  };
  return {
    get cursor() {
      return session.position;
    },
    get committed() {
      return progress.committed;
    },
    get state() {
      return stateOf(session);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => messages.next(),
    async return() {
      // A generator's own `return` would wait for the network.
      session.stop();
      const done = await messages.return(undefined);
      enter(session, "ended");
      return done as IteratorReturnResult<undefined>;
    },
    commit: (message) => progress.commit(message?.cursor),
    async forEach(handler) {
      for await (const message of this) {
        await handler(message);
        await endOfSave(progress.commit(message.cursor), session.signal).catch(unlessStopped);
      }
    },
  };
}

/** Yield the messages one by one; with `commit: "auto"`, asking for the next one commits the one before. */
async function* follow(
  session: Session,
  mechanism: Mechanism,
  progress: Progress,
): AsyncGenerator<Message, undefined, void> {
  const { options, signal } = session;
  const saved = (saving: Promise<void>) => (options.store ? endOfSave(saving, signal) : saving);
  try {
    const stored = await abortable(progress.load(), signal);
    // Without this, the same gap would be reported at every start, whatever `after` says.
    const isOverruled = options.after !== undefined && stored !== undefined && isLost(session.url, stored);
    if (stored !== undefined && !isOverruled) session.position = stored;
    for await (const { messages } of readLoop(session, mechanism)) {
      for (const message of messages) {
        if (signal.aborted) return;
        progress.outstanding = message.cursor;
        yield message;
        if (options.commit !== "manual") await saved(progress.commit());
      }
      if (signal.aborted) return;
      await saved(progress.settle(session.position));
    }
  } catch (error) {
    if (error === signal.reason) return;
    if (error instanceof Error) session.error = error;
    if (error instanceof GapError && progress.committed !== undefined)
      rememberLost(session.url, progress.committed);
    throw error;
  } finally {
    session.stop();
    enter(session, "ended");
  }
}
