import { setImmediate as turn } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Turnstile } from "./turnstile.ts";

test("shared holders run together; an exclusive one waits for them, and those queued behind it wait too", async () => {
  const turnstile = new Turnstile();
  const seen: string[] = [];
  const enter = async (name: string, alone: boolean): Promise<() => void> => {
    const leave = await turnstile.enter(alone);
    seen.push(name);
    return leave;
  };
  const [a, b] = [await enter("a", false), await enter("b", false)];
  const alone = enter("alone", true);
  const behind = enter("behind", false);
  await turn();
  assert.equal(seen, ["a", "b"]);
  a();
  await turn();
  assert.equal(seen, ["a", "b"]);
  b();
  const leave = await alone;
  await turn();
  assert.equal(seen, ["a", "b", "alone"]);
  leave();
  (await behind)();
  assert.equal(seen, ["a", "b", "alone", "behind"]);
});

test.run();
