import { readFile } from "node:fs/promises";
import { Ajv } from "ajv";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { generate } from "../scripts/schemas.ts";
import { type VectorBytes, vectors } from "../scripts/vectors.ts";
import { encodePage } from "./page.ts";
import { ProtocolError } from "./problem.ts";

const repository = new URL("../../../", import.meta.url);
const files = await generate();

for (const [path, text] of files) {
  test(`${path} is what the types say; if not, run \`npm run schemas -w @tidemark/protocol\``, async () => {
    assert.is(await readFile(new URL(path, repository), "utf8"), text);
  });
}

const ajv = new Ajv({ strict: true, allErrors: true });
for (const [path, text] of files) if (path.endsWith(".json")) ajv.addSchema(JSON.parse(text));

/** Whether a value is what the schema of this name, or one of its definitions, describes. */
function matches(schema: string, value: unknown): boolean {
  const validate = ajv.getSchema(`https://tidemark.example/schemas/${schema}`);
  if (validate === undefined) throw new Error(`there is no schema ${schema}`);
  return validate(value) === true;
}

test("the schemas and the code have one grammar of cursors, positions and event names", () => {
  for (const { text, cursor, position } of vectors<{ text: string; cursor: boolean; position: boolean }>(
    "cursors",
  )) {
    assert.is(matches("publish.json#/definitions/Position", text), position, text);
    assert.is(matches("published.json", { cursors: [text], cursor: text }), cursor, text);
  }
  for (const { text, valid } of vectors<{ text: string; valid: boolean }>("event-names"))
    assert.is(matches("draft.json", { event: text, data: 1 }), valid, text);
});

test("the schema of a page takes and refuses what the reader takes and refuses", () => {
  // A reader has to bear a reason that it does not know; a writer has none to give.
  const lenient = ["page-gap-unknown-reason-and-members"];
  for (const { id, body, valid } of vectors<{ body: string; valid: boolean }>("pages"))
    if (isJson(body)) assert.is(matches("page.json", JSON.parse(body)), valid && !lenient.includes(id), id);
});

test("the schema of a publish takes the bodies that are taken", () => {
  for (const { id, body, expect } of vectors<{ body: VectorBytes; expect?: object }>("publish-bodies"))
    if (expect !== undefined) assert.ok(matches("publish.json", JSON.parse(String(body))), id);
});

test("what this package writes matches its schema", () => {
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
    return false; // a vector of its own, which no schema is asked about
  }
}

test.run();
