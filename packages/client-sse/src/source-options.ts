import type { SubscribeOptions } from "@tidemark/client-core";
import type { EventStreamOptions } from "./event-stream/stream-options.ts";

interface WithCredentials {
  /** Send cookies to other origins too. @defaultValue false */
  readonly withCredentials?: boolean;
}

/** The options of `subscribe`, such as `after` and `headers`, for a Tidemark channel. */
interface ChannelSourceOptions extends SubscribeOptions, WithCredentials {
  readonly protocol?: "tidemark";
}

/** The options of `readEventStream`, for the stream of any server. */
export interface StreamSourceOptions extends Omit<EventStreamOptions, "comments">, WithCredentials {
  readonly protocol: "any";
}

/**
 * The option of the platform's `EventSource`, and those of `subscribe`; with `protocol: "any"`, those of
 * `readEventStream`. The default of `protocol` is `tidemark`.
 */
export type EventSourceOptions = ChannelSourceOptions | StreamSourceOptions;

/** An `error` event. */
export interface ErrorEvent extends Event {
  /** The failure; undefined when a stream or the channel has ended. */
  readonly error?: Error | undefined;
}

/** The `this` of listeners: a source of this package, or the platform's. */
interface Source extends EventTarget {
  readonly url: string;
  readonly withCredentials: boolean;
  readonly readyState: number;
  close(): void;
}

export type Listener<E extends Event> = ((this: Source, event: E) => void) | null;

export type AddOptions = boolean | AddEventListenerOptions;
