import { buildReadUrl, type Position, type ReadParameters } from "@tidemark/protocol";
import type { DelayPurpose } from "./delay.ts";
import { ConnectionError } from "./errors.ts";
import type { Session } from "./session.ts";
import { exchange } from "./transport.ts";
import { watch } from "./watchdog.ts";

/** What a mechanism may do on the network for one request: all of it ends when the connection is closed. */
export class Connection {
  /** Where to read on. */
  readonly position: Position;
  readonly options: Session["options"];
  readonly signal: AbortSignal;
  readonly #session: Session;
  readonly #controller = new AbortController();
  readonly #abort = (): void => this.#controller.abort(this.#session.signal.reason);
  readonly #renew = (): void =>
    this.#controller.abort(new ConnectionError("offline", "the network was away, and is back"));

  constructor(session: Session) {
    this.#session = session;
    this.position = session.position;
    this.options = session.options;
    this.signal = this.#controller.signal;
    if (session.signal.aborted) this.#abort();
    session.signal.addEventListener("abort", this.#abort);
    // What was connected before the network went away is dead as a rule, and would be waited for.
    globalThis.addEventListener?.("online", this.#renew, { signal: this.signal });
  }

  /** Ask for what follows the position. Throws as {@link exchange} does; watch it yourself. */
  request(parameters: ReadParameters, accept: string): Promise<Response> {
    const { gap, unauthorized, url } = this.#session;
    const { limit, events } = this.options;
    const read = buildReadUrl(url, { after: this.position, gap, limit, events, ...parameters });
    this.#session.requests += 1;
    const isHeld = parameters.waitS !== undefined || parameters.stream === true;
    const init: RequestInit = { headers: { accept }, signal: this.signal, cache: this.#cacheFor(isHeld) };
    return exchange(this.options, read, init, unauthorized);
  }

  /** What a browser's cache is to do. Others have none, and ignore it. */
  #cacheFor(isHeld: boolean): RequestCache {
    // A long poll or a stream in the cache would make equal ones wait for each other.
    if (isHeld) return "no-store";
    // A failure can be in the cache: a `404`, `405` or `410` of a portal may be kept without having said so.
    return this.#session.failures > 0 ? "reload" : "default";
  }

  /** Wait for `pending`, but no longer than the connection lives and no longer than `ms`: then the connection is dead. */
  watch<T>(pending: Promise<T>, ms: number, lacking: string): Promise<T> {
    return watch(pending, this.#controller, this.#session.delay, ms, lacking);
  }

  /** Count bytes of a body that the mechanism reads by itself. */
  count(bytes: number): void {
    this.#session.bytes += bytes;
  }

  /** Wait; at most as long as the subscription lives. */
  delay(ms: number, purpose: DelayPurpose): Promise<void> {
    return this.#session.delay(ms, this.#session.signal, purpose);
  }

  /** A further connection at the same position, for a mechanism that tries another. Close it yourself. */
  fork(): Connection {
    return new Connection(this.#session);
  }

  /** Abort whatever is under way. */
  close(): void {
    this.#session.signal.removeEventListener("abort", this.#abort);
    this.#controller.abort();
  }
}
