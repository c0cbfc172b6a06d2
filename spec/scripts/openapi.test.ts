import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import ajvFormats from "ajv-formats";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { childOf, isNode, type Node, readOpenApi, readSchemas, resolve, walk } from "./openapi.ts";
import type { ProblemRow } from "./problems.ts";

const DOCUMENT = readOpenApi();
const OPERATIONS = childOf(DOCUMENT, "paths", "/channels/{channel}");
const METHODS = ["get", "head", "post", "delete", "options"] as const;
const problems: readonly ProblemRow[] = JSON.parse(
  readFileSync(new URL("../problems.json", import.meta.url), "utf8"),
);

async function lint(document: Node): Promise<unknown> {
  const validator = new Validator();
  for (const [name, schema] of readSchemas()) await validator.addSpecRef({ ...schema }, name);
  const { valid, errors } = await validator.validate(structuredClone(document));
  return valid ? undefined : errors;
}

test("the description is valid OpenAPI 3.2, and every reference resolves", async () => {
  assert.match(`${DOCUMENT.openapi}`, /^3\.2\.\d+$/);
  assert.is(await lint(DOCUMENT), undefined);
});

test("the linter rejects invalid descriptions", async () => {
  const { paths, ...rest } = DOCUMENT;
  assert.ok(await lint({ ...rest, paths: { channels: paths } }));
  const misplaced = JSON.stringify(DOCUMENT).replace('"itemSchema":{', '"itemSchema":7,"x":{');
  assert.ok(await lint(JSON.parse(misplaced)), "accepted an itemSchema that is not a schema");
  assert.ok(await lint({ ...DOCUMENT, components: { ...childOf(DOCUMENT, "components"), schemas: {} } }));
  assert.ok(
    await lint(JSON.parse(JSON.stringify(DOCUMENT).replace("schemas/page.json", "schemas/pag.json"))),
  );
});

/** The errors in an example's value by the schema at a pointer into the description; `undefined` if it is valid. */
function faultOf(schemaPointer: string, value: unknown): string | undefined {
  const validate = ajv.compile({ $ref: `${BASE}openapi.yaml${schemaPointer}` });
  return validate(value) ? undefined : ajv.errorsText(validate.errors);
}

const BASE = "https://tidemark.example/";
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajvFormats.default(ajv);
for (const { $schema: _, ...schema } of readSchemas().values()) ajv.addSchema(schema);
ajv.addSchema({ ...DOCUMENT, $id: `${BASE}openapi.yaml` });

/** All examples, each as the pointer to its schema and its value. */
function* examples(): Generator<readonly [schema: string, value: unknown]> {
  for (const [pointer, node] of walk(DOCUMENT)) {
    if (!isNode(node.schema)) continue;
    if ("example" in node) yield [`${pointer}/schema`, node.example];
    for (const example of Object.values(childOf(node, "examples")))
      if (isNode(example)) yield [`${pointer}/schema`, example.value];
  }
}

test("every example is valid by its schema", () => {
  const all = [...examples()];
  assert.ok(all.length > 50, `${all.length} examples`);
  for (const [schema, value] of all) assert.is(faultOf(schema, value), undefined, schema);
});

test("an invalid example is rejected", () => {
  const json = childOf(DOCUMENT, "components", "responses", "Read", "content", "application/json");
  const pointer = "#/components/responses/Read/content/application~1json/schema";
  const page = childOf(json, "examples", "page", "value");
  assert.is(faultOf(pointer, page), undefined);
  assert.match(faultOf(pointer, { ...page, more: "yes" }) ?? "", "must be boolean");
  assert.match(faultOf("#/components/schemas/gap", { type: "x", title: "", status: 410 }) ?? "", "must have");
});

test("every media type and every parameter has an example", () => {
  for (const [pointer, node] of walk(DOCUMENT))
    if (isNode(node.schema) || isNode(node.itemSchema))
      assert.ok("example" in node || "examples" in node, pointer);
});

/** The answers of an operation, by status. */
function responsesOf(method: string): readonly (readonly [status: number, response: Node])[] {
  const responses = childOf(OPERATIONS, method, "responses");
  return Object.entries(responses).flatMap(([status, response]) =>
    isNode(response) ? [[Number(status), resolve(DOCUMENT, response)] as const] : [],
  );
}

const ALL = METHODS.flatMap((method) => responsesOf(method).map((row) => [method, ...row] as const));

test("the operations have the parameters of core, and the header fields that servers read", () => {
  const core = readFileSync(new URL("../core.md", import.meta.url), "utf8");
  const table = core.slice(core.indexOf("### Parameters"), core.indexOf("CORE-PARAM-1"));
  const named = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name = ""]) => name);
  const parameters = (method: string): string[] =>
    Object.values(childOf(OPERATIONS, method).parameters ?? []).map(
      (node: Node) => `${resolve(DOCUMENT, node).name}`,
    );
  assert.equal(parameters("get"), [...named, "Last-Event-ID", "If-None-Match"]);
  assert.equal(parameters("head"), [...named, "If-None-Match"]);
  assert.equal(parameters("post"), ["Idempotency-Key"]);
});

test("every answer has Tidemark and Cache-Control, and every answer with a body has nosniff", () => {
  for (const [method, status, response] of ALL) {
    const headers = Object.keys(childOf(response, "headers"));
    const wanted = ["Tidemark", "Cache-Control", ...(response.content ? ["X-Content-Type-Options"] : [])];
    const missing = wanted.filter((name) => !headers.includes(name));
    assert.equal(missing, [], `${method} ${status}`);
    if (method === "get") assert.ok(headers.includes("Vary"), `${method} ${status}`);
  }
});

for (const { name, type, status, members, optionalMembers, fields } of problems)
  test(`the problem ${name} agrees with the registry`, () => {
    const parts = Object.values(childOf(DOCUMENT, "components", "schemas", name).allOf ?? []) as Node[];
    const own = parts.at(-1) ?? {};
    assert.is(childOf(own, "properties", "type").const, type);
    assert.is(childOf(own, "properties", "status").const, status);
    for (const member of [...members, ...optionalMembers])
      assert.match(JSON.stringify(parts), name === "gap" ? "schemas/gap.json" : `"${member}":`);
    if (name !== "gap") assert.equal(own.required ?? [], members);
    const answers = ALL.filter(([, , response]) => JSON.stringify(response).includes(`schemas/${name}"`));
    assert.ok(answers.length > 0, "no operation has this problem as an answer");
    for (const [method, code, response] of answers) {
      assert.is(code, status, method);
      const headers = Object.keys(childOf(response, "headers"));
      for (const field of fields) assert.ok(headers.includes(field), `${method} ${field}`);
    }
  });

test.run();
