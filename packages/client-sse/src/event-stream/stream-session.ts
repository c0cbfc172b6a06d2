import { channelUrl, type Delay, delay, stoppable } from "@tidemark/client-core/kit";
import type { EventStreamOptions, StreamSource } from "./stream-options.ts";

/** What a reader remembers from one connection to the next. */
export interface StreamSession {
  readonly source: StreamSource;
  readonly options: EventStreamOptions;
  readonly delay: Delay;
  /** Aborts when the reader ends, for whatever reason. */
  readonly signal: AbortSignal;
  /** The URL of the last request; undefined before a function has made the first one. */
  url: URL | undefined;
  /** Of the last event that the application has got. */
  lastEventId: string;
  /** The stream's latest `retry:`, in milliseconds. */
  retryMs: number | undefined;
  /** The last request may be sent again from the start. */
  mayRepeat: boolean;
  /** A stream has been opened. */
  wasOpen: boolean;
  /** No more advice: a stream has been opened, or the advice was given. */
  isAdvised: boolean;
  /** The last answer was `401`, and a function is asked for new credentials. */
  unauthorized: boolean;
  /** Consecutive failures; each event ends them. */
  failures: number;
  /** When the first of the consecutive failures occurred, by `performance.now()`. */
  failingSince: number;
  /** When the last attempt began, by `performance.now()`. */
  askedAt: number;
  /** End the reader and abort its request. */
  stop(): void;
}

export function createStreamSession(source: StreamSource, options: EventStreamOptions): StreamSession {
  const { signal, stop } = stoppable(options.signal);
  return {
    source,
    options,
    delay: options.delay ?? delay,
    signal,
    url: typeof source === "function" ? undefined : channelUrl(source),
    lastEventId: options.lastEventId ?? "",
    retryMs: undefined,
    mayRepeat: false,
    wasOpen: false,
    isAdvised: false,
    unauthorized: false,
    failures: 0,
    failingSince: 0,
    askedAt: Number.NEGATIVE_INFINITY,
    stop,
  };
}
