import { buildReadUrl, type Position, type ReadParameters } from "@tidemark/protocol";
import { ConnectionError } from "./errors.ts";
import { onAbort } from "./on-abort.ts";
import type { Session } from "./session.ts";
import { exchange } from "./transport.ts";
import { type Wait, watchdog } from "./watchdog.ts";

/** What a mechanism may do on the network for one request: all of it ends when the connection is closed. */
export interface Connection {
  readonly session: Session;
  /** Where to read on. */
  readonly position: Position;
  /** When the last request went out, by `performance.now()`; undefined before. The application's own time is not in it. */
  readonly sentAt: number | undefined;
  /**
   * Ask for what follows the position; the head of the answer may take `headMs` milliseconds. Throws as
   * {@link exchange} does.
   */
  request(parameters: ReadParameters, accept: string, headMs: number): Promise<Response>;
  /** Wait for the server. */
  readonly watch: Wait;
  /** Abort whatever is under way. */
  close(): void;
}

/** A connection at the session's position. A mechanism that tries another makes a further one, and closes it itself. */
export function connect(session: Session): Connection {
  const { position } = session;
  const controller = new AbortController();
  const { signal } = controller;
  const abort = (): void => controller.abort(session.signal.reason);
  const leave = onAbort(session.signal, abort);
  // What was connected before the network went away is dead as a rule, and would be waited for.
  const renew = (): void => controller.abort(new ConnectionError("offline", "the network was away"));
  globalThis.addEventListener?.("online", renew, { signal });
  const wait = watchdog(controller, session.delay);
  let sentAt: number | undefined;
  const sent = (): void => {
    sentAt = performance.now();
  };
  return {
    session,
    position,
    get sentAt() {
      return sentAt;
    },
    request(parameters, accept, headMs) {
      const { gap, unauthorized, url, options } = session;
      const { limit, events } = options;
      session.requests += 1;
      const read = buildReadUrl(url, { after: position, gap, limit, events, ...parameters });
      const init = { headers: { accept }, signal, cache: cacheFor(session, parameters) };
      return exchange(options, read, init, { unauthorized, wait, headMs, sent });
    },
    watch: wait,
    close() {
      leave();
      controller.abort();
    },
  };
}

/** What a browser's cache is to do. Others have none, and ignore it. */
function cacheFor({ failures }: Session, { waitS, stream }: ReadParameters): RequestCache {
  // A long poll or a stream in the cache would make equal ones wait for each other.
  if (waitS || stream) return "no-store";
  // A failure can be in the cache: a `404`, `405` or `410` of a portal may be kept without having said so.
  return failures ? "reload" : "default";
}
