import type { State, SubscribeOptions } from "@tidemark/client-core";
import { advise, createSubscription, onAbort } from "@tidemark/client-core/kit";
import { CLOSED_EVENT, isPosition, type Message } from "@tidemark/protocol";
import { Handlers } from "./handlers.ts";
import type {
  AddOptions,
  ErrorEvent,
  EventSourceOptions,
  Listener,
  StreamSourceOptions,
} from "./source-options.ts";
import { readSource } from "./source-stream.ts";
import { createSse } from "./sse.ts";

export type { ErrorEvent, EventSourceOptions } from "./source-options.ts";

const CONSTANTS = { CONNECTING: 0, OPEN: 1, CLOSED: 2 } as const;

/**
 * The interface of the platform's `EventSource` (WHATWG HTML, 9.2) on this package's client, for existing
 * code. It reconnects where the platform's gives up, and resumes from a stored cursor. It closes only when
 * the channel is closed, when the server refuses permanently, or at a gap that `onGap` does not resolve, each
 * time with an `error` event. With `protocol: "any"` it reads streams of any server. `data` is JSON text, `lastEventId` the cursor. A message counts as handled when
 * its listeners have returned.
 */
export class EventSource extends EventTarget {
  declare static readonly CONNECTING: 0;
  declare static readonly OPEN: 1;
  declare static readonly CLOSED: 2;
  declare readonly CONNECTING: 0;
  declare readonly OPEN: 1;
  declare readonly CLOSED: 2;
  readonly #url: string;
  readonly #withCredentials: boolean;
  readonly #stop = new AbortController();
  readonly #handlers = new Handlers(this);
  #leave = (): void => {}; // until there is a signal to unsubscribe from
  #readyState: 0 | 1 | 2 = 0;
  #origin: string;
  #hasListener = false;

  static {
    for (const target of [EventSource, EventSource.prototype])
      for (const [name, value] of Object.entries(CONSTANTS))
        Object.defineProperty(target, name, { value, enumerable: true });
    for (const name of [
      "url",
      "withCredentials",
      "readyState",
      "onopen",
      "onmessage",
      "onerror",
      "close",
    ] as const) {
      const property = Object.getOwnPropertyDescriptor(EventSource.prototype, name);
      Object.defineProperty(EventSource.prototype, name, { ...property, enumerable: true });
    }
  }

  /** Throws a `SyntaxError` (a DOMException) if the URL is invalid, and a TypeError if `after` is. */
  constructor(url: string | URL, { withCredentials = false, ...options }: EventSourceOptions = {}) {
    super();
    const parsed = parse(url);
    this.#url = parsed.href;
    this.#origin = parsed.origin;
    this.#withCredentials = withCredentials;
    if (options.protocol !== "any" && !isPosition(options.after ?? "start"))
      throw new TypeError(`invalid position: ${options.after}`);
    if (options.signal) this.#leave = onAbort(options.signal, () => this.close());
    if (!this.#stop.signal.aborted) void this.#run(options);
  }

  get url(): string {
    return this.#url;
  }

  get withCredentials(): boolean {
    return this.#withCredentials;
  }

  get readyState(): 0 | 1 | 2 {
    return this.#readyState;
  }

  get onopen(): Listener<Event> {
    return this.#handlers.get("open");
  }

  set onopen(handler: Listener<Event>) {
    this.#handlers.set("open", handler);
  }

  get onmessage(): Listener<MessageEvent<string>> {
    return this.#handlers.get("message");
  }

  set onmessage(handler: Listener<MessageEvent<string>>) {
    this.#handlers.set("message", handler);
  }

  get onerror(): Listener<ErrorEvent> {
    return this.#handlers.get("error");
  }

  set onerror(handler: Listener<ErrorEvent>) {
    this.#handlers.set("error", handler);
  }

  get [Symbol.toStringTag](): string {
    return "EventSource";
  }

  /** Stop permanently; this fires no event. */
  close(): void {
    this.#readyState = CONSTANTS.CLOSED;
    this.#leave();
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
    if (type === "error") this.#hasListener = true;
    super.addEventListener(type, listener, options);
  }

  override removeEventListener(
    type: string,
    listener: (event: MessageEvent<string>) => void,
    options?: AddOptions,
  ): void;
  override removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: AddOptions,
  ): void;
  override removeEventListener(type: string, listener: never, options?: AddOptions): void {
    super.removeEventListener(type, listener, options);
  }

