import type { Retention } from "@tidemark/log/parts";
import type { ChannelState } from "./store/channel-state.ts";
import type { ChannelKey } from "./store/channel-table.ts";
import type { LmdbStore } from "./store/lmdb-store.ts";

/** Whether the channel keeps more than it may, of what can be told without reading messages. */
export function exceeds({ startSeq, endSeq, bytes }: ChannelState, retention: Retention): boolean {
  const count = endSeq - startSeq;
  return count > retention.maxMessages || (bytes > retention.maxBytes && count > 1);
}

/**
 * Drop the oldest messages of a channel until it keeps to `retention`, `limit` of them at most; to be run in a
 * transaction. Answers whether the limit left something to do.
 */
export function trimStep(
  store: LmdbStore,
  channel: ChannelKey,
  retention: Retention,
  nowMs: number,
  limit: number,
): boolean {
  const state = store.channels.get(channel);
  const { incarnation, startSeq, endSeq } = state;
  const span = { seq: startSeq, endSeq, maxMessages: limit, maxBytes: Number.POSITIVE_INFINITY };
  const oldestMs = nowMs - retention.maxAgeMs;
  let trimmed = state;
  for (const { tag, timeMs, bytes } of store.messages.readOldest(incarnation, span)) {
    if (!exceeds(trimmed, retention) && timeMs >= oldestMs) break;
    const startSeq = trimmed.startSeq + 1;
    store.messages.remove(incarnation, startSeq);
    trimmed = { ...trimmed, startSeq, startTag: tag, bytes: trimmed.bytes - bytes };
  }
  const dropped = trimmed.startSeq - startSeq;
  if (dropped > 0) store.channels.put(channel, trimmed);
  return dropped === limit;
}
