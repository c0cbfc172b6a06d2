import {
  type Appended,
  type AppendOptions,
  closedError,
  formatLogCursor,
  newTag,
  notAtEndError,
} from "@tidemark/log";
import type { RawDraft } from "@tidemark/protocol";
import { type ChannelState, endOf } from "./store/channel-state.ts";
import type { ChannelKey } from "./store/channel-table.ts";
import type { LmdbStore } from "./store/lmdb-store.ts";
import { bytesOf } from "./store/message-table.ts";

/** The outcome of an append. */
export interface AppendOutcome {
  readonly appended: Appended;
  /** The new state of the channel; absent if nothing changed. */
  readonly changed?: ChannelState;
}

/** One append. Runs in a transaction; every check comes before the first write. */
export function appendStep(
  store: LmdbStore,
  channel: ChannelKey,
  drafts: readonly RawDraft[],
  options: AppendOptions,
  nowMs: number,
): AppendOutcome {
  const { key, after, close = false } = options;
  const state = store.channels.get(channel);
  const replay = key && store.keys.recall(state.epoch, key, nowMs);
  if (replay) return { appended: replay };
  const end = endOf(state);
  if (state.closed && drafts.length > 0) throw closedError(end);
  if (after !== undefined && after !== end) throw notAtEndError(end);
  const changes = drafts.length > 0 || (close && !state.closed);
  if (changes) assertRoom(store, state, drafts);
  const written = changes ? write(store, channel, state, drafts, close, nowMs) : state;
  if (key) store.keys.remember(key, written, drafts.length, nowMs);
  const appended = answer(written, drafts.length);
  return changes ? { appended, changed: written } : { appended };
}

/** Append the drafts under one tag. */
function write(
  store: LmdbStore,
  channel: ChannelKey,
  state: ChannelState,
  drafts: readonly RawDraft[],
  close: boolean,
  nowMs: number,
): ChannelState {
  const tag = newTag();
  const endSeq = state.endSeq + drafts.length;
  const endTag = drafts.length > 0 ? tag : state.endTag;
  const stored = store.begin(channel, state);
  const bytes = store.messages.put(stored.incarnation, state.endSeq, drafts, tag, nowMs);
  const written = { ...stored, endSeq, endTag, bytes: state.bytes + bytes, closed: state.closed || close };
  store.channels.put(channel, written, state.incarnation === 0 ? undefined : state);
  return written;
}

/** @throws ProtocolError `storage-full` */
function assertRoom(store: LmdbStore, { incarnation }: ChannelState, drafts: readonly RawDraft[]): void {
  const { usage } = store.channels;
  const bytes = usage.boundsBytes ? drafts.reduce((sum, draft) => sum + bytesOf(draft), 0) : 0;
  usage.assertRoom(incarnation === 0 ? 1 : 0, bytes);
}

function answer(state: ChannelState, count: number): Appended {
  const { epoch, endSeq, endTag: tag, closed } = state;
  const cursors = Array.from({ length: count }, (_, i) =>
    formatLogCursor({ epoch, seq: endSeq - count + 1 + i, tag }),
  );
  return { cursors, cursor: endOf(state), closed, replayed: false };
}
