import { setTimeout as delay } from "node:timers/promises";
import { Decoder, type StreamEvent } from "./decoder.ts";
import type { Quirk } from "./quirks.ts";

/** How to read a stream with the simple client. */
export interface SimpleOptions {
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Asks by `POST`. */
  readonly body?: string | undefined;
  /** Bound of the wait after a first failure; doubles. */
  readonly reconnectMs?: number | undefined;
  readonly silenceMs?: number | undefined;
  readonly quirk?: Quirk | undefined;
  readonly deliver: (event: StreamEvent) => void;
}

/** The client ends with this answer. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly status: number;

  constructor(status: number) {
    super(`answered ${status}`);
    this.status = status;
  }
}

/** The answer can be another one later. */
class Temporary extends Error {
  override readonly name = "Temporary";
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super("later");
    this.retryAfterMs = retryAfterMs;
  }
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const PERMANENT: ReadonlySet<number> = new Set([400, 403, 404, 410]);
const MOST_MS = 60_000;
const LEAST_MS = 300;

/** A whole client of event streams, simple and correct but for its quirk. */
export class SimpleClient {
  readonly #url: string;
  readonly #options: SimpleOptions;
  #lastId: string;
  #retryMs: number | undefined;
  #requests = 0;
  #failures = 0;
  /** When the last event came, by `performance.now()`. */
  #eventAt = 0;

  constructor(url: string, options: SimpleOptions) {
    this.#url = url;
    this.#options = options;
    this.#lastId = options.quirk === "invents-an-id" ? "0" : "";
  }

  /** Read until the server says that there is no more. Throws Refused. */
  async run(): Promise<void> {
    const { signal, quirk } = this.#options;
    while (!signal.aborted) {
      let retryAfterMs = 0;
      try {
        const response = await this.#request();
        if (response === undefined) return;
        await this.#read(response);
        if (quirk === "ends-at-the-end") return;
      } catch (error) {
        if (signal.aborted || error instanceof Refused) throw error;
        if (error instanceof Temporary) retryAfterMs = error.retryAfterMs;
        if (quirk === "forgets-id-on-failure") this.#lastId = "";
      }
      this.#failures += 1;
      await this.#wait(retryAfterMs);
    }
  }

