import { type Answer, abandon, isStreamed } from "./answer.ts";
import type { StreamSink } from "./stream-sink.ts";

/** Where an adapter writes an answer. Exactly one of its functions is called. */
export interface Outlet {
  /** Send an answer with its whole body, if it has one. In `fields`, names and values alternate. */
  send(answer: Answer, fields: string[], body: string | Uint8Array | undefined): void;
  /** Begin the answer of a stream. */
  open(answer: Answer, fields: string[]): StreamSink;
}

/** Write an answer. If that fails, its stream releases what it holds. @throws what the outlet throws */
export function writeAnswer(answer: Answer, fields: string[], outlet: Outlet): void {
  const { body } = answer;
  if (!isStreamed(body)) {
    outlet.send(answer, fields, body);
    return;
  }
  let sink: StreamSink;
  try {
    sink = outlet.open(answer, fields);
  } catch (error) {
    abandon(body);
    throw error;
  }
  body.start(sink);
}
