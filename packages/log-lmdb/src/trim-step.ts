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
  let looked = 0;
  for (const { seq, tag, timeMs, bytes } of store.messages.readOldest(incarnation, span)) {
    looked += 1;
    if (!exceeds(trimmed, retention)) {
      if (timeMs === undefined) continue; // of what age it is, the next one that can be read tells
      if (timeMs >= oldestMs) break;
    }
    store.messages.remove(incarnation, trimmed.startSeq, seq);
    trimmed = { ...trimmed, startSeq: seq, startTag: tag, bytes: Math.max(0, trimmed.bytes - bytes) };
  }
  if (trimmed.startSeq === startSeq) return false;
  store.channels.put(channel, trimmed, state);
  return looked === limit;
}
