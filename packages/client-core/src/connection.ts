import { buildReadUrl, type Page, type Position, parsePage, type ReadParameters } from "@tidemark/protocol";
import type { DelayPurpose } from "./delay.ts";
import { ConnectionError } from "./errors.ts";
import type { Batch } from "./mechanism.ts";
import type { Session } from "./session.ts";
import { type Answer, exchange, readText } from "./transport.ts";
import { watch } from "./watchdog.ts";

/** An answered poll. The page has no cursor if the answer was `204`: an empty page of a closed channel. */
export interface PageAnswer extends Answer {
  readonly page: Batch & Pick<Page, "more">;
}

/** What a mechanism may do on the network for one request: all of it ends when the connection is closed. */
export class Connection {
  /** Where to read on. */
  readonly position: Position;
  readonly options: Session["options"];
  readonly signal: AbortSignal;
  readonly #session: Session;
  readonly #controller = new AbortController();
  readonly #abort = (): void => this.#controller.abort(this.#session.signal.reason);

  constructor(session: Session) {
    this.#session = session;
    this.position = session.position;
    this.options = session.options;
    this.signal = this.#controller.signal;
    if (session.signal.aborted) this.#abort();
    session.signal.addEventListener("abort", this.#abort);
  }

  /** Ask for what follows the position. Throws as {@link exchange} does, and when there is no answer in time. */
  request(parameters: ReadParameters, accept: string, timeoutMs: number): Promise<Answer> {
    return this.watch(this.#request(parameters, accept), timeoutMs, "no answer");
  }

  /** Ask for a page. Throws as {@link Connection.request}, and a ConnectionError on what is no page. */
  requestPage(parameters: ReadParameters, timeoutMs: number): Promise<PageAnswer> {
    return this.watch(this.#requestPage(parameters), timeoutMs, "no page");
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

  #request(parameters: ReadParameters, accept: string): Promise<Answer> {
    const { gap, unauthorized } = this.#session;
    const { limit, events } = this.options;
    const url = buildReadUrl(this.#session.url, {
      after: this.position,
      ...(gap === undefined ? {} : { gap }),
      ...(limit === undefined ? {} : { limit }),
      ...(events === undefined ? {} : { events }),
      ...parameters,
    });
    this.#session.requests += 1;
    // A long poll or a stream in a browser's cache would make equal ones wait for each other.
    const cache = parameters.waitS === undefined && !parameters.stream ? "default" : "no-store";
    const init: RequestInit = { headers: { accept }, signal: this.signal, cache };
    return exchange(this.options, url, init, unauthorized);
  }

  async #requestPage(parameters: ReadParameters): Promise<PageAnswer> {
    const answer = await this.#request(parameters, "application/json");
    const text = await readText(answer.response);
    this.count(text.length);
    if (answer.response.status === 204)
      return { ...answer, page: { messages: [], more: false, closed: true } };
    const page = readPage(text);
    if (page.more && page.cursor === this.position)
      throw new ConnectionError(
        "cut",
        "a page that leads nowhere: there is more, and the cursor did not move",
      );
    return { ...answer, page };
  }
}

function readPage(text: string): Page {
  try {
    return parsePage(text);
  } catch (cause) {
    throw new ConnectionError("cut", "an answer that is no page", { cause });
  }
}
