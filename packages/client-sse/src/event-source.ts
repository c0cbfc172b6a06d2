import type { State, SubscribeOptions } from "@tidemark/client-core";
import { createSubscription } from "@tidemark/client-core/kit";
import { CLOSED_EVENT, type Message } from "@tidemark/protocol";
import { createSse } from "./sse.ts";

/** What the platform's `EventSource` takes, and what it does not: where to begin, headers, a store, what to do about gaps. */
export interface EventSourceOptions extends SubscribeOptions {
  /** Send cookies to other origins too. @defaultValue false */
  readonly withCredentials?: boolean;
}

/** An `error` event. */
export interface ErrorEvent extends Event {
  /** What went wrong; undefined at the end of a stream, and of the channel. */
  readonly error: Error | undefined;
}

type Listener<E extends Event> = ((this: EventSource, event: E) => void) | null;

// Handed on as it came, once it is known to be JSON.
const sse = createSse((json) => {
  JSON.parse(json);
  return json;
});

/**
 * The interface of the platform's `EventSource` (WHATWG HTML, 9.2) on this package's client, for code that exists.
 * It connects again where the platform's gives up, resumes from a stored cursor, and closes only when the channel is
 * closed, when the server refuses for good, or for a gap that `onGap` does not answer; each with an `error` event.
 * `data` is JSON text, `lastEventId` the cursor. A message counts as handled when its listeners have returned.
 */
export class EventSource extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSED = 2;
  readonly url: string;
  readonly withCredentials: boolean;
  onopen: Listener<Event> = null;
  onmessage: Listener<MessageEvent<string>> = null;
  onerror: Listener<ErrorEvent> = null;
  readonly #stop = new AbortController();
  #readyState: 0 | 1 | 2 = 0;

  /** Throws a TypeError if the URL or the position is none. */
  constructor(url: string | URL, { withCredentials = false, ...options }: EventSourceOptions = {}) {
    super();
    this.url = new URL(url, globalThis.location?.href).href;
    this.withCredentials = withCredentials;
    for (const type of ["open", "message", "error"] as const)
      super.addEventListener(type, (event) => this[`on${type}`]?.(event as MessageEvent & ErrorEvent));
    options.signal?.addEventListener("abort", () => this.close());
    if (options.signal?.aborted) this.close();
    else void this.#run(options);
  }

  get readyState(): 0 | 1 | 2 {
    return this.#readyState;
  }

  /** Stop for good; no event tells of it. */
  close(): void {
    this.#readyState = this.CLOSED;
    this.#stop.abort();
  }

  override addEventListener(type: "error", listener: (event: ErrorEvent) => void, options?: AddOptions): void;
  override addEventListener(
    type: string,
    listener: (event: MessageEvent<string>) => void,
    options?: AddOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: AddOptions,
  ): void;
  override addEventListener(type: string, listener: never, options?: AddOptions): void {
    super.addEventListener(type, listener, options);
  }

  async #run(options: SubscribeOptions): Promise<void> {
    const messages = createSubscription<string>(sse, this.url, {
      ...(this.withCredentials ? { credentials: "include" } : {}),
      ...options,
      signal: this.#stop.signal,
      onState: (state) => {
        this.#enter(state);
        options.onState?.(state);
      },
    });
    let failure: unknown;
    try {
      for await (const message of messages) this.#tell(message);
      if (!this.#stop.signal.aborted)
        this.#tell({ event: CLOSED_EVENT, data: "{}", cursor: messages.cursor });
    } catch (error) {
      failure = error;
    }
    if (this.#stop.signal.aborted) return;
    this.#readyState = this.CLOSED;
    this.#fail(failure);
  }

  #enter({ phase, error }: State): void {
    if (this.#stop.signal.aborted || phase === "ended") return;
    const wasOpen = this.#readyState === this.OPEN;
    this.#readyState = phase === "live" ? this.OPEN : this.CONNECTING;
    if (phase === "live" && !wasOpen) this.dispatchEvent(new Event("open"));
    if (phase === "waiting" || phase === "refused" || (phase === "connecting" && wasOpen)) this.#fail(error);
  }

  #fail(error: unknown): void {
    this.dispatchEvent(Object.assign(new Event("error"), { error }));
  }

  #tell({ event = "message", data, cursor: lastEventId }: Message<string>): void {
    this.dispatchEvent(new MessageEvent(event, { data, lastEventId, origin: new URL(this.url).origin }));
  }
}

type AddOptions = boolean | AddEventListenerOptions;
