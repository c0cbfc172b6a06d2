// Tests the stream in the OpenAPI description, whose blocks `itemSchema` describes.
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import ajvFormats from "ajv-formats";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Example } from "./examples.ts";
import { childOf, type Node, readOpenApi, readSchemas } from "./openapi.ts";

const BASE = "https://tidemark.example/";
const EVENTS = "#/components/schemas/StreamEvent";
const DOCUMENT = readOpenApi();
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajvFormats.default(ajv);
for (const { $schema: _, ...schema } of readSchemas().values()) ajv.addSchema(schema);
ajv.addSchema({ ...DOCUMENT, $id: `${BASE}openapi.yaml` });

const KINDS = childOf(DOCUMENT, "components", "schemas", "StreamEvent").oneOf as readonly Node[];

function isValid(pointer: string, value: unknown): boolean {
  return ajv.compile({ $ref: `${BASE}openapi.yaml${pointer}` })(value);
}

/** Whether a block is of one of the kinds, and its data is valid for that kind. */
function isBlock(block: Readonly<Record<string, unknown>>): boolean {
  if (!isValid(EVENTS, block)) return false;
  const kind = KINDS.findIndex((_, index) => isValid(`${EVENTS}/oneOf/${index}`, block));
  const content = `${EVENTS}/oneOf/${kind}/properties/data/contentSchema`;
  return block.data === undefined || isValid(content, JSON.parse(`${block.data}`));
}

/** The blocks of a stream, parsed from an example of the specification. */
function blocksOf(stream: string): Readonly<Record<string, unknown>>[] {
  return stream
    .trim()
    .split("\n\n")
    .map((block) =>
      Object.fromEntries(
        block.split("\n").map((line) => {
          const [, name = "", value = ""] = /^(\w+): (.*)$/.exec(line) ?? [];
          return [name, name === "retry" ? Number(value) : value];
        }),
      ),
    );
}

test("the blocks in the description's examples are valid by itemSchema", () => {
  const stream = childOf(DOCUMENT, "components", "responses", "Read", "content", "text/event-stream");
  assert.equal(stream.itemSchema, { $ref: EVENTS });
  const examples = Object.values(childOf(stream, "examples")) as readonly Node[];
  const blocks = examples.flatMap(({ dataValue }) => dataValue as readonly Record<string, unknown>[]);
  assert.ok(blocks.length >= 8);
  for (const block of blocks) assert.ok(isBlock(block), JSON.stringify(block));
});

test("the streams in the specification's examples are valid by itemSchema", () => {
  const read = readFileSync(new URL("../examples.json", import.meta.url), "utf8");
  const bodies = (JSON.parse(read) as readonly Example[])
    .filter(({ response }) => response.headers["Content-Type"] === "text/event-stream")
    .map(({ response: { body = "" } }) =>
      body
        .replaceAll(/\{(c\d+)\}/g, "e.$1")
        .replaceAll(/\{n\d+\}/g, "15")
        .replaceAll("{*}", "unknown"),
    );
  assert.ok(bodies.length >= 4);
  for (const block of bodies.flatMap(blocksOf)) assert.ok(isBlock(block), JSON.stringify(block));
});

const GOOD = { event: "$open", data: '{"heartbeat":15}', id: "e.1", retry: 15 };

for (const [what, block] of Object.entries({
  "no field": {},
  "an unknown field": { ...GOOD, x: 1 },
  "$open without an id": { ...GOOD, id: undefined },
  "$open without a heartbeat": { ...GOOD, data: "{}" },
  "a heartbeat of 0": { ...GOOD, data: '{"heartbeat":0}' },
  "a retry of 0": { ...GOOD, retry: 0 },
  "a position that is a word": { data: "1", id: "end" },
  "a message without an id": { data: "1" },
  "an unknown $ name": { event: "$news", data: "{}", id: "e.1" },
  "a heartbeat with a number": { event: "$heartbeat", data: "1", id: "e.1" },
}))
  test(`a block with ${what} is invalid`, () => {
    assert.ok(isBlock(GOOD));
    assert.not(isBlock(JSON.parse(JSON.stringify(block))));
  });

test.run();
