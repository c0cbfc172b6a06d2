import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Example, ExampleMessage } from "./examples.ts";
import { readSchemas } from "./openapi.ts";

const ajv = new Ajv({ strict: true, allErrors: true });
for (const schema of readSchemas().values()) ajv.addSchema(schema);

const PROBLEM = "application/problem+json";

function read<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), "utf8")) as T;
}

/** The errors in a value by a schema; `undefined` if valid. `name` can be a definition: `page#/definitions/Gap`. */
function faultOf(name: string, value: unknown): string | undefined {
  const [file, definition = ""] = name.split("#");
  const reference = `https://tidemark.example/schemas/${file}.json${definition && `#${definition}`}`;
  const validate = ajv.getSchema(reference);
  if (validate === undefined) throw new Error(`there is no schema ${name}`);
  return validate(value) ? undefined : ajv.errorsText(validate.errors);
}

/** The value of a JSON text; `undefined` if the text is not valid JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

test("every schema is valid draft-07, and its $id has the name of its file", () => {
  assert.ok(readSchemas().size >= 7);
  for (const [name, schema] of readSchemas()) {
    assert.is(schema.$id, `https://tidemark.example/${name}`);
    assert.is(schema.$schema, "http://json-schema.org/draft-07/schema#");
    assert.type(ajv.getSchema(`${schema.$id}`), "function");
  }
});

/** A schema describes what a server of this version writes; clients also accept unknown reasons. */
const TAKEN_BY_CLIENTS = "page-gap-unknown-reason-and-members";

test("pages: the schema and the vectors agree on what is valid", () => {
  const vectors = read<readonly { id: string; body: string; valid: boolean }[]>("vectors/pages.json");
  const wrong = vectors.filter(({ body, valid }) => (faultOf("page", parse(body)) === undefined) !== valid);
  assert.equal(
    wrong.map(({ id }) => id),
    [TAKEN_BY_CLIENTS],
  );
});

interface BodyVector {
  readonly id: string;
  readonly requirement: string;
  readonly body: string | { readonly base64: string };
  readonly problem?: string;
}

/** Errors that a schema cannot detect: duplicate names, unpaired surrogates, depth, and a publish without effect. */
const UNSEEN =
  /^publish-(?:repeated-|lone-|reversed-|high-|nested-|empty-object|only-unknown|no-messages-no-close|close-false-alone|after-alone)/;

test("publishes: the schema and the vectors agree, except about errors that a schema cannot detect", () => {
  const vectors = read<readonly BodyVector[]>("vectors/publish-bodies.json");
  const json = vectors.filter(
    ({ requirement, problem }) => problem === undefined || requirement !== "PUB-BODY-1",
  );
  assert.ok(json.length > 60);
  for (const { id, body, problem } of json) {
    const fault = faultOf("publish", parse(typeof body === "string" ? body : ""));
    const isTaken = problem === undefined || UNSEEN.test(id);
    assert.is(fault === undefined, isTaken, `${id}: ${fault}`);
  }
});

test("cursors, positions and event names: the schemas and the vectors agree", () => {
  const cursors =
    read<readonly { id: string; text: string; cursor: boolean; position: boolean }[]>("vectors/cursors.json");
  for (const { id, text, cursor, position } of cursors) {
    assert.is(faultOf("message#/definitions/Cursor", text) === undefined, cursor, id);
    assert.is(faultOf("publish#/definitions/Position", text) === undefined, position, id);
  }
  const names = read<readonly { id: string; text: string; valid: boolean }[]>("vectors/event-names.json");
  for (const { id, text, valid } of names)
    assert.is(faultOf("draft#/definitions/EventName", text) === undefined, valid, id);
});

/** The body of an example, with values in its places. */
function bodyOf({ body = "" }: ExampleMessage): unknown {
  const text = body
    .replaceAll(/"reason":"\{\*\}"/g, '"reason":"unknown"')
    .replaceAll(/\{(c\d+)\}/g, "e.$1")
    .replaceAll(/\{n\d+\}/g, "15");
  return parse(text);
}

/** The schemas for the body of an answer. */
function schemasOf({ request, response }: Example): readonly string[] {
  if (response.status === 410) return ["problem", "gap"];
  if (response.status >= 400) return ["problem"];
  return request.method === "POST" ? ["published"] : ["page"];
}

test("every JSON body in the examples is valid by its schema", () => {
  let seen = 0;
  for (const example of read<readonly Example[]>("examples.json")) {
    const { id, request, response } = example;
    if (request.body !== undefined) {
      const fault = faultOf("publish", bodyOf(request));
      assert.is(fault === undefined, id !== "pub-bad-body", `${id}: ${fault}`);
      seen += 1;
    }
    if (response.body === undefined || response.headers["Content-Type"] === "text/event-stream") continue;
    for (const name of schemasOf(example)) assert.is(faultOf(name, bodyOf(response)), undefined, id);
    if (response.status >= 400) assert.is(response.headers["Content-Type"], PROBLEM, id);
    seen += 1;
  }
  assert.ok(seen >= 35, `${seen} bodies`);
});

test("the gap of a stream is valid by the gap schema", () => {
  const examples = read<readonly Example[]>("examples.json");
  const stream = examples.find(({ id }) => id === "sse-gap-in-band")?.response.body ?? "";
  const data = /^data: (.*)$/m.exec(stream)?.[1] ?? "";
  assert.is(faultOf("gap", (bodyOf({ headers: {}, body: data }) as { gap: unknown }).gap), undefined);
});

const GAP = { reason: "unknown", requested: "x.1", start: "e.1", end: "e.2" };
const GOOD: Readonly<Record<string, object>> = {
  message: { cursor: "e.1", event: "price", data: null },
  draft: { event: "price", data: null },
  published: { cursors: ["e.1"], cursor: "e.1", closed: true },
  gap: GAP,
  problem: { type: "about:blank", title: "", status: 400, detail: "", x: 1 },
};

const BAD: Readonly<Record<string, readonly object[]>> = {
  message: [{ cursor: "end" }, { event: "$open" }, { cursor: undefined }, { data: undefined }, { event: 1 }],
  draft: [{ data: undefined }, { event: "error" }, { event: null }, { event: "a b" }],
  published: [{ cursors: ["start"] }, { cursors: {} }, { cursor: undefined }, { closed: false }],
  gap: [{ reason: 1 }, { start: "start" }, { end: undefined }, { requested: undefined }],
  problem: [{ status: "400" }, { status: 400.5 }, { title: undefined }, { type: undefined }, { detail: 1 }],
};

for (const [name, good] of Object.entries(GOOD))
  test(`a valid ${name} is accepted, and rejected if one member is wrong`, () => {
    assert.is(faultOf(name, good), undefined);
    for (const wrong of BAD[name] ?? []) {
      const value = JSON.parse(JSON.stringify({ ...good, ...wrong }));
      assert.ok(faultOf(name, value), JSON.stringify(value));
    }
    assert.ok((BAD[name] ?? []).length > 3);
  });

test.run();
