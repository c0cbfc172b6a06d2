import { test } from "uvu";
import * as assert from "uvu/assert";
import { RememberedAppends } from "./remembered-appends.ts";

const written = { epoch: "e", tag: "t", endSeq: 7, count: 3, cursor: "e.7.t", closed: false };
const key = (id: number) => ({ id: String(id), digest: "d" });

test("a replay has the cursors of the first answer", () => {
  const appends = new RememberedAppends(100, 10);
  appends.remember(key(1), written, 0);
  const replay = appends.recall("e", key(1), 0);
  assert.equal(replay, {
    cursors: ["e.5.t", "e.6.t", "e.7.t"],
    cursor: "e.7.t",
    closed: false,
    replayed: true,
  });
  assert.is(appends.recall("other", key(1), 0), undefined);
});

test("expired keys take no space", () => {
  const appends = new RememberedAppends(100, 1_000);
  for (let nowMs = 0; nowMs < 5_000; nowMs++) appends.remember(key(nowMs), written, nowMs);
  assert.is(appends.size, 100);
  appends.remember(key(5_000), written, 10_000);
  assert.is(appends.size, 1);
});

test("there are never more keys than the bound", () => {
  const appends = new RememberedAppends(100, 10);
  for (let id = 0; id < 50; id++) {
    appends.remember(key(id), written, 0);
    assert.ok(appends.size <= 10, `${appends.size} after ${id + 1}`);
  }
  assert.is(appends.recall("e", key(39), 0), undefined);
  assert.ok(appends.recall("e", key(40), 0), "the newest ten are there");
});

test.run();
