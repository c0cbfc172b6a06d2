import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isTidemark } from "./tidemark-field.ts";

const FIELDS: Readonly<Record<string, boolean>> = {
  "v=1": true,
  "v=1, mechanisms=(poll long-poll sse), max-wait=60, publish": true,
  "mechanisms=(sse),v=1": true,
  "publish, v=1 , event": true,
  'v=1;a="b", x': true,
  'note="a, v=2, \\" v=3", v=1': true,
  "v=2": false,
  "v=10": false,
  "v=1.5": false,
  "xv=1": false,
  v: false,
  "v=1, v ": false,
  'v="1"': false,
  'note="a, v=1, \\", v=1"': false,
  // Invalid dictionaries, whatever they contain.
  "v=1,": false,
  "v=1, =2": false,
  "v=1 mechanisms=(poll)": false,
  "v=1, Mechanisms=(poll)": false,
  "v=1, x=(1 2": false,
  "": false,
};

for (const [field, expected] of Object.entries(FIELDS))
  test(`the version in: ${field}`, () => assert.is(isTidemark(field), expected));

interface ClaimsVector {
  readonly id: string;
  readonly header: string | null;
  readonly claims: { readonly v: number } | null;
}

const vectors = new URL("../../../../spec/vectors/tidemark-header.json", import.meta.url);
for (const { id, header, claims } of JSON.parse(readFileSync(vectors, "utf8")) as readonly ClaimsVector[])
  test(id, () => assert.is(isTidemark(header), claims?.v === 1));

test("no field", () => assert.not(isTidemark(null)));

test.run();
