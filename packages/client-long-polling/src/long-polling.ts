import { ConnectionError } from "@tidemark/client-core";
import { type Batch, type Connection, type Mechanism, requestPage } from "@tidemark/client-core/kit";
import { isCursor, parseClaims } from "@tidemark/protocol";

/** How long the server should hold a request, in seconds: below the idle timeout of common proxies. */
const WAIT_S = 25;

/** Time limit for the head of an answer, counted from the end of the wait, in milliseconds. */
const GRACE_MS = 15_000;

/** An empty answer before this fraction of the wait counts as a failure. */
const EARLY = 0.75;

/** The poll interval for a server that does not hold requests and sets no interval, in milliseconds. */
const INTERVAL_MS = 5_000;

/** Reads by long polling: the server holds a request until it has news. Spec: long-polling. */
export const longPolling: Mechanism = { name: "long-polling", open };

async function* open(connection: Connection): AsyncGenerator<Batch, number, void> {
  const { options } = connection.session;
  const waitS = Math.max(1, options.waitS ?? WAIT_S);
  const headMs = waitS * 1000 + (options.connectTimeoutMs ?? GRACE_MS);
  const { page, headers } = await requestPage(connection, { waitS }, headMs);
  const elapsedMs = performance.now() - (connection.sentAt ?? 0);
  yield page;
  if (page.retry !== undefined) return page.retry;
  const hasNews = page.messages.length > 0 || page.more || page.gap !== undefined;
  if (hasNews || !isCursor(connection.position)) return 0;
  const claims = parseClaims(headers.get("tidemark"));
  if (!claims?.mechanisms.includes("long-poll")) return INTERVAL_MS;
  const grantedMs = Math.min(waitS, claims.maxWaitS ?? waitS) * 1000;
  // Without this check, the client would poll a server that answers early in a tight loop.
  if (elapsedMs < grantedMs * EARLY) throw new ConnectionError("early", "the empty answer came too early");
  return 0;
}