  async #run(options: EventSourceOptions): Promise<void> {
    const { signal } = this.#stop;
    let failure: unknown;
    try {
      await undefined; // lets the caller add listeners first, also for errors that occur at once
      if (options.protocol === "any") await this.#readStream(options);
      else await this.#follow(options);
    } catch (error) {
      failure = error;
    }
    if (signal.aborted) return;
    this.#readyState = CONSTANTS.CLOSED;
    this.#leave();
    this.#fail(failure);
  }

  async #follow(options: SubscribeOptions): Promise<void> {
    const { signal } = this.#stop;
    const messages = createSubscription<string>(this.#mechanism(), this.#url, this.#optionsWith(options));
    for await (const message of messages) {
      if (signal.aborted) return;
      this.#tell(message);
    }
    if (!signal.aborted) this.#tell({ event: CLOSED_EVENT, data: "{}", cursor: messages.cursor });
  }

  #readStream(options: StreamSourceOptions): Promise<void> {
    const { signal } = this.#stop;
    return readSource(this.#url, this.#withCredentials, options, signal, {
      isHeard: () => this.#hasListener || this.onerror !== null,
      open: (origin) => {
        this.#origin = origin;
        this.#readyState = CONSTANTS.OPEN;
        this.dispatchEvent(new Event("open"));
      },
      failed: (error) => {
        this.#readyState = CONSTANTS.CONNECTING;
        this.#fail(error);
      },
      event: ({ event, data, id }) => this.#tell({ event, data, cursor: id }),
    });
  }

  /** A mechanism that checks that data is JSON, but leaves it as text. */
  #mechanism(): ReturnType<typeof createSse> {
    const read = (json: string): string => {
      JSON.parse(json);
      return json;
    };
    return createSse(read, ({ url }) => {
      if (url) this.#origin = new URL(url).origin; // the last redirect's origin
    });
  }

  #optionsWith(options: SubscribeOptions): SubscribeOptions {
    let isTold = options.onState !== undefined;
    return {
      ...(this.#withCredentials ? { credentials: "include" } : {}),
      ...options,
      signal: this.#stop.signal,
      onState: (state) => {
        isTold ||= state.phase === "live";
        this.#enter(state);
        // A handler may have closed the source.
        if (!this.#stop.signal.aborted || state.phase === "ended") options.onState?.(state);
      },
      onRetry: (retry) => {
        const { onRetry } = options;
        if (onRetry === undefined && !(isTold || this.#hasListener || this.onerror))
          advise(new URL(this.#url), retry.error);
        isTold = true;
        onRetry?.(retry);
      },
    };
  }

  #enter({ phase, error }: State): void {
    if (this.#stop.signal.aborted || phase === "ended") return;
    const wasOpen = this.#readyState === CONSTANTS.OPEN;
    this.#readyState = phase === "live" ? CONSTANTS.OPEN : CONSTANTS.CONNECTING;
    if (phase === "live" && !wasOpen) this.dispatchEvent(new Event("open"));
    if (phase === "waiting" || phase === "refused" || (phase === "connecting" && wasOpen)) this.#fail(error);
  }

  #fail(error: unknown): void {
    this.dispatchEvent(Object.assign(new Event("error"), { error }));
  }

  #tell({ event = "message", data, cursor: lastEventId }: Message<string>): void {
    this.dispatchEvent(new MessageEvent(event, { data, lastEventId, origin: this.#origin }));
  }
}

function parse(url: string | URL): URL {
  try {
    return new URL(url, globalThis.location?.href);
  } catch (cause) {
    throw Object.assign(new DOMException(`invalid URL: ${url}`, "SyntaxError"), { cause });
  }
}
