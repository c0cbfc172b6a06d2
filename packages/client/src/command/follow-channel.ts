import { type AnswerError, type ConnectionError, GapError } from "@tidemark/client-core";
import { fileStore } from "@tidemark/client-core/file-store";
import { fetch as platformFetch, stoppable } from "@tidemark/client-core/kit";
import { type SubscribeOptions, subscribe } from "../subscribe.ts";
import { printMessage } from "./print-lines.ts";
import { type FollowArguments, UsageError } from "./read-arguments.ts";
import { describe, describeRetry, type Say } from "./say.ts";

type Mechanism = NonNullable<SubscribeOptions["mechanism"]>;

/** How following ended. */
export interface Followed {
  /** Where to resume; undefined if nothing was printed. */
  readonly place: string | undefined;
  /** The server sends an event stream, but is not a Tidemark server. */
  readonly isPlain?: boolean;
}

/** Print the messages of a channel until it is closed. */
export async function followChannel(
  args: FollowArguments,
  mechanism: Mechanism,
  signal: AbortSignal,
  say: Say,
): Promise<Followed> {
  const answers = watchAnswers(signal, mechanism === "auto");
  const messages = begin(args, {
    mechanism,
    fetch: answers.fetch,
    signal: answers.signal,
    onRetry(retry) {
      if (answers.isHopeless(retry.error)) throw retry.error;
      say(describeRetry(retry));
    },
  });
  let place: string | undefined;
  try {
    for await (const { cursor, event, data } of messages) {
      await printMessage({ cursor, event, data }, args, signal);
      place = cursor;
    }
  } catch (error) {
    if (!signal.aborted) throw explain(error, answers.isStrange());
  }
  return { place: messages.committed ?? place, isPlain: answers.isPlain() };
}

function begin(args: FollowArguments, options: SubscribeOptions) {
  const { url, headers, giveUpAfterMs, from, store, onGap } = args;
  try {
    return subscribe(url, {
      ...options,
      headers,
      ...(giveUpAfterMs !== undefined && { giveUpAfterMs }),
      ...(from !== undefined && { after: from }),
      ...(store !== undefined && { store: fileStore(store) }),
      ...(onGap && { onGap: () => onGap }),
    });
  } catch (error) {
    throw new UsageError(describe(error), { cause: error });
  }
}

/** Makes the requests, and remembers what kind of server answers. */
function watchAnswers(signal: AbortSignal, findsPlain: boolean) {
  const found = stoppable(signal);
  let isKnown = false;
  let isPlain = false;
  let status: number | undefined;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    status = undefined;
    const response = await platformFetch(input, init);
    status = response.status;
    isKnown ||= response.headers.has("tidemark");
    const type = response.headers.get("content-type") ?? "";
    if (findsPlain && !isKnown && response.ok && /^text\/event-stream\b/i.test(type)) {
      isPlain = true;
      found.stop();
    }
    return response;
  };
  return {
    fetch,
    signal: found.signal,
    isPlain: () => isPlain,
    /** Something has answered, but no Tidemark server yet. */
    isStrange: () => !isKnown && status !== undefined,
    /** No Tidemark server has answered, and a retry would not find one: only a gateway's error can pass. */
    isHopeless: (error: AnswerError | ConnectionError | Error) => {
      const { failure } = error as Partial<ConnectionError>;
      if (isKnown) return false;
      return failure === "unreachable" || (failure === "foreign" && (status ?? 0) < 500);
    },
  };
}

/** Say what the person can do about an error. */
function explain(error: unknown, isStrange: boolean): unknown {
  if (error instanceof GapError)
    return new Error(`${error.message}; continue with --on-gap start, or with --on-gap end`, {
      cause: error,
    });
  if (isStrange)
    return new Error(
      `${describe(error)}; is the path right? --mechanism event-stream reads a stream without Tidemark`,
    );
  return error;
}
