import { newEpoch, newTag } from "@tidemark/log";
import { type ChannelState, formatState, parseState } from "../store/channel-state.ts";
import { BEFORE_ALL, type ChannelKey } from "../store/channel-table.ts";
import type { LmdbStore } from "../store/lmdb-store.ts";
import { messageOf, tagOf } from "../store/message-record.ts";
import { bytesOf } from "../store/message-table.ts";

/** The contents of a rebuilt file. */
export interface Rebuilt {
  readonly channels: number;
  readonly messages: number;
  /** Channels that lost messages: their cursors are gaps. */
  readonly begunAnew: readonly string[];
}

const STEP = 1_000;
const NAME_SEQ = 0;

/**
 * Make each channel consistent with the messages that were found; `seqs` has their numbers by incarnation.
 */
export async function rebuild(
  store: LmdbStore,
  seqs: ReadonlyMap<number, readonly number[]>,
  isReached: (key: ChannelKey) => boolean,
): Promise<Rebuilt> {
  await numberIncarnations(store, Math.max(0, ...seqs.keys()));
  const begunAnew: string[] = [];
  let messages = 0;
  await adoptOrphans(store, seqs);
  const keys = store.tables.channels.keys<ChannelKey>({ start: BEFORE_ALL });
  for (const key of keys) {
    const state = parseState(store.tables.channels.get(key) ?? "");
    const found = seqs.get(state.incarnation) ?? [];
    const kept = found.filter((seq) => seq > state.startSeq && (seq <= state.endSeq || !isReached(key)));
    messages += kept.length;
    if (
      kept.length === state.endSeq - state.startSeq &&
      kept.at(-1) === (kept.length > 0 ? state.endSeq : undefined)
    )
      continue;
    await beginAnew(store, key, state, kept);
    begunAnew.push(key.slice(1));
  }
  return { channels: keys.length, messages, begunAnew };
}

async function numberIncarnations(store: LmdbStore, latest: number): Promise<void> {
  const { meta } = store.tables;
  await store.commit(() =>
    meta.put("incarnations", String(Math.max(latest, Number(meta.get("incarnations") ?? 0)))),
  );
}

/** Create a channel for messages without one, under the name stored with them or else `=recovered-…`. */
async function adoptOrphans(store: LmdbStore, seqs: ReadonlyMap<number, readonly number[]>): Promise<void> {
  const { tables } = store;
  const known = new Set<number>();
  for (const key of tables.channels.keys<ChannelKey>({ start: BEFORE_ALL }))
    known.add(parseState(tables.channels.get(key) ?? "").incarnation);
  await store.commit(() => {
    for (const [incarnation, found] of seqs) {
      const [first] = found;
      if (known.has(incarnation) || first === undefined || store.isDiscarded(incarnation)) continue;
      const name = tables.messages.peek([incarnation, NAME_SEQ]) || `=recovered-${incarnation}`;
      const key = tables.channels.peek(name) === undefined ? name : `=recovered-${incarnation}`;
      const [startSeq, startTag] = [first - 1, newTag()];
      const state = {
        incarnation,
        epoch: newEpoch(),
        startSeq,
        startTag,
        endSeq: startSeq,
        endTag: startTag,
      };
      tables.channels.put(key, formatState({ ...state, closed: false, bytes: 0 }));
    }
  });
}

/** Renumber the remaining messages without holes, in a new epoch. */
async function beginAnew(
  store: LmdbStore,
  key: ChannelKey,
  state: ChannelState,
  kept: readonly number[],
): Promise<void> {
  const { messages, channels } = store.tables;
  const { incarnation } = state;
  const startTag = newTag();
  let [endSeq, endTag, bytes] = [state.startSeq, startTag, 0];
  for (let i = 0; i < kept.length; i += STEP) {
    await store.commit(() => {
      for (const seq of kept.slice(i, i + STEP)) {
        const text = messages.get([incarnation, seq]) ?? "";
        endSeq += 1;
        endTag = tagOf(text);
        bytes += bytesOf(messageOf(text, ""));
        if (seq === endSeq) continue;
        messages.put([incarnation, endSeq], text); // `endSeq` never exceeds the `seq` being read
        messages.remove([incarnation, seq]);
      }
    });
  }
  await store.commit(() =>
    channels.put(key, formatState({ ...state, epoch: newEpoch(), startTag, endSeq, endTag, bytes })),
  );
}
