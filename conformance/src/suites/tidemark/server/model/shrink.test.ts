import { test } from "uvu";
import * as assert from "uvu/assert";
import { shrink } from "./shrink.ts";
import type { History, PublishStep, ReadStep } from "./steps.ts";

const LIMIT_MS = 30_000;

const base = { channel: 0, travel: "keep" } as const;

function publish(tag: number, count: number): PublishStep {
  return { do: "publish", tag, count, size: 200, events: ["a", "b"], key: tag, ...base };
}

const poll: ReadStep = { do: "read", at: { kind: "start" }, by: "poll", event: "a", limit: "3", ...base };

test("only what the failure needs is left of a history", async () => {
  const history: History = [
    publish(1, 5),
    poll,
    publish(2, 80),
    { do: "remove", ...base },
    poll,
    publish(3, 9),
  ];
  const fails = (candidate: History): Promise<boolean> => {
    const large = candidate.findIndex((step) => step.do === "publish" && step.count > 50);
    const filtered = candidate.findIndex((step) => step.do === "read" && step.event === "a");
    return Promise.resolve(
      large !== -1 && large < candidate.findLastIndex((step) => step.do === "read") && filtered !== -1,
    );
  };
  const [first, second, ...rest] = await shrink(history, fails, LIMIT_MS);
  assert.equal(rest, []);
  assert.equal(first, {
    do: "publish",
    tag: 2,
    count: 51,
    size: 0,
    events: ["message"],
    channel: 0,
    travel: "close",
  });
  assert.equal(second, {
    do: "read",
    at: { kind: "start" },
    by: "poll",
    event: "a",
    channel: 0,
    travel: "close",
  });
});

test.run();
