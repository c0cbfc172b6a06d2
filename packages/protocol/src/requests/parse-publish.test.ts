import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { toBytes, type VectorBytes, vectors } from "../../scripts/vectors.ts";
import { ProtocolError } from "../problem.ts";
import { type PublishLimits, parsePublish } from "./parse-publish.ts";

interface BodyVector {
  readonly body: VectorBytes;
  readonly problem?: string;
  readonly pointer?: string;
  readonly expect?: {
    readonly messages: readonly { readonly event?: string; readonly data: string }[];
    readonly close: boolean;
    readonly after?: string;
  };
}

function failure(body: VectorBytes, limits?: PublishLimits): ProtocolError {
  try {
    parsePublish(toBytes(body), limits);
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
  throw new Error("the body was accepted");
}

for (const { id, body, problem, pointer, expect } of vectors<BodyVector>("publish-bodies")) {
  test(id, () => {
    if (expect === undefined) {
      const { code, members } = failure(body);
      assert.is(code, problem);
      assert.type(members.pointer, "string");
      if (pointer !== undefined) assert.is(members.pointer, pointer);
      return;
    }
    const { messages, ...rest } = expect;
    const drafts = messages.map(({ data, ...named }) => ({ ...named, json: data }));
    assert.equal(parsePublish(toBytes(body)), { drafts, ...rest });
  });
}

for (const { id, published } of vectors<{ published: string }>("values")) {
  test(`${id} is kept`, () => {
    const { drafts } = parsePublish(toBytes(`{"messages":[{"data":${published}}]}`));
    assert.is(drafts[0]?.json, id === "value-white-space" ? '{"a":1}' : published);
  });
}

test("the pointer names a repeated name and an unpaired surrogate", () => {
  const pointerOf = (body: string) => failure(body).members.pointer;
  assert.is(pointerOf('{"close":true,"close":true}'), "/close");
  assert.is(
    pointerOf('{"messages":[{"data":1},{"data":{"a/b":[0,{"~":1,"\\u007e":2}]}}]}'),
    "/messages/1/data/a~1b/1/~0",
  );
  assert.is(pointerOf('{"messages":[{"data":[1,"\\uD800"]}]}'), "/messages/0/data/1");
  assert.is(pointerOf('{"messages":[{"data":1}],"x":{"a":1,"a":1}}'), "/x/a");
  assert.is(
    pointerOf('{"messages":[{"data":1},{"data":1},{"data":1},{"event":"a\\r\\nb","data":1}]}'),
    "/messages/3/event",
  );
});

test("data may be as deep as the bound, and no deeper", () => {
  const nested = (depth: number) => `{"messages":[{"data":${"[".repeat(depth)}${"]".repeat(depth)}}]}`;
  assert.is(parsePublish(toBytes(nested(64))).drafts[0]?.json.length, 128);
  assert.is(failure(nested(65)).code, "invalid-body");
  assert.is(parsePublish(toBytes(nested(3)), { maxDepth: 3 }).drafts.length, 1);
  assert.is(failure(nested(4), { maxDepth: 3 }).members.pointer, "/messages/0/data/0/0/0");
  assert.is(failure(nested(500_000)).code, "invalid-body");
});

test("there may be as many messages as the bound, and no more", () => {
  const body = (count: number) =>
    JSON.stringify({ messages: Array.from({ length: count }, () => ({ data: 1 })) });
  assert.is(parsePublish(toBytes(body(1000))).drafts.length, 1000);
  const { code, members } = failure(body(1001));
  assert.is(code, "too-large");
  assert.is(members.limit, 1000);
  assert.is(failure(body(3), { maxMessages: 2 }).members.limit, 2);
});

test("any value is kept, whatever white space it contains", () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue(), { minLength: 1 }),
      fc.constantFrom(0, 1, 4, "\t"),
      (values, space) => {
        const messages = values.map((data) => ({ data }));
        const body = JSON.stringify({ messages }, null, space).replace(/\n/g, space === 1 ? "\r\n" : "\n");
        const { drafts } = parsePublish(toBytes(body));
        assert.equal(
          drafts.map(({ json }) => json),
          values.map((data) => JSON.stringify(data)),
        );
      },
    ),
  );
});

test.run();
