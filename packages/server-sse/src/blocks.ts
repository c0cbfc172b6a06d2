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

/** The heartbeat that was encoded last: streams that send heartbeats together are mostly at the same cursor. */
let lastHeartbeat: { readonly cursor: string; readonly frame: Frame | undefined } | undefined;

/** A heartbeat with the stream's cursor. Spec: sse, SSE-BEAT-2. */
export function heartbeatFrame(cursor: string): Frame | undefined {
  if (lastHeartbeat?.cursor !== cursor) {
    const frame = frameOf(encodeEvent({ event: HEARTBEAT_EVENT, data: "{}", id: cursor }));
    lastHeartbeat = { cursor, frame };
  }
  return lastHeartbeat.frame;
}

const DISPLACED = ": displaced by a newer connection of the same principal\n";

/** Tells a displaced client to wait before it reconnects, so that it does not displace its successor at once. */
export function displacedFrame(retryMs: number): Frame | undefined {
  return frameOf(DISPLACED + encodeEvent({ retry: retryMs }));
}

/** Frames by page and then by filter: a shared page is encoded once for all streams with the same filter. */
const frames = new WeakMap<RawPage, Map<string, Frame | undefined>>();

/** The events of a page that pass the filter, and `$closed` if the channel ends there; undefined if there are none. */
export function pageFrame(page: RawPage, events: readonly string[] | undefined): Frame | undefined {
  const byFilter = frames.get(page) ?? new Map<string, Frame | undefined>();
  const filter = events?.join() ?? "";
  if (byFilter.has(filter)) return byFilter.get(filter);
  const selected = selectEvents(page, events, page.messages.length);
  const frame = frameOf(blocksOf(selected), selected.messages.length);
  frames.set(page, byFilter.set(filter, frame));
  return frame;
}

/** The events of a page as text. */
export function blocksOf({ messages, cursor, closed }: RawPage): string {
  let text = "";
  for (const { cursor: id, event, json } of messages)
    text += encodeEvent(event === undefined ? { data: json, id } : { event, data: json, id });
  return closed ? text + encodeEvent({ event: CLOSED_EVENT, data: "{}", id: cursor }) : text;
}