  async #request(): Promise<Response | undefined> {
    const { quirk, body, headers, signal } = this.#options;
    this.#requests += 1;
    const isFirst = this.#requests === 1;
    const own = isFirst || quirk !== "sends-headers-once" ? headers : {};
    const posts = body !== undefined && (isFirst || quirk !== "sends-body-once");
    const id = this.#idField();
    const init: RequestInit = {
      ...(posts && { method: "POST", body }),
      headers: {
        accept: quirk === "asks-for-anything" ? "*/*" : "text/event-stream",
        ...own,
        ...(id !== "" && { "last-event-id": id }),
      },
      cache: "no-store",
      redirect: "manual",
      ...(quirk !== "stays-connected" && quirk !== "delivers-after-close" && { signal }),
    };
    const response = await this.#follow(init).catch((error: unknown) => {
      if (quirk === "ends-without-an-answer") throw new Refused(0);
      throw error;
    });
    return this.#judge(response);
  }

  async #follow(init: RequestInit): Promise<Response> {
    let url = this.#url;
    for (;;) {
      const response = await fetch(url, init);
      const { status, headers } = response;
      if (!REDIRECTS.has(status)) return response;
      await response.body?.cancel();
      if (this.#options.quirk === `follows-no-${status}`) throw new Refused(status);
      url = new URL(headers.get("location") ?? "", url).href;
    }
  }

  #idField(): string {
    const { quirk } = this.#options;
    if (quirk === "sends-no-id") return "";
    const id = quirk === "cuts-ids" ? this.#lastId.slice(0, 255) : this.#lastId;
    if (quirk === "ids-in-latin-1")
      return [...id].map((character) => ((character.codePointAt(0) ?? 0) < 256 ? character : "?")).join("");
    return String.fromCharCode(...new TextEncoder().encode(id));
  }

  /** The response if it is a stream; undefined if the client is done. */
  #judge(response: Response): Response | undefined {
    const { quirk } = this.#options;
    const { status, headers } = response;
    if (status === 204 && quirk !== "ignores-204") return undefined;
    if (PERMANENT.has(status) && quirk !== `retries-${status}` && quirk !== "believes-errors")
      throw new Refused(status);
    const type = headers.get("content-type") ?? "";
    const isBelieved =
      status === 200 ||
      (quirk === "believes-any-success" && response.ok && status !== 204) ||
      (quirk === "believes-errors" && status >= 400);
    if (isBelieved && this.#isStream(type)) return response;
    const retryAfterS = quirk === "ignores-retry-after" ? 0 : Number(headers.get("retry-after") ?? 0);
    if (status >= 400 || status === 204 || quirk === "retries-other-types")
      throw new Temporary(retryAfterS * 1_000);
    throw new Refused(status);
  }

  #isStream(type: string): boolean {
    switch (this.#options.quirk) {
      case "believes-any-type":
        return true;
      case "believes-longer-types":
        return /^text\/event-stream/i.test(type);
      case "type-without-parameters":
        return /^text\/event-stream$/i.test(type);
      case "type-in-one-case":
        return /^text\/event-stream[ \t]*(;|$)/.test(type);
      case "type-without-tab":
        return /^text\/event-stream *(;|$)/i.test(type);
      default:
        return /^text\/event-stream[ \t]*(;|$)/i.test(type);
    }
  }

  async #read(response: Response): Promise<void> {
    const { quirk, silenceMs } = this.#options;
    const deliver = (event: StreamEvent): void => {
      if (this.#options.signal.aborted && quirk !== "delivers-after-close") return;
      this.#failures = 0;
      this.#eventAt = performance.now();
      this.#options.deliver(event);
    };
    const decoder = new Decoder(this.#lastId, deliver, quirk);
    if (quirk === "forgets-retry") this.#retryMs = undefined;
    this.#eventAt = performance.now();
    const reader = response.body?.getReader();
    let isWhole = false;
    try {
      for (;;) {
        const { done, value } = (await within(reader?.read(), this.#limitMs(silenceMs))) ?? { done: true };
        if (done || value === undefined) break;
        decoder.push(value);
        if (quirk !== "ignores-retry") this.#retryMs = decoder.retryMs ?? this.#retryMs;
      }
      isWhole = true;
    } catch (error) {
      if (quirk === "ends-at-a-cut") throw new Refused(200);
      throw error;
    } finally {
      decoder.end();
      decoder.flush();
      if (isWhole || quirk !== "forgets-id-after-a-cut") this.#lastId = decoder.lastId;
      void reader?.cancel().catch(() => undefined); // it may be cut already
    }
  }

  #limitMs(silenceMs: number | undefined): number | undefined {
    const { quirk } = this.#options;
    if (quirk === "ignores-silence" || silenceMs === undefined) return undefined;
    return quirk === "comments-are-silence" ? this.#eventAt + silenceMs - performance.now() : silenceMs;
  }

  async #wait(retryAfterMs: number): Promise<void> {
    const { reconnectMs, quirk, signal } = this.#options;
    const bound = (reconnectMs ?? 1_000) * 2 ** (quirk === "constant-wait" ? 0 : this.#failures - 1);
    const ownMs = Math.max(
      reconnectMs === undefined ? LEAST_MS : 0,
      Math.random() * Math.min(MOST_MS, bound),
    );
    const isAsked = this.#retryMs !== undefined && this.#failures === 1;
    const ms = quirk === "hot-loop" ? 20 : Math.max(isAsked ? 0 : ownMs, this.#retryMs ?? 0, retryAfterMs);
    await delay(ms, undefined, { signal });
  }
}

/** The value of a promise; rejects if it does not come in time. */
async function within<T>(pending: Promise<T> | undefined, ms: number | undefined): Promise<T | undefined> {
  if (pending === undefined || ms === undefined) return pending;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`silent for ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([pending, late]);
  } finally {
    clearTimeout(timer);
  }
}
