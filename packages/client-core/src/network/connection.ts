import { buildReadUrl, type Position, type ReadParameters } from "@tidemark/protocol";
import type { Session } from "../loop/session.ts";
import { stoppable } from "./on-abort.ts";
import { dropIfStale } from "./presence.ts";
import { sendRequest } from "./transport.ts";
import { type Wait, watchdog } from "./watchdog.ts";

/** A mechanism's access to the network, for one request. Closing it ends everything that uses it. */
export interface Connection {
  readonly session: Session;
  /** Where this request starts to read. */
  readonly position: Position;
  /** Aborts when the connection is closed, or dropped; the reason is then an error. */
  readonly signal: AbortSignal;
  /**
   * When the last request was sent, by `performance.now()`; undefined before the first. Time that the
   * application spends before sending does not count.
   */
  readonly sentAt: number | undefined;
  /**
   * Request what follows the position; the head of the answer has to arrive within `headMs` milliseconds.
   * Throws the same errors as {@link sendRequest}.
   */
  request(parameters: ReadParameters, accept: string, headMs: number): Promise<Response>;
  /** Wait for the server. */
  readonly watch: Wait;
  /** Abort the request. */
  close(): void;
}

/** Create a connection at a position. A probe of another mechanism creates and closes its own. */
export function connect(session: Session, position: Position = session.position): Connection {
  const { signal, stop } = stoppable(session.signal);
  dropIfStale({ signal, stop });
  const wait = watchdog({ signal, stop }, session.delay);
  let sentAt: number | undefined;
  const sent = (): void => {
    sentAt = performance.now();
  };
  return {
    session,
    position,
    signal,
    get sentAt() {
      return sentAt;
    },
    request(parameters, accept, headMs) {
      const { gap, unauthorized, url, options } = session;
      const { limit, events } = options;
      session.requests += 1;
      const read = buildReadUrl(url, { after: position, gap, limit, events, ...parameters });
      const init = { headers: { accept }, signal, cache: cacheFor(session, parameters) };
      return sendRequest(options, read, init, { unauthorized, wait, headMs, sent });
    },
    watch: wait,
    close: stop,
  };
}

/** How a browser's cache handles the request; other platforms ignore this. */
function cacheFor({ failures }: Session, { waitS, stream }: ReadParameters): RequestCache {
  // With the cache, a browser would make equal long polls or streams wait for each other.
  if (waitS || stream) return "no-store";
  // The failure may come from the cache: a portal's `404`, `405` or `410` can be cached without a cache
  // header.
  return failures ? "reload" : "default";
}
