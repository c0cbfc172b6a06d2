import {
  CLOSED_EVENT,
  encodeEvent,
  type Gap,
  HEARTBEAT_EVENT,
  OPEN_EVENT,
  type RawPage,
} from "@tidemark/protocol";
import { type Frame, frameOf, selectEvents } from "@tidemark/server-core";

/** The first block of a stream. Spec: sse, SSE-OPEN-1 to 5. */
export function openBlock(first: {
  readonly cursor: string;
  readonly heartbeatS: number;
  readonly retryMs: number;
  readonly gap: Gap | undefined;
}): string {
  const { cursor, heartbeatS, retryMs, gap } = first;
  const data = JSON.stringify({ heartbeat: heartbeatS, ...(gap && { gap }) });
  return encodeEvent({ event: OPEN_EVENT, retry: retryMs, data, id: cursor });
}

/** The heartbeat that was encoded last: streams that beat together mostly stand at one cursor. */
let lastHeartbeat: { readonly cursor: string; readonly frame: Frame | undefined } | undefined;

/** Says that the stream lives, and where it stands. Spec: sse, SSE-BEAT-2. */
export function heartbeatFrame(cursor: string): Frame | undefined {
  if (lastHeartbeat?.cursor !== cursor) {
    const frame = frameOf(encodeEvent({ event: HEARTBEAT_EVENT, data: "{}", id: cursor }));
    lastHeartbeat = { cursor, frame };
  }
  return lastHeartbeat.frame;
}

const DISPLACED = ": displaced by a newer connection of the same principal\n";

/** Sends the client of a stream away for long, so that it does not take the place of the one that took its own at once. */
export function displacedFrame(retryMs: number): Frame | undefined {
  return frameOf(DISPLACED + encodeEvent({ retry: retryMs }));
}

/** Frames by page and then by filter; a page that is shared is encoded once for all whose filter is the same. */
const frames = new WeakMap<RawPage, Map<string, Frame | undefined>>();

/** The blocks of a page that a filter keeps, and of the end of the channel if it stands there; undefined for none. */
export function pageFrame(page: RawPage, events: readonly string[] | undefined): Frame | undefined {
  const byFilter = frames.get(page) ?? new Map<string, Frame | undefined>();
  const filter = events?.join() ?? "";
  if (byFilter.has(filter)) return byFilter.get(filter);
  const frame = frameOf(blocksOf(selectEvents(page, events, page.messages.length)));
  frames.set(page, byFilter.set(filter, frame));
  return frame;
}

/** The blocks of a page as text. */
export function blocksOf({ messages, cursor, closed }: RawPage): string {
  let text = "";
  for (const { cursor: id, event, json } of messages)
    text += encodeEvent(event === undefined ? { data: json, id } : { event, data: json, id });
  return closed ? text + encodeEvent({ event: CLOSED_EVENT, data: "{}", id: cursor }) : text;
}
