// The suite's own parsers agree with the vectors of the specification.
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CURSOR, EVENT_NAME } from "../../suites/tidemark/read/page.ts";
import { EventStreamReader } from "./event-stream.ts";
import { jsonEqual, parseJson } from "./json.ts";

function vectors<T>(name: string): readonly (T & { readonly id: string })[] {
  return JSON.parse(readFileSync(new URL(`../../../../spec/vectors/${name}.json`, import.meta.url), "utf8"));
}

type Bytes = string | { readonly base64: string };

interface Stream {
  readonly chunks: readonly Bytes[];
  readonly events: readonly { readonly event: string; readonly data: string; readonly id: string }[];
  readonly lastEventId: string;
}

const toBytes = (text: Bytes): Buffer =>
  typeof text === "string" ? Buffer.from(text) : Buffer.from(text.base64, "base64");

/** The events that a stream in these pieces dispatches, and the position at its end. */
function read(pieces: Iterable<Uint8Array>): Omit<Stream, "chunks"> {
  const reader = new EventStreamReader();
  for (const piece of pieces) reader.push(piece, 0);
  const events = reader.blocks.flatMap(({ event, data, lastId }) =>
    event === undefined || data === undefined ? [] : [{ event, data, id: lastId }],
  );
  return { events, lastEventId: reader.blocks.at(-1)?.lastId ?? "" };
}

for (const { id, chunks, events, lastEventId } of vectors<Stream>("event-stream"))
  test(id, () => {
    const pieces = chunks.map(toBytes);
    const whole = Buffer.concat(pieces);
    const single = Array.from(whole, (_, at) => whole.subarray(at, at + 1));
    for (const split of [pieces, [whole], single]) assert.equal(read(split), { events, lastEventId });
  });

interface Values {
  readonly published: string;
  readonly received: string;
  readonly equal: boolean;
}

for (const { id, published, received, equal } of vectors<Values>("values"))
  test(id, () => assert.is(jsonEqual(parseJson(published), parseJson(received)), equal));

for (const { id, text, cursor } of vectors<{ text: string; cursor: boolean }>("cursors"))
  test(id, () => assert.is(CURSOR.test(text), cursor));

for (const { id, text, valid } of vectors<{ text: string; valid: boolean }>("event-names"))
  test(id, () => assert.is(EVENT_NAME.test(text), valid));

test.run();
