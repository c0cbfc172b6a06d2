import {
  CLOSED_EVENT,
  encodeEvent,
  type Gap,
  HEARTBEAT_EVENT,
  OPEN_EVENT,
  type RawPage,
} from "@tidemark/protocol";

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

/** Says that the stream lives, and where it stands. Spec: sse, SSE-BEAT-2. */
export function heartbeatBlock(cursor: string): string {
  return encodeEvent({ event: HEARTBEAT_EVENT, data: "{}", id: cursor });
}

/** The blocks of a page, and of the end of the channel if it stands there; encoded once for all who share the page. */
export function pageBlocks(page: RawPage): Uint8Array {
  const known = encoded.get(page);
  if (known) return known;
  const bytes = Buffer.from(textOf(page));
  encoded.set(page, bytes);
  return bytes;
}

const encoded = new WeakMap<RawPage, Uint8Array>();

function textOf({ messages, cursor, closed }: RawPage): string {
  let text = "";
  for (const { cursor: id, event, json } of messages)
    text += encodeEvent(event === undefined ? { data: json, id } : { event, data: json, id });
  return closed ? text + encodeEvent({ event: CLOSED_EVENT, data: "{}", id: cursor }) : text;
}
