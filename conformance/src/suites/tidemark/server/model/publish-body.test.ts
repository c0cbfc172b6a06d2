import { test } from "uvu";
import * as assert from "uvu/assert";
import { jsonEqual, member, parseJson } from "../../../../engine/wire/json.ts";
import { bodyOf, chunked } from "./publish-body.ts";
import type { PublishSpelling, PublishStep } from "./steps.ts";

const PLAIN: PublishStep = {
  do: "publish",
  tag: 100_003,
  count: 9,
  size: 0,
  events: ["message", "a"],
  close: true,
  after: { kind: "start" },
  channel: 0,
  travel: "close",
};

const SPELLINGS: readonly PublishSpelling[] = [
  "spaced",
  "escaped",
  "explicit",
  "chunked",
  "typed",
  "query",
  "full",
];

for (const spelled of SPELLINGS)
  test(`a ${spelled} body says the same as a plain one`, () => {
    const [plain, other] = [PLAIN, { ...PLAIN, spelled }].map((step) =>
      parseJson(String(bodyOf(step, () => "A1"))),
    );
    assert.ok(other !== undefined, "it is JSON");
    for (const name of ["close", "after"])
      assert.ok(jsonEqual(member(other, name), member(plain, name)), name);
    const data = (json: typeof plain) => {
      const messages = member(json, "messages");
      return Array.isArray(messages) ? messages.map((message) => member(message, "data") ?? null) : [];
    };
    assert.is(data(other).length, PLAIN.count);
    assert.ok(jsonEqual(data(other), data(plain)), "the data are equal");
  });

test("a full body has the greatest size that every server takes", () => {
  assert.is(Buffer.byteLength(String(bodyOf({ ...PLAIN, spelled: "full" }, () => "A1"))), 65_536);
});

test("chunks hold the body, and some of them split a character", () => {
  const body = "\u00e9".repeat(3_000);
  const text = Buffer.from(chunked(body)).toString("latin1");
  const sizes = [...text.matchAll(/(?:^|\r\n)([0-9a-f]+)\r\n/g)].map(([, size = ""]) =>
    Number.parseInt(size, 16),
  );
  assert.is(
    sizes.reduce((sum, size) => sum + size, 0),
    Buffer.byteLength(body),
  );
  assert.ok(sizes.some((size) => size % 2 === 1));
});

test.run();
