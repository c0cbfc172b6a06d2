import { MemoryLog } from "@tidemark/log-memory";
import type { RawDraft } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { JointAppends, type JointBounds } from "./joint-appends.ts";

/** An in-memory log behind joint appends. `groups` has the number of messages in each batch. */
function joined(bounds?: JointBounds) {
  const log = new MemoryLog();
  const groups: number[] = [];
  const appends = new JointAppends((channel, drafts) => {
    groups.push(drafts.length);
    return log.append(channel, drafts);
  }, bounds);
  return { log, groups, append: (...texts: string[]) => appends.append("news", texts.map(draft)) };
}

function draft(text: string): RawDraft {
  return { json: JSON.stringify(text) };
}

test("the first append is sent at once, and appends made meanwhile are sent as one batch", async () => {
  const { groups, append, log } = joined();
  const all = await Promise.all([append("a"), append("b"), append("c", "d"), append("e")]);
  assert.equal(groups, [1, 4]);
  const { messages, cursor } = await log.read("news", "start", { maxMessages: 10 });
  assert.equal(
    messages.map(({ json }) => json),
    ["a", "b", "c", "d", "e"].map((text) => JSON.stringify(text)),
  );
  assert.equal(
    all.flatMap(({ cursors }) => cursors),
    messages.map((message) => message.cursor),
  );
  assert.equal(
    all.map((one) => one.cursor),
    [0, 1, 3, 4].map((i) => messages[i]?.cursor),
  );
  assert.is(all[3]?.cursor, cursor);
});

test("sequential appends are each sent at once", async () => {
  const { groups, append } = joined();
  for (const text of ["a", "b", "c"]) await append(text);
  assert.equal(groups, [1, 1, 1]);
});

test("a publisher that appends again at once joins the waiting batch", async () => {
  const { groups, append } = joined();
  const publisher = async (): Promise<void> => {
    for (let i = 0; i < 3; i++) await append("x");
  };
  await Promise.all([publisher(), publisher()]);
  assert.equal(groups, [1, 2, 2, 1]);
});

test("a batch stays within its bounds, and an oversized append is sent alone", async () => {
  const many = joined({ maxMessages: 2 });
  await Promise.all(["a", "b", "c", "d", "e"].map((text) => many.append(text)));
  assert.equal(many.groups, [1, 2, 2]);
  const large = joined({ maxBytes: 20 });
  await Promise.all(["a", "b", "c".repeat(100), "d", "e"].map((text) => large.append(text)));
  assert.equal(large.groups, [1, 1, 1, 2]);
});

test("a batch is rejected as a whole, and later appends are sent again", async () => {
  const { groups, append, log } = joined();
  const first = append("a");
  const rest = [append("b"), append("c")];
  await first;
  await log.append("news", [], { close: true });
  for (const one of rest) {
    const code = await one.then(
      () => "stored",
      (error: { readonly code: string }) => error.code,
    );
    assert.is(code, "closed");
  }
  await log.remove("news");
  await append("d");
  assert.equal(groups, [1, 2, 1]);
});

test("channels do not wait for each other", async () => {
  const groups: string[] = [];
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const log = new MemoryLog();
  const appends = new JointAppends(async (channel, drafts) => {
    groups.push(channel);
    if (channel === "held") await held;
    return log.append(channel, drafts);
  });
  const slow = appends.append("held", [draft("a")]);
  await appends.append("news", [draft("b")]);
  await appends.append("news", [draft("c")]);
  assert.equal(groups, ["held", "news", "news"]);
  release();
  await slow;
});

test.run();
