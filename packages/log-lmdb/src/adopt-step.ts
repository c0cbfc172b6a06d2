import { type Adoption, notAtEndError } from "@tidemark/log";
import { adoptedCursors } from "@tidemark/log/parts";
import { type ChannelState, endOf } from "./store/channel-state.ts";
import type { ChannelKey } from "./store/channel-table.ts";
import type { LmdbStore } from "./store/lmdb-store.ts";
import { assertTag } from "./store/message-record.ts";

/** The parsed cursors of an adoption, `from` first. @throws RangeError if the store cannot keep them */
export function checkAdoption(adoption: Adoption): Cursors {
  const cursors = adoptedCursors(adoption);
  for (const { tag } of cursors) assertTag(tag);
  return cursors;
}

type Cursors = ReturnType<typeof adoptedCursors>;

/** Store messages with checked cursors. Runs in a transaction. */
export function adoptStep(
  store: LmdbStore,
  channel: ChannelKey,
  adoption: Adoption,
  cursors: Cursors,
  nowMs: number,
): void {
  const [{ epoch, seq: startSeq, tag: startTag }] = cursors;
  const present = store.channels.get(channel);
  const isNew = present.incarnation === 0;
  if (!isNew && endOf(present) !== adoption.from) throw notAtEndError(endOf(present));
  const begun = { ...present, epoch, startSeq, startTag, endSeq: startSeq, endTag: startTag };
  let state: ChannelState = store.begin(channel, isNew ? begun : present);
  for (const [i, message] of adoption.messages.entries()) {
    const { seq: endSeq, tag: endTag } = cursors[i + 1] ?? cursors[0];
    const bytes = store.messages.put(state.incarnation, state.endSeq, [message], endTag, nowMs);
    state = { ...state, endSeq, endTag, bytes: state.bytes + bytes };
  }
  store.channels.put(channel, { ...state, closed: adoption.closed }, isNew ? undefined : present);
}
