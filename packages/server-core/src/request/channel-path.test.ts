import { test } from "uvu";
import * as assert from "uvu/assert";
import { channelPath } from "./channel-path.ts";

const CASES: readonly (readonly [path: string, name: string | null | undefined])[] = [
  ["/channels/a", "a"],
  ["/channels/a%2Fb", "a/b"],
  ["/channels/%C3%A9%20%F0%9F%98%80", "é 😀"],
  [`/channels/${"a".repeat(256)}`, "a".repeat(256)],
  [`/channels/${"%C3%A9".repeat(128)}`, "é".repeat(128)],
  [`/channels/${"%C3%A9".repeat(129)}`, null],
  [`/channels/${"a".repeat(257)}`, null],
  ["/channels/a%0Ab", null],
  ["/channels/%7F", null],
  ["/channels/%C2%85", null],
  ["/channels/%FF", null],
  ["/channels/%", null],
  ["/channels/", undefined],
  ["/channels", undefined],
  ["/channels/a/b", undefined],
  ["/other/a", undefined],
];

for (const [path, name] of CASES)
  test(`${path.slice(0, 40)} names ${JSON.stringify(name)?.slice(0, 20)}`, () => {
    assert.is(channelPath("/channels/:channel")(path), name);
  });

test("the segment can be in the middle of the path", () => {
  const nameOf = channelPath("/v1/:channel/events");
  assert.is(nameOf("/v1/a/events"), "a");
  assert.is(nameOf("/v1/events"), undefined);
  assert.is(nameOf("/v1/a/b/events"), undefined);
});

for (const pattern of ["/channels", "/channels/x:channel", "/:channel/:channel", "/:channels", ":channel"])
  test(`the pattern ${pattern} is rejected`, () => {
    assert.throws(() => channelPath(pattern), /one segment ":channel"/);
  });

test.run();
