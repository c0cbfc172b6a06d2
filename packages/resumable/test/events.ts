import { createEventStreamDecoder } from "@tidemark/protocol";

/** An event as a reader gets it. */
export interface Received {
  readonly event: string;
  readonly data: string;
}

/** What a reader has of a stream that was cut. */
export interface Reading {
  readonly events: readonly Received[];
  /** The last event id. */
  readonly id: string;
}

/** Read the bytes of a stream as an `EventSource` does: an event that is not complete does not count, nor does its id. */
export function readEvents(bytes: Uint8Array): Reading {
  const events: Received[] = [];
  let id = "";
  const decoder = createEventStreamDecoder({
    event(event, data, last) {
      events.push({ event, data });
      id = last;
    },
    bookmark(last) {
      id = last;
    },
  });
  decoder.push(bytes);
  return { events, id };
}

/** The bytes of a stream without our ids, comments and heartbeats: what the upstream sent, if it sent none of these. */
export function withoutIds(text: string): string {
  return text.replace(/^:\n\n/gm, "").replace(/^id: [^\r\n]*(\r\n|\r|\n)/gm, "");
}
