import { test } from "uvu";
import * as assert from "uvu/assert";
import { vectors } from "../../scripts/vectors.ts";
import { encodePage, type Gap, parsePage, type RawPage } from "./page.ts";

for (const { id, body, valid } of vectors<{ body: string; valid: boolean }>("pages")) {
  test(id, () => {
    if (!valid) {
      assert.throws(() => parsePage(body), TypeError);
      return;
    }
    const { messages, cursor, more } = JSON.parse(body);
    const page = parsePage(body);
    assert.is(page.cursor, cursor);
    assert.is(page.more, more);
    assert.equal(
      page.messages.map(({ cursor, data }) => ({ cursor, data })),
      messages.map((message: { cursor: string; data: unknown }) => ({
        cursor: message.cursor,
        data: message.data,
      })),
    );
  });
}

const gap: Gap = { reason: "retention", requested: "e.1", start: "e.4", end: "e.9" };
const page: RawPage = {
  messages: [
    { cursor: "e.5", json: "100000000000000000000" },
    { cursor: "e.6", event: "price", json: '{"a":"\\u0041"}' },
  ],
  from: "e.4",
  cursor: "e.6",
  more: false,
  closed: true,
};

test("a page keeps the text of its data", () => {
  assert.is(
    encodePage(page),
    '{"messages":[{"cursor":"e.5","data":100000000000000000000},{"cursor":"e.6","event":"price","data":{"a":"\\u0041"}}],"cursor":"e.6","more":false,"closed":true}',
  );
});

test("an open channel's page has no `closed`", () => {
  const text = encodePage({ ...page, messages: [], more: true, closed: false });
  assert.is(text, '{"messages":[],"cursor":"e.6","more":true}');
});

test("a client reads what a server writes", () => {
  assert.equal(parsePage(encodePage(page, { gap, retry: 250 })), {
    messages: [
      { cursor: "e.5", data: 1e20 },
      { cursor: "e.6", event: "price", data: { a: "A" } },
    ],
    cursor: "e.6",
    more: false,
    closed: true,
    gap,
    retry: 250,
  });
});

test("an explicit event `message` is the default", () => {
  const { messages } = parsePage(
    '{"messages":[{"cursor":"e.1","event":"message","data":1}],"cursor":"e.1","more":false}',
  );
  assert.equal(messages, [{ cursor: "e.1", data: 1 }]);
});

test("an invalid gap throws, and an unknown reason is accepted", () => {
  const withGap = (text: string) => `{"messages":[],"cursor":"e.1","more":false,"gap":${text}}`;
  for (const text of ["null", "true", "{}", '{"reason":"epoch","start":"e.1","end":"end"}'])
    assert.throws(() => parsePage(withGap(text)), TypeError);
  assert.is(parsePage(withGap(JSON.stringify({ ...gap, reason: "meteor" }))).gap?.reason, "unknown");
});

test.run();
