import { test } from "uvu";
import * as assert from "uvu/assert";
import { refused, served } from "../test/bench.ts";
import { publishMechanism } from "./publish-mechanism.ts";
import type { PublishingOptions } from "./publishing.ts";

test("a publish that is repeated with its key is stored once, even if it closed the channel", () =>
  served({}, async ({ post, stored }) => {
    const body = '{"messages":[{"data":1}],"close":true}';
    const first = await (await post(body, { "Idempotency-Key": '"k"' })).json();
    const again = await post(body, { "Idempotency-Key": '"k"' });
    assert.is(again.status, 200);
    assert.equal(await again.json(), first);
    assert.equal(await stored(), ["1"]);
    await refused(await post('{"messages":[{"data":2}]}', { "Idempotency-Key": '"k"' }), "key-reused");
    await refused(await post(body, { "Idempotency-Key": '"other"' }), "closed");
  }));

test("a body with the same JSON value but other bytes counts as another body", () =>
  served({}, async ({ post, stored }) => {
    const key = { "Idempotency-Key": '"k"' };
    assert.is((await post('{"messages":[{"data":1}]}', key)).status, 200);
    await refused(await post('{"messages": [{"data":1}]}', key), "key-reused");
    assert.equal(await stored(), ["1"]);
  }));

test("keys of different principals are independent", () => {
  const authorize: PublishingOptions["authorize"] = ({ headers }) => headers.authorization;
  return served({ authorize }, async ({ post, stored }) => {
    const publish = (who: string) =>
      post('{"messages":[{"data":1}]}', { "Idempotency-Key": '"k"', Authorization: who });
    for (const who of ["ann", "bob", "ann"]) assert.is((await publish(who)).status, 200);
    assert.is((await stored()).length, 2);
  });
});

test("a refused publish does not use up its key", () =>
  served({}, async ({ post }) => {
    const key = { "Idempotency-Key": '"k"' };
    await refused(await post('{"messages":[{"data":1}],"after":"A"}', key), "not-at-end");
    assert.is((await post('{"messages":[{"data":1}]}', key)).status, 200);
  }));

for (const header of ["k", '""', '"a" "b"', '"é"', `"${"a".repeat(256)}"`, '"a", "b"', '"a"b"'])
  test(`the key ${header.slice(0, 20)} is rejected`, () =>
    served({}, async ({ post, stored }) => {
      const response = await post('{"messages":[{"data":1}]}', { "Idempotency-Key": header });
      assert.is((await refused(response, "invalid-header")).header, "Idempotency-Key");
      assert.equal(await stored(), []);
    }));

test("if keys are not offered, a key is rejected, not ignored", () =>
  served({ keyTtlS: null }, async ({ post, stored }) => {
    const response = await post('{"messages":[{"data":1}]}', { "Idempotency-Key": '"k"' });
    assert.not.match(response.headers.get("tidemark") ?? "", /key-ttl/);
    await refused(response, "invalid-header");
    assert.equal(await stored(), []);
  }));

for (const keyTtlS of [0, -1, 1.5, Number.NaN])
  test(`a keyTtlS of ${keyTtlS} is rejected`, () => {
    assert.throws(() => publishMechanism({ keyTtlS }), /keyTtlS has to be a whole number/);
  });

test.run();
