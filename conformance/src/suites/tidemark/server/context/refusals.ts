import type { Exchange } from "../../../../engine/wire/exchange.ts";
import { problemName, readPage } from "../../read/page.ts";
import { EventStream } from "../../read/stream.ts";

/** A server may end a hold after this share of its wait without a reason. */
const WHOLE_WAIT = 0.9;

/**
 * Whether a server without room refused this request: a stream softly (SSE-REFUSE-1), any with `503` or `429`, or ended
 * a hold early (LP-NOW-6).
 */
export function isTurnedAway(exchange: Exchange): boolean {
  if (exchange.status === 429 || (exchange.status === 503 && problemName(exchange) === "unavailable"))
    return true;
  if (new EventStream(exchange).isRefusal) return true;
  const query = exchange.request.target.split("?")[1];
  const waitMs = Number(new URLSearchParams(query).get("wait") ?? 0) * 1_000;
  if (!(waitMs > 0) || (exchange.endedAtMs ?? 0) >= waitMs * WHOLE_WAIT) return false;
  const page = readPage(exchange);
  return typeof page !== "string" && page.messages.length === 0 && !page.more && page.retryMs !== undefined;
}

/** Whether the only block so far can still turn out to be a soft refusal. */
export function isLoneRetry({ blocks, exchange }: EventStream): boolean {
  if (blocks.length !== 1 || exchange.ending !== undefined) return false;
  return blocks[0]?.lines.every(({ name }) => name === "retry" || name === "") ?? false;
}
