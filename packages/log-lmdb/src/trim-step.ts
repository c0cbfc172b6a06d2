import type { Retention } from "@tidemark/log/parts";
import type { ChannelState } from "./store/channel-state.ts";
import type { ChannelKey } from "./store/channel-table.ts";
import type { LmdbStore } from "./store/lmdb-store.ts";

/** Whether the channel exceeds a bound that can be checked without reading messages. */
export function exceeds({ startSeq, endSeq, bytes }: ChannelState, retention: Retention): boolean {
  const count = endSeq - startSeq;
  return count > retention.maxMessages || (bytes > retention.maxBytes && count > 1);
}

/**
 * Drop the oldest messages of a channel, at most `limit`, until it is within `retention`. Runs in a
 * transaction. Returns whether the limit left something to do.
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
      if (timeMs === undefined) continue; // the next readable message determines its age
      if (timeMs >= oldestMs) break;
    }
    store.messages.remove(incarnation, trimmed.startSeq, seq);
    trimmed = { ...trimmed, startSeq: seq, startTag: tag, bytes: Math.max(0, trimmed.bytes - bytes) };
  }
  if (trimmed.startSeq === startSeq) return false;
  store.channels.put(channel, trimmed, state);
  return looked === limit;
}
