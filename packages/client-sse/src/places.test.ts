// Which first blocks of the streams in the vectors `places` a client accepts.
import { readFile } from "node:fs/promises";
import { ConnectionError } from "@tidemark/client-core";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createStreamReader } from "./stream-reader.ts";

interface StreamVector {
  readonly id: string;
  readonly asked: string;
  readonly open?: { readonly id: string; readonly gap?: true };
  readonly believed: boolean;
}

const MAX_BYTES = 1_000;

const file = new URL("../../../spec/vectors/places.json", import.meta.url);
const vectors = (JSON.parse(await readFile(file, "utf8")) as readonly StreamVector[]).filter(
  ({ open }) => open,
);

test("there are vectors", () => assert.ok(vectors.length > 3));

for (const { id, asked, open, believed } of vectors)
  test(id, () => {
    const gap = open?.gap && { reason: "retention", requested: asked, start: "e.0", end: "e.9" };
    const data = JSON.stringify({ heartbeat: 15, ...(gap && { gap }) });
    const read = createStreamReader(asked, MAX_BYTES);
    const text = `retry: 1\nevent: $open\ndata: ${data}\nid: ${open?.id}\n\n`;
    const { fault } = read(new TextEncoder().encode(text));
    assert.is(fault instanceof ConnectionError ? fault.failure : fault, believed ? undefined : "misplaced");
  });

test.run();
