import { readFile } from "node:fs/promises";
import { Ajv } from "ajv";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { generate } from "../scripts/schemas.ts";
import { type VectorBytes, vectors } from "../scripts/vectors.ts";
import { encodePage } from "./pages/page.ts";
import { ProtocolError } from "./problem.ts";

const repository = new URL("../../../", import.meta.url);
const files = await generate();

for (const [path, text] of files) {
  test(`${path} matches the types; if not, run \`npm run schemas -w @tidemark/protocol\``, async () => {
    assert.is(await readFile(new URL(path, repository), "utf8"), text);
  });
}

const ajv = new Ajv({ strict: true, allErrors: true });
for (const [path, text] of files) if (path.endsWith(".json")) ajv.addSchema(JSON.parse(text));

/** Whether a value matches the schema, or one of its definitions. */
function matches(schema: string, value: unknown): boolean {
  const validate = ajv.getSchema(`https://tidemark.example/schemas/${schema}`);
  if (validate === undefined) throw new Error(`there is no schema ${schema}`);
  return validate(value) === true;
}

test("the schemas and the code agree on cursors, positions and event names", () => {
  for (const { text, cursor, position } of vectors<{ text: string; cursor: boolean; position: boolean }>(
    "cursors",
  )) {
    assert.is(matches("publish.json#/definitions/Position", text), position, text);
    assert.is(matches("published.json", { cursors: [text], cursor: text }), cursor, text);
  }
  for (const { text, valid } of vectors<{ text: string; valid: boolean }>("event-names"))
    assert.is(matches("draft.json", { event: text, data: 1 }), valid, text);
});

test("the schema of a page accepts and rejects the same pages as the parser", () => {
  // A reader has to accept an unknown reason; a writer must not send one.
  const lenient = ["page-gap-unknown-reason-and-members"];
  for (const { id, body, valid } of vectors<{ body: string; valid: boolean }>("pages"))
    if (isJson(body)) assert.is(matches("page.json", JSON.parse(body)), valid && !lenient.includes(id), id);
});

test("the schema of a publish accepts the bodies that the parser accepts", () => {
  for (const { id, body, expect } of vectors<{ body: VectorBytes; expect?: object }>("publish-bodies"))
    if (expect !== undefined) assert.ok(matches("publish.json", JSON.parse(String(body))), id);
});

test("the output of this package matches its schemas", () => {
  const error = new ProtocolError("gap", "gone", {
    members: { reason: "retention", requested: "e.1", start: "e.4", end: "e.9" },
  });
  assert.ok(matches("problem.json", error.toProblem()));
  assert.ok(matches("gap.json", error.toProblem()));
  const raw = {
    messages: [{ cursor: "e.1", json: "1" }],
    from: "e.0",
    cursor: "e.1",
    more: false,
    closed: true,
  };
  const page = JSON.parse(encodePage(raw, { retry: 5 }));
  assert.ok(matches("page.json", page));
  assert.ok(matches("message.json", page.messages[0]));
  assert.not.ok(matches("message.json", { cursor: "e.1" }));
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // no schema can judge this vector
  }
}

test.run();
